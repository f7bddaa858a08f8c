package roster

import (
	"slices"
	"strings"

	"github.com/ouderavond/ouderavond/models/names"
)

// staffRoom finds and adds the teachers of a roster.
type staffRoom struct {
	roster *Roster
	byKey  map[string]int
	byName map[string][]int
	plain  map[string]bool            // cells that are one name without a comma
	mails  map[string]map[string]bool // the addresses that stand beside a name
	// commasInNames says that a cell has a comma between surname and given name, and not between people.
	commasInNames bool
	unsure        int  // the first line that names one of several teachers of that name; zero if none does
	coded         bool // a code was used
}

func newStaffRoom(roster *Roster) *staffRoom {
	s := &staffRoom{roster: roster, byKey: map[string]int{}, byName: map[string][]int{}, plain: map[string]bool{}, mails: map[string]map[string]bool{}}
	for i := range roster.Teachers {
		s.remember(i)
	}
	return s
}

func (s *staffRoom) remember(i int) {
	t := &s.roster.Teachers[i]
	s.byKey[t.Key] = i
	if name := TeacherNameKey(t.Given, t.Prefix, t.Surname); name != "" {
		s.byName[name] = append(s.byName[name], i)
	}
}

// TeacherNameKey returns the key of a teacher who has no code: it is made of the name. It is empty for a name without letters.
func TeacherNameKey(given, prefix, surname string) string {
	g, s := names.Key(given), names.Surname(prefix, surname)
	if g == "" && s == "" {
		return ""
	}
	return s + "|" + g
}

// learn looks at all teachers of a file beforehand. "Ayse Gunes, Per Jansen" can then be told from "Gunes, Ayse", since in a list the parts occur alone too; and who has a
// code or an address on one line is known on the others.
func (s *staffRoom) learn(t *table) {
	for _, field := range []Field{FieldTeacher, FieldMentor} {
		for _, i := range t.at[target{field: field}] {
			for _, cell := range t.column(i) {
				if !strings.Contains(cell, ",") {
					s.plain[names.Key(cell)] = true
				}
				for _, part := range splitTeachers(cell) {
					before, after, found := strings.Cut(part, ",")
					s.commasInNames = s.commasInNames || found && !strings.Contains(after, ",") && (!wholeName(names.Clean(before)) || !wholeName(names.Clean(after)))
				}
			}
		}
	}
	if !t.has(FieldTeacherCode, FieldTeacherEmail) {
		return
	}
	for _, r := range t.rows {
		named := s.named(t, r)
		if n, ok := separateName(t, r); ok && len(named) == 0 {
			if found, _ := emails(t.text(r, FieldTeacherEmail)); len(found) > 0 {
				n.email = found[0]
			}
			named = append(named, n)
		}
		for _, n := range named {
			name := TeacherNameKey(n.given, n.prefix, n.surname)
			if n.email != "" && s.mails[name] == nil {
				s.mails[name] = map[string]bool{}
			}
			if n.email != "" {
				s.mails[name][n.email] = true
			}
			if n.code != "" {
				s.find(n, r.line)
			}
		}
	}
}

// teacherName is one teacher as a row names them, with the role that the column gives.
type teacherName struct {
	given, prefix, surname, display string
	code, email                     string
	field                           Field
}

// named returns the teachers whom the columns of a row for whole names name. A code or an address is that of the teacher of the row where there is one; of several
// where there are as many codes.
func (s *staffRoom) named(t *table, r row) (found []teacherName) {
	for _, field := range []Field{FieldTeacher, FieldMentor} {
		for _, cell := range t.cells(r, target{field: field}) {
			for _, n := range s.parse(cell) {
				n.field = field
				found = append(found, n)
			}
		}
	}
	var codes []string
	for _, cell := range t.cells(r, target{field: FieldTeacherCode}) {
		codes = append(codes, strings.FieldsFunc(cell, func(c rune) bool { return strings.ContainsRune(";,/|&+\n", c) })...)
	}
	for i := range found {
		if len(codes) == len(found) {
			found[i].code = limit(cleanCell(codes[i]))
		}
	}
	if len(found) == 1 {
		if mails, _ := emails(t.text(r, FieldTeacherEmail)); len(mails) > 0 {
			found[0].email = mails[0]
		}
	}
	return found
}

