package plan

import "slices"

// forcing is an attempt to give one unit all that it is worth at the prices of the bound, whoever has to make room. The unit is placed as if the others
// were not there and then stands still for some steps, in which those who were pushed out find other places; if it comes out worse, all of it is
// undone. What separates a good plan from the bound are a few units with many talks who need another day or a longer way than they should: a single step
// cannot help them, since too many others have to move.
type forcing struct {
	unit   int32
	left   int // steps until it is judged; 0 while there is none
	pause  int // steps until the next
	before snapshot
}

// ripe is the share of a wave after which units are forced: earlier, whatever is gained melts away again.
const ripe = 0.5

// maxForced is the number of labels that the placing of a forced unit may take.
const maxForced = 1_000_000

// patience is how many steps an attempt takes; a tenth of that lies between two.
func (s *search) patience() int { return 100 + 5*len(s.p.units) }

// force begins or judges an attempt when it is time for it.
func (s *search) force() {
	f := &s.forcing
	if f.left > 0 {
		if f.left--; f.left == 0 || s.total.below(f.before.total) {
			s.judge()
		}
		return
	}
	if f.pause--; f.pause > 0 || s.worth == nil || s.ripeness() < ripe {
		return
	}
	f.pause = s.patience() / 10
	s.regrets = s.regrets[:0]
	u := s.regretted()
	if u < 0 || len(s.p.units[u].talks) < 2 || len(s.p.units[u].apart) > 0 {
		return
	}
	f.before.keep(s.state)
	s.fresh()
	s.prices, s.boost, s.evict, s.pushes = s.worth, 1, cost(s.random.IntN(3))*perMinute, len(s.p.units)
	s.pull(u)
	s.queue = s.queue[:0]
	s.settle(u, s.chooseWhole(u))
	s.pushes = 0
	s.placeAll()
	for _, v := range s.touched {
		s.locked[v] = v == u
	}
	f.unit, f.left = u, s.patience()
}

// forced tells whether a unit stands still for now.
func (s *search) forced(u int32) bool { return s.forcing.left > 0 && s.forcing.unit == u }

// judge ends an attempt.
func (s *search) judge() {
	f := &s.forcing
	f.left = 0
	s.locked[f.unit] = false
	c := s.total.tier(f.before.total)
	if c < 0 || c == 0 && float64(s.total.minutes-f.before.total.minutes) <= s.tolerance() {
		return
	}
	// First all go, then all come, so that nobody stands in anybody's way.
	moved := s.touched[:0]
	for u, picks := range f.before.choice {
		if !slices.Equal(picks, s.choice[u]) {
			moved = append(moved, int32(u))
			s.remove(u)
		}
	}
	for _, u := range moved {
		s.place(int(u), f.before.choice[u])
	}
	s.touched = moved
}

// maxWhole is the number of talks up to which a forced unit is placed as a whole.
const maxWhole = 14

// chooseWhole plans all talks of a unit at once, in anybody's slots; on any day, or on one of them if that is all that can be looked at.
func (s *search) chooseWhole(u int32) []int32 {
	unit := &s.p.units[u]
	n := len(unit.talks)
	s.mayOut, s.onlyDay, s.sparse, s.dice = true, anyDay, 256, s.random.Uint64()|1
	if n > maxWhole || len(unit.fixed) > 0 || len(unit.visits) == 0 {
		return s.choose(int(u))
	}
	labels := len(unit.visits) << n / 2
	if labels > maxForced {
		s.onlyDay = unit.visits[s.random.IntN(len(unit.visits))].day
		labels = 0
		for i := range unit.visits {
			if unit.visits[i].day == s.onlyDay {
				labels += 1 << n / 2
			}
		}
	}
	if labels > maxForced {
		s.sparse = uint64(256 * maxForced / labels)
	}
	s.picks = grow(s.picks, n)
	for t := range s.picks {
		s.picks[t] = -1
	}
	s.chooseBlock(int(u), nil)
	s.onlyDay = anyDay
	if s.p.clashes {
		s.dropClashes(unit)
	}
	return s.picks
}
