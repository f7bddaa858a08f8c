package plan

import "slices"

// value is what a plan costs: dropped weight by tier, in millionths, and then the minutes part.
type value struct {
	dropped [tierCount]cost
	minutes cost
}

// tier compares the dropped weights alone, the heaviest tier first.
func (v value) tier(o value) int { return slices.Compare(v.dropped[:], o.dropped[:]) }

// below tells whether v is better than o.
func (v value) below(o value) bool {
	if c := v.tier(o); c != 0 {
		return c < 0
	}
	return v.minutes < o.minutes
}

// spanUse is how one teacher's day is used.
type spanUse struct {
	count       int32
	first, last int32 // minutes of the first start and the last end
	used        int32 // minutes of the slots in use
}

func (s spanUse) idle() int32 {
	if s.count == 0 {
		return 0
	}
	return s.last - s.first - s.used
}

const (
	nobody      int32 = -1
	pinnedOwner int32 = -2
)

// state is a plan under way. It is never in breach of a hard rule.
type state struct {
	p       *problem
	busy    []int16 // number of reasons why a slot cannot be used: itself taken, or an overlapping one
	owner   []int32 // unit that has the slot, nobody, or pinnedOwner
	choice  [][]int32
	spans   []spanUse
	minutes []cost // minutes part of each unit
	total   value
	order   []int32 // working memory of sortedVisits
}

// newState is the empty plan, with the pinned appointments in it.
func newState(p *problem) *state {
	s := &state{
		p: p, busy: make([]int16, len(p.slots)), owner: make([]int32, len(p.slots)), choice: make([][]int32, len(p.units)),
		spans: make([]spanUse, len(p.spanFirst)-1), minutes: make([]cost, len(p.units)),
	}
	for i := range s.owner {
		s.owner[i] = nobody
	}
	for u := range p.units {
		unit := &p.units[u]
		s.choice[u] = make([]int32, len(unit.talks))
		for t, talk := range unit.talks {
			s.choice[u][t] = -1
			if !talk.pinned {
				s.total.dropped[talk.tier] += talk.weight
			}
		}
		for _, f := range unit.fixed {
			s.choice[u][unit.visits[f].talk] = f
			for _, slot := range unit.visits[f].slots {
				s.take(slot, pinnedOwner)
			}
		}
		s.minutes[u] = s.measure(u)
		s.total.minutes += s.minutes[u]
	}
	return s
}

func (s *state) take(slot, owner int32) {
	seat := &s.p.slots[slot]
	s.busy[slot]++
	s.owner[slot] = owner
	for _, c := range seat.clash {
		s.busy[c]++
	}
	use := &s.spans[seat.span]
	s.total.minutes -= s.p.rates.idle * cost(use.idle())
	if use.count == 0 {
		use.first, use.last = seat.start, seat.end
	} else {
		use.first, use.last = min(use.first, seat.start), max(use.last, seat.end)
	}
	use.count++
	use.used += seat.end - seat.start
	s.total.minutes += s.p.rates.idle * cost(use.idle())
}

func (s *state) free(slot int32) {
	seat := &s.p.slots[slot]
	s.busy[slot]--
	s.owner[slot] = nobody
	for _, c := range seat.clash {
		s.busy[c]--
	}
	use := &s.spans[seat.span]
	s.total.minutes -= s.p.rates.idle * cost(use.idle())
	use.count--
	use.used -= seat.end - seat.start
	if use.count > 0 && (seat.start == use.first || seat.end == use.last) {
		s.remeasure(seat.span)
	}
	s.total.minutes += s.p.rates.idle * cost(use.idle())
}

// remeasure finds the first and last use of a teacher's day again after a slot at its edge has become free.
func (s *state) remeasure(span int32) {
	use := &s.spans[span]
	from, to := s.p.spanFirst[span], s.p.spanFirst[span+1]
	first, last := int32(0), int32(-maxMinutes)
	seen := false
	for slot := from; slot < to; slot++ {
		if s.owner[slot] == nobody {
			continue
		}
		seat := &s.p.slots[slot]
		if !seen {
			first, seen = seat.start, true
		}
		last = max(last, seat.end)
	}
	use.first, use.last = first, last
}

// idlePrice is how the idle time of its teacher changes if a free slot is used as well.
func (s *state) idlePrice(slot int32) cost {
	seat := &s.p.slots[slot]
	use := &s.spans[seat.span]
	if use.count == 0 {
		return 0
	}
	stretch := max(use.last, seat.end) - min(use.first, seat.start) - (use.last - use.first)
	return s.p.rates.idle * cost(stretch-(seat.end-seat.start))
}

// place enters a choice for every talk of a unit that had none (-1 leaves a talk out).
func (s *state) place(u int, picks []int32) {
	unit := &s.p.units[u]
	for t, pick := range picks {
		if pick < 0 || unit.talks[t].pinned {
			continue
		}
		s.choice[u][t] = pick
		s.total.dropped[unit.talks[t].tier] -= unit.talks[t].weight
		for _, slot := range unit.visits[pick].slots {
			s.take(slot, int32(u))
		}
	}
	s.total.minutes -= s.minutes[u]
	s.minutes[u] = s.measure(u)
	s.total.minutes += s.minutes[u]
}

// remove takes every talk of a unit out of the plan, except pinned ones.
func (s *state) remove(u int) {
	unit := &s.p.units[u]
	for t, pick := range s.choice[u] {
		if pick < 0 || unit.talks[t].pinned {
			continue
		}
		s.choice[u][t] = -1
		s.total.dropped[unit.talks[t].tier] += unit.talks[t].weight
		for _, slot := range unit.visits[pick].slots {
			s.free(slot)
		}
	}
	s.total.minutes -= s.minutes[u]
	s.minutes[u] = s.measure(u)
	s.total.minutes += s.minutes[u]
}

// itinerary gives the numbers of the visits of a unit in the order of time. The result is overwritten by the next call.
func (s *state) itinerary(u int) []int32 {
	s.order = s.order[:0]
	for _, pick := range s.choice[u] {
		if pick >= 0 {
			s.order = append(s.order, pick)
		}
	}
	slices.Sort(s.order)
	return s.order
}

// measure is the minutes part of one unit: extra days, waiting, walking, changes.
func (s *state) measure(u int) cost {
	unit := &s.p.units[u]
	r := &s.p.rates
	var sum cost
	waited := int32(0)
	var last *option
	for _, pick := range s.itinerary(u) {
		v := &unit.visits[pick]
		sum += v.price
		switch {
		case last == nil:
		case last.day != v.day:
			sum += r.day
		default:
			walk := s.p.walk[int(last.zone)*s.p.zones+int(v.zone)]
			wait := v.start - last.end - walk
			sum += r.walk*cost(walk) + r.wait*cost(wait)
			waited += wait
		}
		last = v
	}
	if r.long > 0 && waited > r.longAfter {
		sum += r.long * cost(waited-r.longAfter)
	}
	if r.incomplete > 0 && len(s.order) < len(unit.talks) {
		sum += r.incomplete
	}
	return sum
}

// snapshot is a plan to come back to.
type snapshot struct {
	total  value
	choice [][]int32
}

// keep notes the plan of a state.
func (b *snapshot) keep(s *state) {
	if b.choice == nil {
		b.choice = make([][]int32, len(s.choice))
	}
	b.total = s.total
	for u, picks := range s.choice {
		b.choice[u] = append(b.choice[u][:0], picks...)
	}
}
