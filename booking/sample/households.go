package sample

import "fmt"

// house gives a family its household, and a second one to children of separated parents.
func (m *maker) house(f *family, k kin) {
	here, there := m.adults(f, k)
	m.reach(f, here)
	address := m.address(f)
	home := m.addHousehold(f, f.children, here, address)
	if len(there) > 0 {
		m.reach(f, there)
		other := m.addHousehold(f, f.siblings(0), there, m.town.moveAway(address))
		m.school.Households[home].Separated, m.school.Households[other].Separated = true, true
	}
	for i, child := range f.children {
		m.list(f, i, &m.school.Pupils[child])
	}
}

func (m *maker) address(f *family) Address {
	switch {
	case f.abroad:
		return m.town.moveAbroad()
	case f.near:
		neighbour := m.school.Pupils[m.families[f.like].children[0]]
		return m.town.moveNear(m.school.Households[neighbour.Households[0]].Address)
	default:
		return m.town.move()
	}
}

// adults makes the guardians: who lives in the first household and, of separated parents, who lives in the second. In a blended family the parent of
// the first children comes first.
func (m *maker) adults(f *family, k kin) (here, there []Guardian) {
	one, two := m.guardian(k.parents[0], ""), m.guardian(k.parents[1], "")
	if f.blended() {
		if f.parted {
			there = []Guardian{m.guardian(k.former, "")}
		}
		return []Guardian{one, two}, there
	}
	if f.staff >= 0 {
		t := m.school.Teachers[f.staff]
		one = m.guardian(k.parents[0], t.Given)
		one.TeacherCode = t.Code
	}
	if !f.parted && m.d.chance(180) {
		// Married names: the partner's in front, one's own behind.
		two = m.guardian(k.parents[0].double(k.parents[1], "-"), "")
	}
	if m.d.chance(550) {
		one, two = two, one
	}
	switch {
	case f.parted:
		return []Guardian{one}, []Guardian{two}
	case k.alone:
		return []Guardian{one}, nil
	default:
		return []Guardian{one, two}, nil
	}
}

func (m *maker) guardian(name surname, given string) Guardian {
	dots := dotted(initials(m.d, given))
	return Guardian{Name: joinName(dots, name.prefix, name.name), Initials: dots, Prefix: name.prefix, Surname: name.name}
}

// reach gives the guardians of one household e-mail addresses and numbers and leaves gaps as files have them. A guardian lacks one of the two at
// most, so that only silent families cannot be reached.
func (m *maker) reach(f *family, guardians []Guardian) {
	if f.silent {
		return
	}
	shared := ""
	if len(guardians) == 2 && m.d.chance(80) {
		shared = m.contacts.sharedEmail(guardians[0])
	}
	for i := range guardians {
		g := &guardians[i]
		gap := m.d.IntN(100)
		switch {
		case g.TeacherCode != "" && f.staff == 0:
			// One teacher gave the school the address at work, so that teacher and parent can be recognised as one person.
			g.Email = m.school.Teachers[f.staff].Email
		case shared != "":
			g.Email = shared
		case gap >= 7:
			g.Email = m.contacts.parentEmail(m.d, *g)
		}
		if gap < 7 || gap >= 17 {
			g.Phone = m.contacts.phone()
		}
	}
}

func (m *maker) addHousehold(f *family, pupils []int, guardians []Guardian, address Address) int {
	at := len(m.school.Households)
	for i := range guardians {
		guardians[i].Household = at
	}
	m.school.Households = append(m.school.Households, Household{
		// The codes do not follow the order of the households: a neighbour's code tells nothing.
		Code:   fmt.Sprintf("F%05d", 10_000+(at+1)*37_199%90_000),
		Pupils: append([]int(nil), pupils...), Guardians: guardians, Address: address,
		Twins: f.twins, Blended: f.blended() && len(guardians) == 2,
	})
	for _, p := range pupils {
		m.school.Pupils[p].Households = append(m.school.Pupils[p].Households, at)
	}
	return at
}

// list writes into a pupil what the school's file says: the first household's address and two guardians, the child's own parents before others.
func (m *maker) list(f *family, i int, p *Pupil) {
	home := m.school.Households[p.Households[0]]
	p.Address, p.FamilyCode = home.Address, home.Code
	p.Traits.NoContact = f.silent
	p.Traits.SeparatedParents = len(p.Households) == 2
	p.Guardians = append([]Guardian(nil), home.Guardians...)
	if f.blended() && i >= f.second {
		p.Guardians[0], p.Guardians[1] = p.Guardians[1], p.Guardians[0]
	}
	if p.Traits.SeparatedParents {
		p.Guardians = append(p.Guardians[:1], m.school.Households[p.Households[1]].Guardians...)
	}
}