// find returns the key of a teacher and adds one who is not known yet. Codes tell people apart, then addresses, then names. It returns nothing for a name without
// letters, and for one of several people of whom nobody knows who is meant.
func (s *staffRoom) find(n teacherName, line int) string {
	name := TeacherNameKey(n.given, n.prefix, n.surname)
	if at, known := s.byKey[n.code]; n.code != "" && known {
		return s.meet(at, n)
	}
	if at, known := s.byKey[n.display]; known && n.code == "" && !s.roster.Teachers[at].KeyFromName { // a code where others have names
		return s.meet(at, n)
	}
	var fits []int
	for _, at := range s.byName[name] {
		t := &s.roster.Teachers[at]
		// One file with two addresses for a name means two people; another address than another file's means a new address.
		if (n.code == "" || t.KeyFromName) && !(len(s.mails[name]) > 1 && differ(n.email, t.Email)) {
			fits = append(fits, at)
		}
	}
	if sure := slices.DeleteFunc(slices.Clone(fits), func(at int) bool { return n.email == "" || s.roster.Teachers[at].Email != n.email }); len(sure) > 0 {
		fits = sure
	}
	switch {
	case name == "" && n.code == "":
		return ""
	case name != "" && len(fits) == 1 && !(n.email == "" && n.code == "" && len(s.mails[name]) > 1):
		return s.meet(fits[0], n)
	case name != "" && len(fits) > 0, n.email == "" && n.code == "" && len(s.mails[name]) > 1:
		if s.unsure == 0 {
			s.unsure = line
		}
		return ""
	}
	return s.add(n, name)
}

// meet adds what a row says of a teacher who is known.
func (s *staffRoom) meet(at int, n teacherName) string {
	t := &s.roster.Teachers[at]
	if t.Email == "" {
		t.Email = n.email
	}
	s.coded = s.coded || n.code != ""
	return t.Key
}

func (s *staffRoom) add(n teacherName, name string) string {
	t := Teacher{Key: n.code, Given: n.given, Prefix: n.prefix, Surname: n.surname, DisplayName: n.display, Email: n.email}
	s.coded = s.coded || n.code != ""
	if n.code == "" {
		t.Key, t.KeyFromName = name, true
		if len(s.mails[name]) > 1 { // of one name, and told apart by the address alone
			t.Key += "|" + n.email
		}
	}
	if t.DisplayName == "" {
		t.DisplayName = firstFilled(joinName(n.given, n.prefix, n.surname), n.code)
	}
	s.roster.Teachers = append(s.roster.Teachers, t)
	s.remember(len(s.roster.Teachers) - 1)
	return t.Key
}

// settle says what nobody could know. A column of codes of which none was used counts as ignored.
func (s *staffRoom) settle(t *table, report *Report) {
	if s.unsure > 0 {
		report.warn(Finding{File: t.file, Line: s.unsure, Reason: ReasonAmbiguousTeacher,
			Message: "several teachers have this name, and the line does not say which of them is meant: it was left out, here and on all lines like this"})
	}
	if s.coded {
		return
	}
	for i := range t.columns {
		if column := &t.columns[i]; column.target.field == FieldTeacherCode {
			column.release(ColumnIgnored)
		}
	}
}

func joinName(parts ...string) string {
	return strings.Join(slices.DeleteFunc(slices.Clone(parts), func(p string) bool { return p == "" }), " ")
}

// link ties a teacher to a group, once per subject, uniting the roles.
func (s *staffRoom) link(teacher, group string, role Role, subject string) {
	at, ok := s.byKey[teacher]
	if !ok || group == "" {
		return
	}
	t := &s.roster.Teachers[at]
	t.Roles = union(t.Roles, []Role{role})
	for i := range t.Groups {
		if t.Groups[i].GroupKey == group && t.Groups[i].Subject == subject {
			t.Groups[i].Roles = union(t.Groups[i].Roles, []Role{role})
			return
		}
	}
	t.Groups = append(t.Groups, Teaching{GroupKey: group, Roles: []Role{role}, Subject: subject})
}

// maxTeachers is how many teachers of a cell are read.
const maxTeachers = 30

// parse reads the teachers of a cell: "Berg, Chloë van 't; Jansen-Björk, Per" is two, "Gunes, Ayse" and "Noor van Elst" are one.
func (s *staffRoom) parse(cell string) []teacherName {
	var found []teacherName
	for _, part := range splitTeachers(cell) {
		if len(found) >= maxTeachers {
			break
		}
		for _, one := range s.splitCommas(part) {
			if n, ok := readTeacher(one); ok {
				found = append(found, n)
			}
		}
	}
	return found
}

