package sample

// maker brings planned families to life: names, dates, addresses, contacts.
type maker struct {
	spec     Spec
	d        dice
	names    catalog
	town     *town
	contacts *contactBook
	seats    []seat
	families []*family
	school   *School
	taken    map[string]bool // full names in use
	born     []day           // by pupil
	relation map[int]surname // by family: the surname of its first child
}

// settle makes the pupils and households of all families.
func (m *maker) settle() {
	m.school.Pupils = make([]Pupil, len(m.seats))
	m.born = make([]day, len(m.seats))
	m.relation = map[int]surname{}
	for i := range m.families {
		m.raise(i)
	}
}

// raise makes one family: its children, its household and, where the parents are separated, the other household.
func (m *maker) raise(at int) {
	f := m.families[at]
	k := m.kin(at)
	for i, child := range f.children {
		m.bear(f, i)
		own := k.first
		if f.blended() && i >= f.second {
			own = k.second
		}
		m.name(f, k, child, own)
	}
	m.house(f, k)
}

// kin is who is who in a family.
type kin struct {
	culture int
	first   surname    // of the children, in a blended family of those before second
	second  surname    // of the other children in a blended family
	parents [2]surname // who live together or did
	former  surname    // in a blended family: the first children's other parent
	alone   bool       // only one parent is known to the school
}

// kin draws the surnames. A child mostly bears the father's, now and then the mother's or both.
func (m *maker) kin(at int) kin {
	f := m.families[at]
	k := kin{culture: m.names.culture(m.d)}
	father := m.names.surname(m.d, k.culture)
	switch {
	case f.staff >= 0:
		t := m.school.Teachers[f.staff]
		father = surname{t.Prefix, t.Surname}
	case f.common || f.sameName:
		k.culture = dutch
		father = m.names.frequentSurname(m.d)
	}
	motherCulture := k.culture
	if m.d.chance(150) {
		motherCulture = m.names.culture(m.d)
	}
	mother := m.names.otherSurname(m.d, motherCulture, father)
	k.parents = [2]surname{father, mother}
	k.first = k.childName(m.d)
	switch {
	case f.like >= 0:
		k.first = m.relation[f.like]
		k.parents[0] = k.first
	case f.common:
		k.first = father
	}
	k.former = m.names.otherSurname(m.d, dutch, father, mother)
	if f.blended() {
		k.first, k.second = k.former, mother
	}
	k.alone = !f.parted && !f.blended() && f.staff < 0 && m.d.chance(90)
	m.relation[at] = k.first
	return k
}

// childName draws the children's surname from the parents'.
func (k kin) childName(d dice) surname {
	father, mother := k.parents[0], k.parents[1]
	switch n := d.IntN(100); {
	case n < 5:
		join := "-"
		if d.chance(200) {
			join = " "
		}
		return father.double(mother, join)
	case n < 18:
		return mother
	default:
		return father
	}
}

// bear draws a child's birth date, for the second of twins that of the first or, around midnight, the next day.
func (m *maker) bear(f *family, i int) {
	child := f.children[i]
	if f.twins && i == 1 {
		m.born[child] = m.born[f.children[0]]
		if m.d.chance(60) {
			m.born[child]++
		}
		return
	}
	year := m.seats[child].year
	moved := 0
	if !f.twins {
		moved = shift(m.d, m.spec.Level, year)
	}
	if f.adult {
		moved = -1
	}
	var older []day
	for _, s := range f.siblings(i) {
		if s == child {
			break
		}
		older = append(older, m.born[s])
	}
	m.born[child] = birthDate(m.d, m.spec, year, moved, older)
}

// name gives a child its names and everything that goes with being enrolled.
func (m *maker) name(f *family, k kin, child int, own surname) {
	sex := Sex(m.d.between(1, 2))
	given := ""
	if f.sameName {
		twin := m.school.Pupils[m.families[f.like].children[0]]
		given, sex = twin.Given, twin.Sex
	}
	for n := 0; given == ""; n++ {
		given = m.names.child(m.d, k.culture, sex)
		if f.common {
			given = m.names.frequentGiven(m.d, sex)
		}
		// Equal names come in pairs on purpose only; in a very large school names run out and chance has its way.
		if n < 12 && (m.taken[joinName(given, own.prefix, own.name)] || m.inFamily(f, given)) {
			given = ""
		}
	}
	m.taken[joinName(given, own.prefix, own.name)] = true
	at := m.seats[child]
	m.school.Pupils[child] = Pupil{
		Given: given, Initials: initials(m.d, given), Prefix: own.prefix, Surname: own.name, Sex: sex,
		BirthDate: m.born[child].iso(), Year: at.year, Groups: []string{m.school.Groups[at.group].Key},
		Traits: Traits{Twin: f.twins && (child == f.children[0] || child == f.children[1]), StaffChild: f.staff >= 0, Blended: f.blended(), Abroad: f.abroad},
	}
}

func (m *maker) inFamily(f *family, given string) bool {
	for _, child := range f.children {
		if m.school.Pupils[child].Given == given {
			return true
		}
	}
	return false
}
