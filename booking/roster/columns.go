package roster

import (
	"regexp"
	"slices"
	"strings"

	"github.com/ouderavond/ouderavond/models/names"
)

// column is a column of a CSV file and what becomes of it.
type column struct {
	header  string
	key     string
	target  target
	state   string
	because string // why: one of the reasons of ColumnReport
	suggest target // what the values look like, where that is not what is read
	byHand  bool   // bound by Options.Mapping, or by what is remembered of an earlier one
	citizen bool   // its header names a whole citizen service number
	heading bool   // it stands nowhere: its cells are the headings above the rows
}

func (c *column) bind(t target) {
	c.target, c.state = t, ColumnBound
	if c.because == "" {
		c.because = BecauseHeader
	}
}

func (c *column) release(state string) { c.target, c.state = target{}, state }

// columnSet is the columns of one file, and how they are found by field.
type columnSet struct{ columns []column }

// bindColumns decides what each header means, first alone and then in the company of the others.
func bindColumns(headers []string, options Options) columnSet {
	set := columnSet{columns: make([]column, len(headers))}
	chosen := chosenFields(headers, options)
	for i, header := range headers {
		header = names.Clean(header)
		given := chosen[foldHeader(header)]
		if header == "" {
			given = chosen[placeKey(i)]
		}
		set.columns[i] = bindAlone(header, given, options.CitizenLast4)
	}
	set.bindNames()
	set.bindNumbers()
	set.bindGuardianFile()
	set.bindTeacherFile()
	return set
}

func bindAlone(header string, given chosenField, last4 bool) column {
	c := column{header: header, key: foldHeader(header), state: ColumnIgnored}
	if whole, four := isCitizenNumber(c.key); whole || four {
		c.state, c.because, c.citizen = ColumnDropped, BecauseHeader, whole
		if four && last4 {
			c.bind(target{field: FieldCitizenLast4})
		}
		return c
	}
	if given.word != "" {
		if t, ok := parseTarget(given.word); ok && (last4 || t.field != FieldCitizenLast4) {
			c.byHand, c.because = true, given.because
			if t.field != fieldIgnored {
				c.bind(t)
			}
		}
		return c
	}
	if field, ok := lookUp(c.key); ok {
		c.bind(target{field: field})
	} else if notKept[c.key] {
		c.state, c.because = ColumnDropped, BecauseHeader
	} else if t, ok := guardianTarget(c.key); ok {
		c.bind(t)
	} else if field, ok := lookUpParts(header); ok {
		c.bind(target{field: field})
	}
	return c
}

var (
	remark      = regexp.MustCompile(`\s*[(\[][^)\]]*[)\]]\s*$`)
	headerParts = regexp.MustCompile(`[/,+&]| en | of | and | or `)
)

// lookUpParts finds a header of which only a part is an alias: with a remark behind it ("Geboortedatum (dd-mm-jjjj)"), with two words for one thing
// ("Klas/groep"), with the word pupil ("Stamnummer leerling"), or with the two parts of a name ("Achternaam, roepnaam").
func lookUpParts(header string) (Field, bool) {
	if strings.ContainsAny(header, "([") {
		header = remark.ReplaceAllString(header, "")
	}
	key := foldHeader(header)
	for _, key := range []string{key, strings.TrimSuffix(strings.TrimPrefix(key, "leerling"), "leerling")} {
		if field, ok := lookUp(key); ok {
			return field, true
		}
	}
	if !strings.ContainsAny(header, "/,+& ") {
		return "", false
	}
	var fields []Field
	for _, part := range headerParts.Split(header, -1) {
		field, ok := lookUp(foldHeader(part))
		if !ok {
			return "", false
		}
		fields = append(fields, field)
	}
	switch same := slices.Compact(slices.Clone(fields)); {
	case len(same) == 1:
		return same[0], true
	case len(same) == 2 && same[0] == FieldHouseNumber && same[1] == FieldHouseAddition:
		return FieldHouseNumber, true
	case !slices.ContainsFunc(fields, func(f Field) bool { return f != FieldGiven && f != FieldPrefix && f != FieldSurname }):
		return FieldFullName, true
	}
	return "", false
}

// lookUp finds a header among the aliases. Teachers may be numbered: "Klassenmentor 1".
func lookUp(key string) (Field, bool) {
	if field, ok := aliases[key]; ok {
		return field, true
	}
	if field, ok := factColumns[key]; ok {
		return field, true
	}
	if bare := strings.TrimRight(key, "123456"); bare != key {
		if field := aliases[bare]; field == FieldTeacher || field == FieldMentor || field == FieldTeacherEmail {
			return field, true
		}
	}
	return "", false
}

func (s columnSet) has(fields ...Field) bool {
	return slices.ContainsFunc(s.columns, func(c column) bool { return slices.Contains(fields, c.target.field) })
}

// bindNames settles "naam", which is the surname beside a given name and else the full name, and drops a full name that adds nothing.
func (s columnSet) bindNames() {
	for i := range s.columns {
		c := &s.columns[i]
		if c.byHand || (c.key != "naam" && c.key != "name" && c.key != "nom") {
			continue
		}
		switch {
		case s.has(FieldGiven) && !s.has(FieldSurname):
			c.bind(target{field: FieldSurname})
		case !s.has(FieldFullName) && !s.has(FieldSurname):
			c.bind(target{field: FieldFullName})
		}
	}
	if !s.has(FieldGiven) || !s.has(FieldSurname) {
		return
	}
	for i := range s.columns {
		if c := &s.columns[i]; c.target.field == FieldFullName && !c.byHand {
			c.release(ColumnIgnored)
		}
	}
}

