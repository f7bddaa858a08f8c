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
	s.pushes, s.evict, s.prices = 0, 0, nil
	if s.random.IntN(100) < guideShare {
		s.prices = s.worth
	}
	seed := s.unhappy()
	switch s.random.IntN(4) {
	case 0, 1:
		s.pushes = 1 + s.random.IntN(8)
		s.evict = cost(s.random.IntN(8)) * perMinute
		if s.prices != nil {
			s.evict = cost(s.random.IntN(4)) * perMinute / 2
		}
		s.sparse = 32 << s.random.IntN(4)
		s.dice = s.random.Uint64() | 1
		s.pull(seed)
	case 2:
		s.pull(seed)
		s.neighbours(seed, 2+s.random.IntN(6))
	default:
		s.stretch(2 + s.random.IntN(8))
	}
}

// unhappy picks a unit, more readily one that is far from what it could have.
func (s *search) unhappy() int32 {
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
