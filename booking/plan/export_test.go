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