// bindNumbers settles the headers that mean a pupil's number in one file and a house number in another.
func (s columnSet) bindNumbers() {
	for i := range s.columns {
		c := &s.columns[i]
		if c.byHand || c.state != ColumnIgnored {
			continue
		}
		afterStreet := i > 0 && (s.columns[i-1].target.field == fieldStreet || s.columns[i-1].target.field == FieldAddress)
		afterNumber := i > 0 && s.columns[i-1].target.field == FieldHouseNumber
		switch c.key {
		case "tv":
			if afterNumber {
				c.bind(target{field: FieldHouseAddition})
			} else if s.has(FieldSurname) {
				c.bind(target{field: FieldPrefix})
			}
		case "nr", "nummer", "no":
			if afterStreet || (c.key == "nr" && s.has(FieldPostcode) && !s.has(FieldHouseNumber) && s.has(FieldPupilNumber)) {
				c.bind(target{field: FieldHouseNumber})
			}
		}
	}
	for i := range s.columns {
		// "Huisnr. + toev." is both, where no column holds the number alone.
		c := &s.columns[i]
		if c.target.field == FieldHouseAddition && strings.HasPrefix(c.key, "huisn") && !s.has(FieldHouseNumber) && !c.byHand {
			c.bind(target{field: FieldHouseNumber})
		}
	}
	for i := range s.columns {
		c := &s.columns[i]
		if c.state == ColumnIgnored && !c.byHand && weakNumbers[c.key] && !s.has(FieldPupilNumber, FieldPupilNumbers) {
			c.bind(target{field: FieldPupilNumber})
		}
		if c.target.field == fieldStreet {
			c.release(ColumnIgnored)
		}
	}
}

// rebind gives columns another meaning in files that are not about pupils.
func (s columnSet) rebind(fields map[Field]Field, keys map[string]Field) {
	for i := range s.columns {
		c := &s.columns[i]
		field, ok := fields[c.target.field]
		if !ok && c.state != ColumnBound && !c.citizen {
			field, ok = keys[c.key]
		}
		if !ok || c.byHand {
			continue
		}
		t := target{field: field}
		if strings.HasPrefix(string(field), "guardian") {
			t.guardian = 1
		}
		c.bind(t)
	}
}

// bindGuardianFile handles a list of parents who each name their children's numbers: there, names and addresses are the parents'.
func (s columnSet) bindGuardianFile() {
	if !s.has(FieldPupilNumbers) || s.has(FieldPupilNumber) {
		return
	}
	s.rebind(
		map[Field]Field{FieldSurname: FieldGuardianFamily, FieldGiven: FieldGuardianGiven, FieldPrefix: FieldGuardianPrefix, FieldFullName: FieldGuardianName},
		map[string]Field{"email": FieldGuardianEmail, "emailadres": FieldGuardianEmail, "mail": FieldGuardianEmail, "telefoon": FieldGuardianPhone,
			"telefoonnummer": FieldGuardianPhone, "mobiel": FieldGuardianPhone, "gsm": FieldGuardianPhone, "naam": FieldGuardianName},
	)
}

// bindTeacherFile handles a list of groups with their teachers: there, the e-mail address is the teacher's.
func (s columnSet) bindTeacherFile() {
	if s.isTeachers() {
		s.rebind(nil, map[string]Field{"email": FieldTeacherEmail, "emailadres": FieldTeacherEmail, "mail": FieldTeacherEmail, "mailadres": FieldTeacherEmail,
			"code": FieldTeacherCode, "afkorting": FieldTeacherCode})
	}
}

func (s columnSet) hasNames() bool { return s.has(FieldGiven, FieldSurname, FieldFullName) }

func (s columnSet) isTeachers() bool {
	byName := s.has(FieldGroup) && s.has(FieldTeacher, FieldMentor, FieldTeacherSurname)
	byLesson := s.has(FieldGroup, FieldOtherGroups) && s.has(FieldSubject) && s.has(FieldTeacher, FieldTeacherSurname, FieldTeacherCode)
	return (byName || byLesson) && !s.hasNames() && !s.has(FieldPupilNumber, FieldPupilNumbers)
}

// isLessons reports whether rows say which teacher gives a pupil which lessons, and nothing of the pupil but who it is.
func (s columnSet) isLessons() bool {
	return s.has(FieldPupilNumber) && s.has(FieldSubject) && s.has(FieldTeacher, FieldTeacherSurname, FieldTeacherCode) &&
		!s.has(FieldBirthDate, FieldPostcode, FieldHouseNumber, FieldGuardianName, FieldGuardianEmail, FieldGuardianPhone, FieldFamilyCode)
}

// onlyLessons reports whether a list of teachers says who gives which lessons, and nothing of mentors and other roles.
func (s columnSet) onlyLessons() bool {
	return s.has(FieldSubject) && !s.has(FieldTeacherRole, FieldMentor, FieldIsMentor)
}

// namesTeachers reports whether a column can hold a teacher.
func (s columnSet) namesTeachers() bool {
	return s.has(FieldTeacher, FieldMentor, FieldTeacherCode, FieldTeacherGiven, FieldTeacherPrefix, FieldTeacherSurname, FieldTeacherEmail)
}

// usable reports whether the columns say of whom the rows speak.
func (s columnSet) usable() bool {
	return s.hasNames() || s.has(FieldPupilNumber, FieldPupilNumbers) || s.isTeachers()
}

// known counts the columns whose header means something, once per meaning.
func (s columnSet) known() int {
	seen := map[string]bool{}
	for _, c := range s.columns {
		if c.state == ColumnBound {
			seen[c.target.String()] = true
		} else if c.state == ColumnDropped {
			seen[c.key] = true
		}
	}
	return len(seen)
}
