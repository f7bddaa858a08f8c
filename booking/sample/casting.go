package sample

// casting gives the families that have no part yet the traits that a believable school needs, each family at most one.
type casting struct {
	spec     Spec
	d        dice
	seats    []seat
	families []*family
	order    []int // places of the families in random order
}

func castFamilies(spec Spec, d dice, seats []seat, families []*family) {
	c := &casting{spec: spec, d: d, seats: seats, families: families, order: d.shuffled(len(families))}
	mix := mixtures[spec.Level]
	if spec.Level == LevelSecondary {
		c.adult()
		c.staffParents()
	}
	c.pairs(max(1, spec.Pupils*mix.namesakes/1000), true)
	c.pairs(max(1, spec.Pupils*6/1000), false)
	c.each(max(1, spec.Pupils*3/1000), c.single, func(f *family) { f.abroad = true })
	c.each(max(1, spec.Pupils*25/1000), c.anyFamily, func(f *family) { f.silent = true })
	c.part(spec.Pupils * mix.parted / 1000)
}

func (c *casting) anyFamily(f *family) bool { return !f.cast && !f.blended() }
func (c *casting) single(f *family) bool    { return !f.cast && len(f.children) == 1 }

// find gives the place of the next family that fits, or -1.
func (c *casting) find(fits func(*family) bool) int {
	for _, at := range c.order {
		if fits(c.families[at]) {
			return at
		}
	}
	return -1
}

// each gives a part to as many families as asked and as there are, but never to more than a quarter of them: a tiny school stays ordinary.
func (c *casting) each(count int, fits func(*family) bool, play func(*family)) {
	for range min(count, len(c.families)/4) {
		at := c.find(fits)
		if at < 0 {
			return
		}
		c.families[at].cast = true
		play(c.families[at])
	}
}

// adult picks a pupil of the last years who has turned 18.
func (c *casting) adult() {
	top := 0
	for _, s := range c.seats {
		top = max(top, s.year)
	}
	if top < 5 {
		return
	}
	oldest := func(f *family) bool { return c.single(f) && c.seats[f.children[0]].year == top }
	c.each(1, oldest, func(f *family) { f.adult = true })
}

// staffParents lets one in twenty-five teachers have children at the school, at least one.
func (c *casting) staffParents() {
	teacher := 0
	c.each(max(1, c.spec.Teachers/25), c.anyFamily, func(f *family) {
		f.staff = teacher * c.spec.Teachers / max(1, c.spec.Teachers/25)
		teacher++
	})
}

// pairs makes unrelated families of one surname: two children with exactly the same name, or neighbours in one postcode.
func (c *casting) pairs(count int, sameName bool) {
	for range min(count, len(c.families)/8) {
		one := c.find(c.single)
		if one < 0 {
			return
		}
		c.families[one].cast = true
		two := c.find(c.single)
		if two < 0 {
			return
		}
		c.families[two].cast = true
		// Families are brought to life in order, so the later one takes after the earlier.
		c.families[min(one, two)].common = true
		later := c.families[max(one, two)]
		later.like, later.sameName, later.near = min(one, two), sameName, !sameName
	}
}

// part separates parents until so many pupils have two households.
func (c *casting) part(pupils int) {
	for _, f := range c.families {
		if f.parted {
			pupils -= len(f.siblings(0))
		}
	}
	for pupils > 0 {
		at := c.find(func(f *family) bool { return c.anyFamily(f) && len(f.children) <= max(pupils, 1) })
		if at < 0 {
			return
		}
		f := c.families[at]
		f.cast, f.parted = true, true
		pupils -= len(f.children)
	}
}
