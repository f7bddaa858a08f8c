package people

import (
	"regexp"
	"slices"

	"github.com/ouderavond/ouderavond/booking/roster"
	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/civil"
	"github.com/ouderavond/ouderavond/models/names"
)

// Who a row of the files is, is decided here and nowhere else, from everything that the file and the school say: number, name, birth date, postcode, class and
// guardians. Certain is the same number with the same name; a person who had no number, or has none now; and a number with a corrected name or date. The same person
// under another number is asked: one yes holds for all. A number at another child makes nobody anybody, and where two fit nobody is chosen.

// Reasons why a row is thought to be a pupil.
const (
	becauseName     = "name"
	becauseBirth    = "birth_date"
	becausePostcode = "postcode"
	becauseGroup    = "group"
	becauseGuardian = "guardian"
)

// Reasons why nobody can say who a row is.
const (
	unsureNamesakes = "namesakes"     // several pupils have its name and birth date, and another number
	unsureReused    = "number-reused" // a pupil has its number, but neither its name nor anything else
)

// person is a pupil of the school, or a row of the files, as far as one tells the other.
type person struct {
	pupil *models.Pupil // of the school
	row   *roster.Pupil // of the files

	number         string // without zeros in front; empty where it means nothing outside its file
	exact          string
	given, surname string
	birth          civil.Date
	postcode       string
	group          models.GroupID
	contacts       []string
	taken          bool
}

func (p *person) name() string { return p.surname + "|" + p.given }

// decimals is what a spreadsheet makes of a number.
var decimals = regexp.MustCompile(`^(\d+)[.,]0$`)

// looseNumber is a student number without what spreadsheets take away or add.
func looseNumber(number string) string {
	return names.StudentNumberLoose(decimals.ReplaceAllString(number, "$1"))
}

// identity is who a row is.
type identity struct {
	pupil   *models.Pupil
	because []string // of somebody who has another number
}

// matcher finds who the rows are.
type matcher struct {
	known, rows []*person
	found       map[*roster.Pupil]identity
	unsure      map[*roster.Pupil]string
	candidates  map[*roster.Pupil][]*models.Pupil // whom an unsure row may be
	// renumbers says that somebody can have another number.
	renumbers bool
}

// identify decides who the rows are, as far as nobody has said it. Those whom it does not find are new.
func identify(known, rows []*person, request ImportRequest) *matcher {
	m := &matcher{
		known: known, rows: rows, found: map[*roster.Pupil]identity{}, unsure: map[*roster.Pupil]string{}, candidates: map[*roster.Pupil][]*models.Pupil{},
		renumbers: request.answer(AskWho, "") != AnswerNew,
	}
	m.obey(request)
	m.byNumber(func(row, pupil *person) bool { return row.name() == pupil.name() && !differs(row.birth, pupil.birth) })
	m.byPerson(func(p *person) string { return p.name() + p.birth.String() }, func(p *person) bool { return !p.birth.IsZero() })
	elsewhere, others := gather(m.left(m.known), (*person).name), gather(m.left(m.rows), (*person).name)
	m.byNumber(func(row, pupil *person) bool {
		// Where two numbers changed places, both names are still there.
		return corrected(row, pupil) && !namesakeOf(row, elsewhere[row.name()], pupil) && !namesakeOf(pupil, others[pupil.name()], row)
	})
	m.byPerson((*person).name, func(*person) bool { return true })
	pupils := gather(m.left(m.known), func(p *person) string { return p.number })
	for _, row := range m.left(m.rows) {
		if m.unsure[row.row] == "" && row.number != "" {
			m.doubt(row, unsureReused, pupils[row.number], func(pupil *person) bool { return !differs(row.birth, pupil.birth) })
		}
	}
	return m
}

// doubt notes that a row may be some of the pupils, if there are any.
func (m *matcher) doubt(row *person, reason string, pupils []*person, may func(*person) bool) {
	for _, pupil := range pupils {
		if may(pupil) {
			m.unsure[row.row] = reason
			m.candidates[row.row] = append(m.candidates[row.row], pupil.pupil)
		}
	}
}

// namesakeOf reports whether one of some people, other than one of them, has somebody's name.
func namesakeOf(p *person, people []*person, but *person) bool {
	return slices.ContainsFunc(people, func(other *person) bool { return other != but && !other.taken && !differs(p.birth, other.birth) })
}

func (m *matcher) left(people []*person) []*person {
	return slices.DeleteFunc(slices.Clone(people), func(p *person) bool { return p.taken })
}

func (m *matcher) take(row, pupil *person, because ...string) {
	row.taken, pupil.taken = true, true
	m.found[row.row] = identity{pupil.pupil, because}
}

// byNumber takes those who have one number, as it is written first, and are the same by what else is known.
func (m *matcher) byNumber(same func(row, pupil *person) bool) {
	for _, number := range []func(*person) string{func(p *person) string { return p.exact }, func(p *person) string { return p.number }} {
		pupils, rows := gather(m.left(m.known), number), gather(m.left(m.rows), number)
		for _, row := range m.left(m.rows) {
			if number(row) == "" {
				continue
			}
			fits := slices.DeleteFunc(slices.Clone(pupils[number(row)]), func(pupil *person) bool { return pupil.taken || !same(row, pupil) })
			rivals := slices.DeleteFunc(slices.Clone(rows[number(row)]), func(other *person) bool { return other.taken || len(fits) > 0 && !same(other, fits[0]) })
			if len(fits) == 1 && len(rivals) == 1 {
				m.take(row, fits[0])
			}
		}
	}
}

