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
	byName map[string]int
	plain  map[string]bool // cells that are one name without a comma
}

func newStaffRoom(roster *Roster) *staffRoom {
	s := &staffRoom{roster: roster, byKey: map[string]int{}, byName: map[string]int{}, plain: map[string]bool{}}
	for i := range roster.Teachers {
		s.remember(i)
	}
	return s
}

func (s *staffRoom) remember(i int) {
	t := &s.roster.Teachers[i]
	s.byKey[t.Key] = i
	if name := teacherNameKey(t.Given, t.Prefix, t.Surname); name != "" {
		if _, taken := s.byName[name]; !taken {
			s.byName[name] = i
		}
	}
}

func teacherNameKey(given, prefix, surname string) string {
	g, s := names.Key(given), names.Surname(prefix, surname)
	if g == "" && s == "" {
		return ""
	}
	return s + "|" + g
}

// learn looks at all teacher cells of a file, so that "Ayse Gunes, Per Jansen" can be told from "Gunes, Ayse": in a list, the parts occur alone too.
func (s *staffRoom) learn(t *table) {
	for _, field := range []Field{FieldTeacher, FieldMentor} {
		for _, i := range t.at[target{field: field}] {
			for _, cell := range t.column(i) {
				if !strings.Contains(cell, ",") {
					s.plain[names.Key(cell)] = true
				}
			}
		}
	}
}

// teacherName is one teacher as a cell names them.
type teacherName struct{ given, prefix, surname, display string }

// find returns the key of a teacher and adds one who is not known yet. It returns nothing for a name without letters.
func (s *staffRoom) find(n teacherName, code, email string) string {
	name := teacherNameKey(n.given, n.prefix, n.surname)
	at, known := s.byKey[code]
	if code == "" || !known {
		at, known = s.byName[name]
		known = known && name != "" && (code == "" || s.roster.Teachers[at].KeyFromName)
	}
	if known {
		if t := &s.roster.Teachers[at]; t.Email == "" {
			t.Email = email
		}
		return s.roster.Teachers[at].Key
	}
	if code == "" && name == "" {
		return ""
	}
	t := Teacher{Key: code, Given: n.given, Prefix: n.prefix, Surname: n.surname, DisplayName: n.display, Email: email}
	if code == "" {
		t.Key, t.KeyFromName = name, true
	}
	if t.DisplayName == "" {
		t.DisplayName = firstFilled(joinName(n.given, n.prefix, n.surname), code)
	}
	s.roster.Teachers = append(s.roster.Teachers, t)
	s.remember(len(s.roster.Teachers) - 1)
	return t.Key
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
	whole := func(p string) bool { return len(strings.Fields(p)) > 1 && !names.IsPrefix(strings.Fields(p)[0]) }
	switch {
	case len(parts) < 2:
		return parts
	case len(parts) == 2:
		alone := s.plain[names.Key(parts[0])] || s.plain[names.Key(parts[1])]
		if alone && whole(parts[0]) && whole(parts[1]) {
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
