package sample

// family is a plan: which seats its children take and what is special about it. Names and addresses come later.
type family struct {
	children []int // places of the pupils; the twins first where there are twins
	second   int   // in a blended family, children[second:] are the second parent's; otherwise zero
	twins    bool
	parted   bool // the parents are separated; in a blended family: those of the children before second
	common   bool // bears one of the most frequent names, since another family is like it
	like     int  // place of an earlier, unrelated family with the same surname; -1 if none
	sameName bool // the child also has the given name of the child of the family it is like
	near     bool // lives in the same postcode as the family it is like
	adult    bool // the child is 18 or older
	silent   bool // the school has no e-mail address and no number
	abroad   bool
	staff    int  // place of the teacher who is a parent here; -1 if none
	cast     bool // has its part already; no further special trait is added
}

func (f *family) blended() bool { return f.second > 0 }

// siblings are the children with the same parents as child i of the family.
func (f *family) siblings(i int) []int {
	switch {
	case !f.blended():
		return f.children
	case i < f.second:
		return f.children[:f.second]
	default:
		return f.children[f.second:]
	}
}

// mixture says how often things happen at a school of a level.
type mixture struct {
	siblings  int // per mille of the pupils with a sibling at the school
	twins     int // per mille of the families with several children
	blended   int // likewise
	parted    int // per mille of the pupils
	namesakes int // pairs per thousand pupils, at least one
}

var mixtures = map[Level]mixture{
	LevelPrimary:   {siblings: 400, twins: 70, blended: 70, parted: 80, namesakes: 3},
	LevelSecondary: {siblings: 200, twins: 90, blended: 70, parted: 80, namesakes: 3},
}

// showcases are the families that every school of some size has; Logins shows them. They come first.
var showcases = []family{
	{children: make([]int, 3)},
	{children: make([]int, 2), twins: true},
	{children: make([]int, 2), second: 1},
	{children: make([]int, 3), second: 2, parted: true},
	{children: make([]int, 4)},
	{children: make([]int, 3), twins: true},
}

// planner forms families out of seats.
type planner struct {
	d        dice
	free     [][]int // by year: seats that no family has yet
	families []*family
}

// planFamilies gives every seat a family.
func planFamilies(spec Spec, d dice, seats []seat) []*family {
	p := &planner{d: d}
	for _, at := range d.shuffled(len(seats)) {
		year := seats[at].year
		for len(p.free) <= year {
			p.free = append(p.free, nil)
		}
		p.free[year] = append(p.free[year], at)
	}
	mix := mixtures[spec.Level]
	goal := spec.Pupils * mix.siblings / 1000
	for n := 0; goal > 0; n++ {
		shape := p.anyShape(mix)
		if n < len(showcases) {
			shape = showcases[n]
			shape.cast = true
		}
		placed := p.place(shape)
		if placed < 2 {
			break
		}
		goal -= placed
	}
	for year := range p.free {
		for len(p.free[year]) > 0 {
			p.add(family{}, []int{p.take(year)})
		}
	}
	return p.families
}

// anyShape draws a family of two to four children.
func (p *planner) anyShape(mix mixture) family {
	f := family{children: make([]int, 2+p.d.weighted([]int{76, 20, 4}))}
	switch n := p.d.IntN(1000); {
	case n < mix.twins:
		f.twins = true
	case n < mix.twins+mix.blended:
		f.second = p.d.between(1, len(f.children)-1)
		f.parted = p.d.chance(500)
	}
	return f
}

// place finds seats for a family of the shape and returns for how many children it found one. Brothers and sisters sit in different years, twins
// in the same; a family that does not fit gets smaller.
func (p *planner) place(shape family) int {
	var best []int
	for range 30 {
		if years := p.draw(shape); len(years) > len(best) {
			best = years
		}
		if len(best) == len(shape.children) {
			break
		}
	}
	if len(best) < 2 {
		return len(best)
	}
	var seats []int
	for _, year := range best {
		seats = append(seats, p.take(year))
	}
	if shape.second >= len(best) {
		shape.second, shape.parted = 0, false
	}
	p.add(shape, seats)
	return len(best)
}

// draw proposes years for the children of a family, as many as have a free seat.
func (p *planner) draw(shape family) []int {
	years := []int{p.d.IntN(len(p.free))}
	for len(years) < len(shape.children) {
		step := 1 + p.d.weighted([]int{20, 42, 28, 10})
		if shape.twins && len(years) == 1 {
			step = 0
		}
		years = append(years, years[len(years)-1]+step)
	}
	used := map[int]int{}
	var kept []int
	for _, year := range years {
		if year < len(p.free) && used[year] < len(p.free[year]) {
			used[year]++
			kept = append(kept, year)
		}
	}
	if shape.twins && (len(kept) < 2 || kept[0] != kept[1]) {
		return nil
	}
	return kept
}

func (p *planner) take(year int) int {
	list := p.free[year]
	p.free[year] = list[:len(list)-1]
	return list[len(list)-1]
}

func (p *planner) add(shape family, seats []int) {
	shape.children = seats
	shape.like, shape.staff = -1, -1
	p.families = append(p.families, &shape)
}