// corrected reports whether a pupil of a row's number is the row's, with a name or a birth date that was put right. The surname alone tells little: it is that of
// brothers and sisters too.
func corrected(row, pupil *person) bool {
	given, surname := row.given == pupil.given, row.surname == pupil.surname
	switch {
	case row.birth.IsZero() || pupil.birth.IsZero():
		return given || surname && !row.group.IsZero() && row.group == pupil.group
	case row.birth == pupil.birth, given && surname:
		return true
	}
	return given && (overlap(row.contacts, pupil.contacts) || names.Distance(row.birth.String(), pupil.birth.String()) <= 1)
}

// byPerson takes those who are one person by a key, each the only one of it or told apart by what else is known.
func (m *matcher) byPerson(key func(*person) string, has func(*person) bool) {
	lacks := func(p *person) bool { return !has(p) }
	pupils := gather(slices.DeleteFunc(m.left(m.known), lacks), key)
	rows := gather(slices.DeleteFunc(m.left(m.rows), lacks), key)
	for _, first := range slices.DeleteFunc(m.left(m.rows), lacks) {
		if group := rows[key(first)]; group[0] == first && len(pupils[key(first)]) > 0 {
			m.pair(group, pupils[key(first)])
		}
	}
}

func gather(people []*person, key func(*person) string) map[string][]*person {
	groups := map[string][]*person{}
	for _, p := range people {
		groups[key(p)] = append(groups[key(p)], p)
	}
	return groups
}

// pair takes rows and pupils of one name. Somebody without a number, then or now, is found again; somebody with another number only where numbers may change.
func (m *matcher) pair(rows, pupils []*person) {
	may := func(row, pupil *person) bool {
		return !pupil.taken && !row.taken && !differs(row.birth, pupil.birth) && (row.number == "" || pupil.number == "" || m.renumbers && !strangers(row, pupil))
	}
	// Who is alone on both sides is meant. Of several, whoever has more in common with one than with any other, both ways.
	best := func(of *person, among []*person, may func(*person) bool) *person {
		var first *person
		most, tie := -1, false
		for _, other := range among {
			if !may(other) {
				continue
			}
			switch common := len(inCommon(of, other)); {
			case common > most:
				first, most, tie = other, common, false
			case common == most:
				tie = true
			}
		}
		if tie {
			return nil
		}
		return first
	}
	for again := true; again; {
		again = false
		for _, row := range rows {
			pupil := best(row, pupils, func(other *person) bool { return may(row, other) })
			if pupil == nil || best(pupil, rows, func(other *person) bool { return may(other, pupil) }) != row {
				continue
			}
			again = true
			if row.number == "" || pupil.number == "" {
				m.take(row, pupil)
			} else {
				m.take(row, pupil, inCommon(row, pupil)...)
			}
		}
	}
	m.inOrder(rows, pupils)
	for _, row := range rows {
		if !row.taken {
			m.doubt(row, unsureNamesakes, pupils, func(pupil *person) bool { return may(row, pupil) })
		}
	}
}

// inOrder takes namesakes of whom no file ever told a number, and whom nothing else tells apart, in the order in which they stand: all that is kept of them is the same.
func (m *matcher) inOrder(rows, pupils []*person) {
	numbered := func(p *person) bool { return p.taken || p.number != "" }
	rows, pupils = slices.DeleteFunc(slices.Clone(rows), numbered), slices.DeleteFunc(slices.Clone(pupils), numbered)
	if len(rows) != len(pupils) {
		return
	}
	for i, row := range rows {
		if !differs(row.birth, pupils[i].birth) {
			m.take(row, pupils[i])
		}
	}
}

// inCommon names what two have in common beside the number.
func inCommon(a, b *person) []string {
	facts := []string{becauseName}
	for _, fact := range []struct {
		name string
		same bool
	}{
		{becauseBirth, !a.birth.IsZero() && a.birth == b.birth}, {becausePostcode, a.postcode != "" && a.postcode == b.postcode},
		{becauseGroup, !a.group.IsZero() && a.group == b.group}, {becauseGuardian, overlap(a.contacts, b.contacts)},
	} {
		if fact.same {
			facts = append(facts, fact.name)
		}
	}
	return facts
}

// strangers reports whether two of one name have nothing else in common although several things are known of both.
func strangers(a, b *person) bool {
	compared := 0
	for _, known := range []bool{!a.birth.IsZero() && !b.birth.IsZero(), a.postcode != "" && b.postcode != "", !a.group.IsZero() && !b.group.IsZero(), len(a.contacts) > 0 && len(b.contacts) > 0} {
		if known {
			compared++
		}
	}
	return compared > 1 && len(inCommon(a, b)) == 1
}

func differs(a, b civil.Date) bool { return !a.IsZero() && !b.IsZero() && a != b }

func overlap(a, b []string) bool {
	return slices.ContainsFunc(a, func(value string) bool { return slices.Contains(b, value) })
}
