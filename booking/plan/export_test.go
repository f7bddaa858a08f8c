package plan

// ExactCost is what the best itinerary costs, whatever the number of talks: for comparing with plans made block by block.
func ExactCost(q FamilyQuestion) (float64, error) {
	f, err := newFamily(q)
	if err != nil {
		return 0, err
	}
	return toMinutes(f.router.route(len(f.talks), f.nodes, f.drops)), nil
}

// Efforts measures, in labels made, what one step of the proof and, on the average, one step of the search take.
func Efforts(instance Instance, steps int) (proof, search int64, err error) {
	p, err := compile(instance, Interchange(), nil)
	if err != nil {
		return 0, 0, err
	}
	b := newProber(p, 1)
	b.probe(make([]cost, len(p.slots)), make([]int32, len(p.slots)), false)
	s := newSearch(p, 1)
	s.start(func() bool { return false })
	s.best.keep(s.state)
	before := s.router.effort
	for range steps {
		s.step()
	}
	return b.effort(), (s.router.effort - before) / int64(steps), nil
}

// DoubleBooked searches while it forces units as often as it can, and counts the steps after which a slot was held twice.
func DoubleBooked(instance Instance, steps int) (doubled int, err error) {
	p, err := compile(instance, Interchange(), nil)
	if err != nil {
		return 0, err
	}
	_, prices := p.matchingBound()
	c := newClimber(p, prices, 1)
	s := newSearch(p, 1)
	s.spent = func() float64 { return 0.7 }
	s.start(func() bool { return false })
	s.best.keep(s.state)
	s.guide(c.center, c.shares)
	for range steps {
		s.forcing.pause, s.forcing.left = 0, min(1, s.forcing.left)
		s.step()
		seen := map[int32]bool{}
		twice := 0
		for u, picks := range s.choice {
			for _, pick := range picks {
				if pick < 0 {
					continue
				}
				for _, slot := range p.units[u].visits[pick].slots {
					if seen[slot] {
						twice = 1
					}
					seen[slot] = true
				}
			}
		}
		doubled += twice
	}
	return doubled, nil
}