// splitTeachers cuts at what can only stand between two people.
func splitTeachers(cell string) []string {
	for _, between := range []string{" en ", " and ", " und ", " & ", "&", " + ", "|", "\n", " / "} {
		cell = strings.ReplaceAll(cell, between, ";")
	}
	var parts []string
	for _, part := range strings.Split(cell, ";") {
		// A slash within v/d is no border.
		if !strings.Contains(strings.ToLower(part), "v/d") {
			parts = append(parts, strings.Split(part, "/")...)
		} else {
			parts = append(parts, part)
		}
	}
	return parts
}

// splitCommas decides whether commas divide people or stand between surname and given name.
func (s *staffRoom) splitCommas(text string) []string {
	parts := strings.Split(text, ",")
	for i := range parts {
		parts[i] = names.Clean(parts[i])
	}
	parts = slices.DeleteFunc(parts, func(p string) bool { return p == "" })
	switch {
	case len(parts) < 2:
		return parts
	case len(parts) == 2:
		alone := s.plain[names.Key(parts[0])] || s.plain[names.Key(parts[1])]
		if (alone || !s.commasInNames) && wholeName(parts[0]) && wholeName(parts[1]) {
			return parts
		}
		return []string{parts[0] + ", " + parts[1]}
	case len(parts)%2 == 0 && !allWhole(parts):
		var pairs []string
		for i := 0; i < len(parts); i += 2 {
			pairs = append(pairs, parts[i]+", "+parts[i+1])
		}
		return pairs
	}
	return parts
}

// wholeName reports whether a text is given name and surname, and not a surname with its prefix.
func wholeName(text string) bool {
	parts := strings.Fields(text)
	return len(parts) > 1 && !names.IsPrefix(parts[0])
}

func allWhole(parts []string) bool {
	return !slices.ContainsFunc(parts, func(p string) bool { return len(strings.Fields(p)) < 2 })
}

var titles = words("juf juffrouw meester mr mw mevr mevrouw dhr heer drs dr ir ing prof frau herr mme ms mrs miss meneer")

// readTeacher reads one name. What stands in brackets (a code, a day) is left out; a title stays in the display name only.
func readTeacher(text string) (teacherName, bool) {
	if open := strings.IndexAny(text, "(["); open >= 0 {
		text = text[:open]
	}
	text = cleanCell(strings.Trim(text, " \t\n,.-:"))
	bare := text
	for {
		first, rest, found := strings.Cut(bare, " ")
		if !found || !titles[strings.ToLower(strings.Trim(first, "."))] && !strings.HasPrefix(strings.ToLower(bare), "de heer ") {
			break
		}
		bare = rest
	}
	if names.Key(bare) == "" || len([]rune(bare)) > maxName {
		return teacherName{}, false
	}
	n := teacherName{}
	n.given, n.prefix, n.surname = splitFullName(bare)
	n.display = text
	if strings.Contains(bare, ",") {
		n.display = joinName(n.given, n.prefix, n.surname)
	}
	return n, true
}

// roleWords are the roles as files write them: the codes of EdeXML (version 2.1, rol) and Dutch and English words.
var roleWords = map[Role]map[string]bool{
	RoleMentor:    words("mentor klassenmentor coach tutor studiecoach titularis klassentitularis"),
	RoleGroup:     words("lrk leerkracht groepsleerkracht groep leraar leerkrachtgroep duo duopartner juf meester teacher classteacher"),
	RoleSubject:   words("vak vakleerkracht vakdocent docent vakleraar subject subjectteacher"),
	RoleCare:      words("ib rt smw los zorg internbegeleider zorgcoordinator remedialteacher care"),
	RoleAssistant: words("owa kla onderwijsassistent klassenassistent assistent leraarondersteuner assistant"),
	RoleTrainee:   words("sta stagiair stagiaire lio stage trainee"),
	RoleHead:      words("dir adj loc directeur directie adjunct locatieleider teamleider head"),
	RoleParent:    words("oud ouder hulpouder parent"),
	RoleOther:     words("adm con ict tal administratie concierge other overig"),
}

// parseRole reads a role; unknown text is RoleOther.
func parseRole(text string) Role {
	key := foldHeader(text)
	for _, role := range []Role{RoleMentor, RoleGroup, RoleSubject, RoleCare, RoleAssistant, RoleTrainee, RoleHead, RoleParent, RoleOther} {
		if roleWords[role][key] {
			return role
		}
	}
	return RoleOther
}
