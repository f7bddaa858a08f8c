package roster

import (
	"strings"

	"github.com/ouderavond/ouderavond/models/civil"
	"github.com/ouderavond/ouderavond/models/names"
)

// finder finds the pupils of a roster by what a second file says of them.
type finder struct {
	pupils []Pupil
	exact  map[string]int
	loose  map[string][]int
	person map[string][]int
}

func newFinder(roster *Roster) *finder {
	f := &finder{pupils: roster.Pupils, exact: map[string]int{}, loose: map[string][]int{}, person: map[string][]int{}}
	for i := range roster.Pupils {
		p := &roster.Pupils[i]
		if !p.KeyIsTemporary {
			f.exact[names.StudentNumber(p.Key)] = i
			loose := names.StudentNumberLoose(p.Key)
			f.loose[loose] = append(f.loose[loose], i)
		}
		id := nameIdentity(p)
		f.person[id] = append(f.person[id], i)
	}
	return f
}

// byNumber finds a pupil by the number as it is, else without zeros in front if only one pupil fits.
func (f *finder) byNumber(number string) (at int, reason Reason) {
	if i, ok := f.exact[names.StudentNumber(number)]; ok {
		return i, ""
	}
	switch fits := f.loose[names.StudentNumberLoose(number)]; len(fits) {
	case 1:
		return fits[0], ""
	case 0:
		return 0, ReasonUnknownPupil
	}
	return 0, ReasonAmbiguousPupil
}

// byPerson finds a pupil by name and birth date, if only one fits. A birth date that one of the files lacks does not count.
func (f *finder) byPerson(p *Pupil) (at int, reason Reason) {
	var fits []int
	for _, i := range f.person[nameIdentity(p)] {
		if samePerson(&f.pupils[i], p) {
			fits = append(fits, i)
		}
	}
	switch len(fits) {
	case 1:
		return fits[0], ""
	case 0:
		return 0, ReasonUnknownPupil
	}
	return 0, ReasonAmbiguousPupil
}

// supplement adds what a second file says to the pupils of the roster.
type supplement struct {
	*csvReader
	*finder
}

func applySupplement(t *table, roster *Roster, options Options, report *Report) {
	c := &csvReader{table: t, options: options, report: report, roster: roster}
	c.warnDuplicates(report)
	c.births, c.leaving = c.readDates(FieldBirthDate, options.Zone, report), c.readDates(FieldLeavingDate, options.Zone, report)
	c.keys = readKeys(t)
	c.people, c.classes = newStaffRoom(roster), newClassRooms(roster)
	c.people.learn(t)
	s := supplement{c, newFinder(roster)}
	teachings := newTeachings()
	fits := 0
	for _, r := range t.rows {
		if s.row(r, teachings) {
			fits++
		}
	}
	teachings.settle(c.people, roster)
	c.settleTeacherEmails()
	c.people.settle(t, report)
	s.checkFit(fits)
}

// checkFit refuses a file that has little to do with the first: to skip most of it would lose pupils without anybody noticing.
func (s supplement) checkFit(fits int) {
	switch {
	case len(s.rows) > 0 && fits == 0:
		s.report.fail(Finding{File: s.file, Reason: ReasonUnusable,
			Message: "no line of this file belongs to a pupil of the first file: are the student numbers the same in both?"})
	case s.has(FieldGiven, FieldFullName) && 2*fits < len(s.rows):
		s.report.fail(Finding{File: s.file, Reason: ReasonSecondRoster,
			Message: "most pupils of this file are not in the first file: put all pupils into one file"})
	}
}

// row adds one row and tells whether it fits a pupil.
func (s supplement) row(r row, teachings *teachings) bool {
	if s.has(FieldPupilNumbers) && !s.has(FieldPupilNumber) {
		return s.guardianRow(r)
	}
	at, ok := s.pupilOf(r)
	if !ok {
		return false
	}
	more := Pupil{Line: r.line, BirthDate: s.births.birthDate(s.table, r, s.roster.ReferenceDate, s.report)}
	if more.Protected = truthy(s.text(r, FieldProtected)); !more.Protected {
		s.address(r, &more)
	}
	more.Year, more.FamilyCode, more.CitizenLast4 = cleanYear(s.text(r, FieldYear)), s.familyCode(r), s.last4(r)
	more.Facts = s.facts(r)
	more.Guardians = s.guardiansOf(r, s.report)
	first := &s.roster.Pupils[at]
	s.groups(r, first, &more)
	s.teach(r, &more, teachings)
	left := s.left(r)
	first.Leaver = first.Leaver || left
	more.Leaver = first.Leaver
	fillHouse(first, &more)
	unite(first, &more, s.file, s.report)
	return true
}

