package plan

import (
	"math"
	"math/rand/v2"
	"slices"
)

// search improves a plan by taking a few units out and putting them in again, cheapest way first found (large-neighbourhood search). A unit may push
// others out of their slots; those are then placed anew themselves. What comes out worse is undone, but for a little tolerance that shrinks and returns
// in waves (pace.go).
type search struct {
	*repairer
	random *rand.Rand
	best   snapshot
	ideal  []cost          // minutes part of each unit if it were alone in the building
	worth  []cost          // prices of the bound, once there are any
	least  [tierCount]cost // dropped weight that no plan goes below
	never  []cost          // what each unit pays for talks that can be held at no time
	shares []cost          // what each unit costs at those prices at least
	round  int64
	// how far it has come
	spent               func() float64
	elapsed, heat       float64
	waveEnd, waveLength int64
	forcing             forcing
	regrets             []cost // added up from unit to unit
	regretAt            int64
	// of the step under way
	queue   []int32
	touched []int32
	saved   [][]int32
	stamp   int64   // of this step
	mark    []int64 // stamp of the step in which a unit was taken out last
	pushes  int
	block   []int
}

func newSearch(p *problem, seed uint64) *search {
	s := &search{
		repairer: newRepairer(newState(p)), random: rand.New(rand.NewPCG(seed, 0x9e3779b97f4a7c15)),
		ideal: make([]cost, len(p.units)), never: make([]cost, len(p.units)), mark: make([]int64, len(p.units)), waveEnd: firstWave(p), waveLength: firstWave(p), heat: mild,
	}
	empty := newRepairer(newState(p))
	for u := range p.units {
		empty.place(u, empty.choose(u))
		s.ideal[u] = empty.minutes[u]
		empty.remove(u)
		for t := range p.units[u].talks {
			if !p.units[u].canHold(t) {
				s.never[u] += p.units[u].talks[t].drop
			}
		}
	}
	return s
}

// start builds the first plan: breaks first, in the middle of what is possible, then the units with the least room.
func (s *search) start(stop func() bool) {
	p := s.p
	for i, u := range hardestFirst(p) {
		if i&15 == 0 && stop() {
			break
		}
		s.place(int(u), s.choose(int(u)))
	}
	s.best.keep(s.state)
}

// step tries one change.
func (s *search) step() {
	s.round++
	s.force()
	before := s.total
	s.fresh()
	s.ruin()
	s.placeAll()
	for range maxRefills {
		if s.total.tier(before) <= 0 || !s.refill() {
			break
		}
		s.placeAll()
	}
	for _, u := range s.touched {
		s.locked[u] = false
	}
	if !s.accept(before) {
		s.undo()
		return
	}
	if s.better() {
		s.best.keep(s.state)
	}
}

// maxRefills is how often a step that would lose a wish tries to meet another one instead.
const maxRefills = 2

// placeAll empties the queue.
func (s *search) placeAll() {
	for len(s.queue) > 0 {
		s.placeNext()
	}
}

// accept tells whether the change is kept.
func (s *search) accept(before value) bool {
	if c := s.total.tier(before); c != 0 {
		return c < 0
	}
	worse := s.total.minutes - before.minutes
	if worse <= 0 {
		return true
	}
	return worse < cost(-math.Log(1-s.random.Float64())*s.tolerance())
}

// better tells whether the plan is better than the best so far: as a sum, or where wishes have ranks by them first.
func (s *search) better() bool {
	if s.p.rates.byRank {
		return s.total.below(s.best.total)
	}
	drop := toMinutes(s.p.rates.drop)
	sum := func(v value) float64 { return drop*float64(v.dropped[0]) + float64(v.minutes) }
	return sum(s.total) < sum(s.best.total)
}

// guide hands over what the bound says the slots are worth, in minutes, and what each unit costs at these prices at least.
func (s *search) guide(prices []float64, shares []cost) {
	s.shares = append(s.shares[:0], shares...)
	s.worth = grow(s.worth, len(prices))
	for i, price := range prices {
		s.worth[i] = toCost(price)
	}
}

// fresh forgets who was taken out before.
func (s *search) fresh() {
	s.stamp++
	s.touched, s.queue = s.touched[:0], s.queue[:0]
}

// pull takes a unit out and puts it in the queue.
func (s *search) pull(u int32) {
	if s.mark[u] == s.stamp || s.forced(u) {
		return
	}
	s.mark[u] = s.stamp
	n := len(s.touched)
	s.touched = append(s.touched, u)
	if len(s.saved) <= n {
		s.saved = append(s.saved, nil)
	}
	s.saved[n] = append(s.saved[n][:0], s.choice[u]...)
	s.remove(int(u))
	s.queue = append(s.queue, u)
}

// placeNext places one unit of the queue, pushing others out if that may help.
func (s *search) placeNext() {
	last := len(s.queue) - 1
	at := s.random.IntN(len(s.queue))
	u := s.queue[at]
	s.queue[at] = s.queue[last]
	s.queue = s.queue[:last]
	s.mayOut = s.pushes > 0
	s.onlyDay = s.sameDay(u)
	picks := s.choosePart(u)
	s.onlyDay = anyDay
	s.settle(u, picks)
}

// settle places a unit and takes out whoever is in its slots.
func (s *search) settle(u int32, picks []int32) {
	s.locked[u] = true
	if s.mayOut {
		for _, pick := range picks {
			if pick < 0 {
				continue
			}
			for _, slot := range s.p.units[u].visits[pick].slots {
				if owner := s.owner[slot]; owner >= 0 {
					s.pushes--
					s.pull(owner)
				}
			}
		}
	}
	s.place(int(u), picks)
}

// sameDay mostly keeps a unit that had all its talks on one day to that day: the others seldom bring anything, and looking at one takes less time.
func (s *search) sameDay(u int32) int16 {
	if s.random.IntN(4) == 0 {
		return anyDay
	}
	day := anyDay
	for _, pick := range s.saved[slices.Index(s.touched, u)] {
		if pick < 0 {
			return anyDay
		}
		if v := &s.p.units[u].visits[pick]; day == anyDay {
			day = v.day
		} else if v.day != day {
			return anyDay
		}
	}
	return day
}

// partTalks is the number of talks that are moved at once when a unit has more.
const partTalks = 5

// choosePart is choose, but mostly lets all but a few talks of a unit with many stand where they were: that costs a fraction of the time.
func (s *search) choosePart(u int32) []int32 {
	n := len(s.p.units[u].talks)
	if n <= partTalks+1 || s.random.IntN(8) == 0 || len(s.p.units[u].apart) > 0 {
		return s.choose(int(u))
	}
	s.block = s.block[:0]
	for _, t := range s.random.Perm(n) {
		if len(s.block) < partTalks && !s.p.units[u].talks[t].pinned {
			s.block = append(s.block, t)
		}
	}
	for i, touched := range s.touched {
		if touched == u && s.again(int(u), s.saved[i], s.block) {
			return s.picks
		}
	}
	return s.choose(int(u))
}

func (s *search) undo() {
	for _, u := range s.touched {
		s.remove(int(u))
	}
	for i, u := range s.touched {
		s.place(int(u), s.saved[i])
	}
}
