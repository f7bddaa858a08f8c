package roster

import (
	"slices"
	"strings"

	"github.com/ouderavond/ouderavond/models/names"
)

// classRooms finds and adds the groups of a CSV roster, by name.
type classRooms struct {
	roster *Roster
	byName map[string]int
}

func newClassRooms(roster *Roster) *classRooms {
	c := &classRooms{roster: roster, byName: map[string]int{}}
	for i, g := range roster.Groups {
		c.byName[groupNameKey(g.Name)] = i
		if _, taken := c.byName[groupNameKey(g.Key)]; !taken {
			c.byName[groupNameKey(g.Key)] = i
		}
	}
	return c
}

// groupNameKey compares group names without case and spaces. Punctuation stays, because it may tell two groups apart: "5/6" is not "56".
func groupNameKey(name string) string {
	return strings.ToLower(strings.Join(strings.Fields(name), ""))
}

// find returns the key of a group and adds one that is not known yet.
func (c *classRooms) find(name string, composite bool) string {
	name = names.Digits(cleanCell(name))
	if name == "" || len([]rune(name)) > maxName {
		return ""
	}
	id := groupNameKey(name)
	if at, known := c.byName[id]; known {
		c.roster.Groups[at].Composite = c.roster.Groups[at].Composite && composite
		return c.roster.Groups[at].Key
	}
	c.byName[id] = len(c.roster.Groups)
	c.roster.Groups = append(c.roster.Groups, Group{Key: name, Name: name, Composite: composite})
	return name
}

// known returns the key of a group that the roster has.
func (c *classRooms) known(name string) (string, bool) {
	at, ok := c.byName[groupNameKey(cleanCell(name))]
	if !ok {
		return "", false
	}
	return c.roster.Groups[at].Key, true
}

// years gives a group the year of its pupils where they agree.
func (c *classRooms) years(roster *Roster) {
	found := map[string][]string{}
	for i := range roster.Pupils {
		p := &roster.Pupils[i]
		found[p.GroupKey] = union(found[p.GroupKey], []string{p.Year})
	}
	for i := range roster.Groups {
		if g := &roster.Groups[i]; g.Year == "" && len(found[g.Key]) == 1 {
			g.Year = found[g.Key][0]
		}
	}
}

// place reads the groups of a row: the first column is the main group, the others and the columns of clusters are composite groups.
func (c *csvReader) place(r row, p *Pupil) {
	main := splitGroups(c.cells(r, target{field: FieldGroup}), false)
	others := splitGroups(c.cells(r, target{field: FieldOtherGroups}), true)
	if len(main) == 0 && !c.has(FieldGroup) && len(others) > 0 {
		main, others, p.GroupIsGuessed = others[:1], others[1:], true
	}
	for i, name := range main {
		if i == 0 {
			p.GroupKey = c.classes.find(name, false)
		} else {
			p.OtherGroupKeys = union(p.OtherGroupKeys, []string{c.classes.find(name, true)})
		}
	}
	for _, name := range others {
		p.OtherGroupKeys = union(p.OtherGroupKeys, []string{c.classes.find(name, true)})
	}
	p.OtherGroupKeys = without(p.OtherGroupKeys, p.GroupKey)
}

// maxGroups is how many groups of a cell, or references of a person, are read.
const maxGroups = 200

// splitGroups cuts cells with several groups. A comma divides only where several groups are expected: it may be part of a name.
func splitGroups(cells []string, commas bool) []string {
	var found []string
	for _, cell := range cells {
		for _, part := range strings.FieldsFunc(cell, func(r rune) bool { return r == ';' || r == '|' || r == '\n' || (commas && r == ',') }) {
			if name := cleanCell(part); name != "" && len(found) < maxGroups {
				found = append(found, name)
			}
		}
	}
	return found
}