// groups adds groups. A main group counts only for a pupil who has none: files often write the same class in two ways.
func (s supplement) groups(r row, first, more *Pupil) {
	if first.GroupKey == "" {
		s.place(r, more)
		return
	}
	more.GroupKey = first.GroupKey
	for _, name := range splitGroups(s.cells(r, target{field: FieldOtherGroups}), true) {
		more.OtherGroupKeys = union(more.OtherGroupKeys, []string{s.classes.find(name, true)})
	}
}

// fillHouse adds a house number to a pupil whose postcode is known, also where the second file does not repeat it.
func fillHouse(first, more *Pupil) {
	if first.HouseNumber == "" && !first.Protected && (more.Postcode == "" || more.Postcode == first.Postcode) {
		first.HouseNumber, first.HouseNumberAddition = more.HouseNumber, more.HouseNumberAddition
	}
}

// pupilOf finds the pupil of a row by number, else by name and birth date.
func (s supplement) pupilOf(r row) (int, bool) {
	value, header := s.value(r, FieldPupilNumber)
	number, _ := s.keys.clean(value)
	if scientificKey.MatchString(number) {
		s.report.fail(s.finding(r, header, ReasonDamagedKey, "a spreadsheet program has turned this student number into a power of ten: format the column as text and export again"))
		return 0, false
	}
	var at int
	reason := ReasonMissingKey
	if number != "" {
		at, reason = s.byNumber(number)
	} else if s.hasNames() {
		at, reason = s.byPerson(s.person(r))
	}
	if reason == "" {
		return at, true
	}
	message := map[Reason]string{
		ReasonMissingKey:     "the line does not say which pupil it is about; it was skipped",
		ReasonUnknownPupil:   "the first file does not have this pupil; the line was skipped",
		ReasonAmbiguousPupil: "more than one pupil of the first file fits; the line was skipped",
	}[reason]
	s.report.warn(s.finding(r, header, reason, message))
	return 0, false
}

func (s supplement) person(r row) *Pupil {
	p := &Pupil{}
	p.Given, _ = s.nameCell(r, FieldGiven)
	p.Prefix, _ = s.nameCell(r, FieldPrefix)
	p.Surname, _ = s.nameCell(r, FieldSurname)
	if full, _ := s.nameCell(r, FieldFullName); full != "" && (p.Given == "" || p.Surname == "") {
		p.Given, p.Prefix, p.Surname = mergeFullName(full, p.Given, p.Prefix, p.Surname)
	}
	if guess, ok := s.births.guesses[r.line]; ok {
		p.BirthDate, _ = guess.settle(s.roster.ReferenceDate, s.options.Zone)
	}
	if !p.BirthDate.Valid() {
		p.BirthDate = civil.Date{}
	}
	return p
}

// guardianRow reads a row of a list of parents who each name the numbers of their children.
func (s supplement) guardianRow(r row) (fits bool) {
	found := s.guardiansOf(r, s.report)
	for _, cell := range s.cells(r, target{field: FieldPupilNumbers}) {
		for _, number := range strings.FieldsFunc(cell, func(c rune) bool { return strings.ContainsRune(",;|/ \n\t\u00a0", c) }) {
			at, reason := s.byNumber(number)
			if reason != "" {
				s.report.warn(s.finding(r, s.headerOf(FieldPupilNumbers), reason, "one of these student numbers is not that of one pupil of the first file; it was skipped"))
				continue
			}
			p := &s.roster.Pupils[at]
			p.Guardians = uniteGuardians(p.Guardians, found)
			fits = true
		}
	}
	return fits
}
