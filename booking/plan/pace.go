package plan

import "math"

// A change may make a plan worse by so many minutes on the average at the beginning of a wave and at its end. A long wave begins so hot that even days can
// be exchanged; a short one has no time to mend what that does.
const (
	hottest = 20.0
	mild    = 2.5
	cold    = 0.27
)

// pilot is the share of the time after which a first wave has ended, where the time is known: whoever stops early has a good plan by then.
const pilot = 0.08

// tolerance is how much worse a change may make the plan, on the average.
func (s *search) tolerance() float64 {
	ripeness := s.ripeness()
	return s.heat * float64(perMinute) * math.Pow(cold/s.heat, ripeness)
}

// ripeness is how far the wave has come, from 0 to 1. Where the end is not known, waves become longer and longer: then a search that goes on has done all
// that a shorter one has.
func (s *search) ripeness() float64 {
	if s.spent == nil {
		for s.round >= s.waveEnd {
			s.waveLength *= 2
			s.waveEnd += s.waveLength
			s.heat = min(2*s.heat, hottest)
		}
		return 1 - float64(s.waveEnd-s.round)/float64(s.waveLength)
	}
	if s.round&31 == 0 {
		s.elapsed = s.spent()
	}
	if s.elapsed < pilot {
		s.heat = 2 * mild
		return s.elapsed / pilot
	}
	s.heat = hottest
	return min(1, (s.elapsed-pilot)/(1-pilot))
}

// firstWave is the number of steps of the first wave.
func firstWave(p *problem) int64 { return int64(14 * (len(p.units) + 50)) }