// teachings collects which teachers are named beside the pupils of a group. Only where all pupils for whom somebody is named have the same teachers are
// these the group's.
type teachings struct {
	byGroup map[string]map[string][]claim // group -> who is named, as a text -> who
	direct  []claim
}

// claim says that somebody teaches a group.
type claim struct {
	teacher, group, subject string
	role                    Role
}

func newTeachings() *teachings { return &teachings{byGroup: map[string]map[string][]claim{}} }

func (t *teachings) note(group string, claims []claim) {
	if group == "" || len(claims) == 0 {
		return
	}
	var parts []string
	for _, c := range claims {
		parts = append(parts, c.teacher+"\x00"+string(c.role))
	}
	slices.Sort(parts)
	if t.byGroup[group] == nil {
		t.byGroup[group] = map[string][]claim{}
	}
	t.byGroup[group][strings.Join(parts, "\x01")] = claims
}

func (t *teachings) settle(people *staffRoom, roster *Roster) {
	for _, g := range roster.Groups {
		if len(t.byGroup[g.Key]) != 1 {
			continue
		}
		for _, claims := range t.byGroup[g.Key] {
			for _, c := range claims {
				people.link(c.teacher, g.Key, c.role, "")
			}
		}
	}
	for _, c := range t.direct {
		people.link(c.teacher, c.group, c.role, c.subject)
	}
}

// teach reads the teachers of a row. Beside a subject they teach the group of the row; otherwise they are the pupil's own.
func (c *csvReader) teach(r row, p *Pupil, all *teachings) {
	subject := c.text(r, FieldSubject)
	lesson := c.has(FieldSubject)
	var claims []claim
	var named []string
	add := func(teacher string, role Role) {
		if teacher == "" {
			return
		}
		named = union(named, []string{teacher})
		if lesson && role != RoleMentor {
			all.direct = append(all.direct, claim{teacher, p.GroupKey, subject, RoleSubject})
			return
		}
		p.TeacherKeys = union(p.TeacherKeys, []string{teacher})
		claims = append(claims, claim{teacher, p.GroupKey, "", role})
	}
	for _, n := range c.people.named(c.table, r) {
		add(c.people.find(n, r.line), map[Field]Role{FieldTeacher: RoleGroup, FieldMentor: RoleMentor}[n.field])
	}
	if teacher := c.separateTeacher(r); teacher != "" {
		role := RoleGroup
		if truthy(c.text(r, FieldIsMentor)) {
			role = RoleMentor
			if lesson {
				all.direct = append(all.direct, claim{teacher, p.GroupKey, subject, RoleSubject})
			}
		}
		add(teacher, role)
	}
	c.teacherMail(r, named)
	all.note(p.GroupKey, claims)
}

// separateTeacher reads a teacher who has columns of their own: code, given name, prefix, surname.
func (c *csvReader) separateTeacher(r row) string {
	email := ""
	if found, _ := emails(c.text(r, FieldTeacherEmail)); len(found) > 0 && !c.has(FieldTeacher, FieldMentor) {
		email = found[0]
	}
	return c.people.separate(c.table, r, email)
}

func (s *staffRoom) separate(t *table, r row, email string) string {
	n, ok := separateName(t, r)
	if !ok {
		return ""
	}
	n.email = email
	return s.find(n, r.line)
}

func separateName(t *table, r row) (n teacherName, ok bool) {
	n = teacherName{given: cleanName(t.text(r, FieldTeacherGiven)), prefix: cleanName(t.text(r, FieldTeacherPrefix)), surname: cleanName(t.text(r, FieldTeacherSurname))}
	code := t.text(r, FieldTeacherCode)
	if n.surname == "" && n.given == "" && (code == "" || t.has(FieldTeacher, FieldMentor)) {
		return n, false
	}
	if n.prefix == "" {
		n.prefix, n.surname = names.SplitPrefix(n.surname)
	}
	if len(code) <= maxKey {
		n.code = code
	}
	return n, true
}
