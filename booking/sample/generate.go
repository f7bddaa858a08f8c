package sample

import (
	"cmp"
	"fmt"
	"slices"
	"time"
)

// Generate invents a school. It cannot fail: a Spec that no school could have is bounded, see Spec and MaxPupils.
func Generate(spec Spec) School {
	spec = spec.normalised()
	school := School{Spec: spec}

	groups := newDice(spec, stageGroups)
	var seats []seat
	school.Groups, seats = layOutGroups(spec, groups)
	var crossed [][]int
	school.CrossGroups, crossed = fillCrossGroups(spec, groups, seats)

	planning := newDice(spec, stageFamilies)
	families := planFamilies(spec, planning, seats)
	castFamilies(spec, planning, seats, families)

	names, contacts := newCatalog(), newContactBook()
	school.Teachers = hireTeachers(spec, newDice(spec, stageTeachers), names, contacts)

	m := &maker{
		spec: spec, d: newDice(spec, stagePeople), names: names, contacts: contacts, seats: seats, families: families, school: &school,
		town: newTown(spec, newDice(spec, stageAddresses), len(families)), taken: map[string]bool{},
	}
	m.settle()
	for i, members := range crossed {
		for _, p := range members {
			school.Pupils[p].Groups = append(school.Pupils[p].Groups, school.CrossGroups[i].Key)
		}
	}
	finish(&school, m, newDice(spec, stageNumbers))

	if spec.Level == LevelSecondary {
		assignSecondary(&school, newDice(spec, stageLessons))
	} else {
		assignPrimary(&school, newDice(spec, stageLessons))
	}
	return school
}

// finish adds what can only be known when all pupils are there: student numbers, namesakes, adults, gaps in the file.
func finish(s *School, m *maker, d dice) {
	enrol(s, m, d)
	bearers := map[string]int{}
	for _, p := range s.Pupils {
		bearers[p.FullName()]++
	}
	today := reportDay(s.Spec)
	for i := range s.Pupils {
		p := &s.Pupils[i]
		p.Traits.Namesake = bearers[p.FullName()] > 1
		p.Traits.Adult = m.born[i].addYears(18) <= today
	}
	dropPostcodes(s, m, d)
}

// enrol gives pupils their first day and their number. Numbers follow one another in the order of enrolment, at a secondary school within the
// year of enrolment, which stands in front.
func enrol(s *School, m *maker, d dice) {
	started := make([]day, len(s.Pupils))
	for i := range s.Pupils {
		started[i] = firstDay(s.Spec, d, s.Pupils[i].Year, m.born[i])
		s.Pupils[i].Enrolled = started[i].iso()
	}
	order := d.shuffled(len(s.Pupils))
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(started[a], started[b]) })
	next := 100_000
	if s.Spec.Level == LevelSecondary {
		next = 0
	}
	for _, i := range order {
		if s.Spec.Level == LevelSecondary {
			next = max(next, started[i].time().Year()%100*10_000)
		}
		next += d.between(1, 2)
		s.Pupils[i].Number = fmt.Sprintf("%06d", next)
	}
}

// firstDay is the fourth birthday at a primary school and the first day of the first year at a secondary school; some came later, from elsewhere.
func firstDay(spec Spec, d dice, year int, born day) day {
	yearsAgo := year - 1
	if d.chance(70) && yearsAgo > 0 {
		yearsAgo = d.IntN(yearsAgo)
	} else if spec.Level == LevelPrimary {
		return born.addYears(4)
	}
	return dayOf(spec.SchoolYearStart-yearsAgo, time.August, 20)
}

// dropPostcodes leaves the address out of the file for a few pupils, never for those of a showcase.
func dropPostcodes(s *School, m *maker, d dice) {
	left := max(1, len(s.Pupils)*12/1000)
	for _, at := range d.shuffled(len(m.families)) {
		f := m.families[at]
		if f.cast || f.blended() || left == 0 || len(m.families) < 4 {
			continue
		}
		p := &s.Pupils[f.children[d.IntN(len(f.children))]]
		p.Address.Postcode, p.Address.HouseNumber, p.Address.Addition = "", "", ""
		p.Traits.NoPostcode = true
		left--
	}
}
