package plan

import (
	"cmp"
	"slices"
)

// hardestFirst orders the units for the first plan: breaks, then those with the fewest moments for each talk.
func hardestFirst(p *problem) []int32 {
	order := make([]int32, len(p.units))
	room := make([]float64, len(p.units))
	for u := range p.units {
		order[u] = int32(u)
		unit := &p.units[u]
		room[u] = float64(len(unit.visits)) / float64(max(1, len(unit.talks)*len(unit.talks)))
		if unit.rest {
			room[u] = -1
		}
	}
	slices.SortStableFunc(order, func(a, b int32) int { return cmp.Compare(room[a], room[b]) })
	return order
}

// guideShare is the percentage of steps in which the prices of the bound lead the way.
const guideShare = 50

// ruin chooses what is taken out, and how freely others may be pushed.
func (s *search) ruin() {
	s.pushes, s.evict, s.prices, s.boost = 0, 0, nil, 1
	if s.random.IntN(100) < guideShare {
		s.prices = s.worth
	}
	if s.forcing.left > 0 && s.total.tier(s.forcing.before.total) > 0 && s.random.IntN(3) == 0 {
		if u := s.opening(); u >= 0 {
			s.pushAround(4+s.random.IntN(12), 64<<s.random.IntN(3))
			s.pull(u)
			return
		}
	}
	switch s.random.IntN(6) {
	case 0, 1:
		s.pushAround(1+s.random.IntN(8), 32<<s.random.IntN(4))
		s.pull(s.unhappy())
	case 2:
		seed := s.unhappy()
		s.pull(seed)
		s.neighbours(seed, 2+s.random.IntN(6))
	case 3:
		s.gap()
	case 4:
		if seed := s.deprived(); seed >= 0 && s.random.IntN(2) == 0 {
			s.pushAround(4+s.random.IntN(12), 64<<s.random.IntN(3))
			s.pull(seed)
			return
		}
		s.gap()
	default:
		s.stretch(2 + s.random.IntN(8))
	}
}

// pushAround lets a step push others out of their slots, some of which are looked at.
func (s *search) pushAround(pushes int, sparse uint64) {
	s.pushes, s.sparse, s.dice = pushes, sparse, s.random.Uint64()|1
	s.evict = cost(s.random.IntN(8)) * perMinute
	if s.prices != nil {
		s.evict = cost(s.random.IntN(4)) * perMinute / 2
	}
}

// deprived picks a unit with a wish that is not met in the heaviest tier in which more could be met; otherwise -1.
func (s *search) deprived() int32 {
	tier := 0
	for ; tier < tierCount && s.total.dropped[tier] <= s.least[tier]; tier++ {
	}
	if s.total.tier(value{dropped: s.least}) <= 0 || tier == tierCount {
		return -1
	}
	from := s.random.IntN(len(s.p.units))
	for i := range s.p.units {
		u := (from + i) % len(s.p.units)
		unit := &s.p.units[u]
		for t, pick := range s.choice[u] {
			if pick < 0 && int(unit.talks[t].tier) == tier && unit.canHold(t) {
				return int32(u)
			}
		}
	}
	return -1
}

// gap takes out whoever comes first or last on a teacher's day with idle time, and sometimes somebody who could come in between.
func (s *search) gap() {
	p := s.p
	for range 12 {
		span := s.random.IntN(len(s.spans))
		if s.spans[span].idle() == 0 {
			continue
		}
		use := &s.spans[span]
		s.boost = 1 + cost(s.random.IntN(6))
		from, to := p.spanFirst[span], p.spanFirst[span+1]
		first := s.random.IntN(2) == 0
		for slot := from; slot < to; slot++ {
			seat := &p.slots[slot]
			owner := s.owner[slot]
			if owner >= 0 && (first && seat.start == use.first || !first && seat.end == use.last) {
				s.pull(owner)
				break
			}
		}
		for range 1 + s.random.IntN(3) {
			slot := from + int32(s.random.IntN(int(to-from)))
			seat := &p.slots[slot]
			if s.busy[slot] == 0 && seat.start > use.first && seat.end < use.last && len(seat.users) > 0 {
				s.pull(seat.users[s.random.IntN(len(seat.users))])
			}
		}
		if s.random.IntN(3) == 0 {
			s.pushAround(1+s.random.IntN(4), 64<<s.random.IntN(3))
		}
		return
	}
	s.stretch(2 + s.random.IntN(8))
}

// unhappy picks a unit, more readily one that is far from what it could have.
func (s *search) unhappy() int32 {
	if s.random.IntN(3) == 0 {
		if u := s.regretted(); u >= 0 {
			return u
		}
	}
	best, worst := int32(s.random.IntN(len(s.p.units))), cost(-1)
	for range 3 {
		u := int32(s.random.IntN(len(s.p.units)))
		regret := s.minutes[u] - s.ideal[u]
		for t, pick := range s.choice[u] {
			if pick < 0 {
				regret += s.p.units[u].talks[t].drop / 64
			}
		}
		if regret > worst {
			best, worst = u, regret
		}
	}
	return best
}

// neighbours takes out units that hold slots which the seed could use.
func (s *search) neighbours(seed int32, count int) {
	visits := s.p.units[seed].visits
	if len(visits) == 0 {
		return
	}
	for range 4 * count {
		v := &visits[s.random.IntN(len(visits))]
		slot := v.slots[s.random.IntN(len(v.slots))]
		if owner := s.owner[slot]; owner >= 0 {
			s.pull(owner)
		}
		if len(s.touched) > count {
			return
		}
	}
}

// stretch takes out units that follow each other in one teacher's day, and sometimes somebody who could use a slot there.
func (s *search) stretch(count int) {
	slot := int32(s.random.IntN(max(1, len(s.p.slots))))
	for i := slot; i < int32(len(s.p.slots)) && len(s.touched) < count && s.p.slots[i].span == s.p.slots[slot].span; i++ {
		if owner := s.owner[i]; owner >= 0 {
			s.pull(owner)
		}
	}
	if users := s.p.slots[slot].users; len(users) > 0 {
		s.pull(users[s.random.IntN(len(users))])
	}
}
