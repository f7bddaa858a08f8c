package plan

import "slices"

// regret is how much more a unit costs than it would have to at the prices of the bound. Summed up over all units, with what teachers are idle, that is
// exactly the gap between plan and bound: who has regret is where something can be gained.
func (s *search) regret(u int) cost {
	unit := &s.p.units[u]
	if s.worth == nil {
		sum := s.minutes[u] - s.ideal[u]
		for t, pick := range s.choice[u] {
			if pick < 0 {
				sum += unit.talks[t].drop / 64
			}
		}
		return max(0, sum)
	}
	sum := s.minutes[u] - s.shares[u] - s.never[u]
	for t, pick := range s.choice[u] {
		if pick < 0 {
			sum += unit.talks[t].drop
			continue
		}
		for _, slot := range unit.visits[pick].slots {
			sum += s.worth[slot]
		}
	}
	return max(0, sum)
}

// regretRounds is the number of steps after which the regrets are looked at anew.
const regretRounds = 256

// regretted picks a unit as often as it has regret, or -1 if none has any.
func (s *search) regretted() int32 {
	if len(s.regrets) == 0 || s.round-s.regretAt >= regretRounds {
		s.regretAt = s.round
		s.regrets = s.regrets[:0]
		sum := cost(0)
		for u := range s.p.units {
			sum += s.regret(u)
			s.regrets = append(s.regrets, sum)
		}
	}
	all := s.regrets[len(s.regrets)-1]
	if all <= 0 {
		return -1
	}
	at, _ := slices.BinarySearch(s.regrets, 1+s.random.Int64N(all))
	return int32(at)
}

// refill takes in units that miss a talk which could be in a slot that the step has left empty. It tells whether there are any.
func (s *search) refill() bool {
	for i, n := 0, len(s.touched); i < n; i++ {
		unit := &s.p.units[s.touched[i]]
		for _, pick := range s.saved[i] {
			if pick < 0 {
				continue
			}
			for _, slot := range unit.visits[pick].slots {
				if s.busy[slot] == 0 {
					s.refillSlot(slot)
				}
			}
		}
	}
	return len(s.queue) > 0
}

func (s *search) refillSlot(slot int32) {
	seat := &s.p.slots[slot]
	from := s.random.IntN(len(seat.users))
	for i := range seat.users {
		u := seat.users[(from+i)%len(seat.users)]
		if s.mark[u] != s.stamp && s.misses(u, seat.teacher) {
			s.pull(u)
			return
		}
	}
}

// misses tells whether a unit has no talk with a teacher although it wants one.
func (s *search) misses(u, teacher int32) bool {
	for t, pick := range s.choice[u] {
		if pick < 0 && s.p.units[u].talks[t].wants(teacher) {
			return true
		}
	}
	return false
}

// opening picks a unit that misses a talk with a teacher who has an empty slot, or -1 if it finds none.
func (s *search) opening() int32 {
	p := s.p
	for range 64 {
		slot := int32(s.random.IntN(len(p.slots)))
		if s.busy[slot] != 0 {
			continue
		}
		own := p.slotsOf(p.slots[slot].teacher)
		users := own[s.random.IntN(len(own))].users
		for range min(8, len(users)) {
			if u := users[s.random.IntN(len(users))]; s.misses(u, p.slots[slot].teacher) {
				return u
			}
		}
	}
	return -1
}
