package roster

import "strings"

// Teacher is a member of staff whom the roster names.
type Teacher struct {
	// Key is the school's key; where the file has none, made of the name (KeyFromName).
	Key         string     `json:"key"`
	KeyFromName bool       `json:"key_from_name,omitempty"`
	Given       string     `json:"given,omitempty"`
	Prefix      string     `json:"prefix,omitempty"`
	Surname     string     `json:"surname,omitempty"`
	DisplayName string     `json:"display_name"`
	Email       string     `json:"email,omitempty"`
	Roles       []Role     `json:"roles,omitempty"`
	Groups      []Teaching `json:"groups,omitempty"`
}

// Teaching ties a teacher to a group. Roles is never empty.
type Teaching struct {
	GroupKey string `json:"group_key"`
	Roles    []Role `json:"roles"`
	Subject  string `json:"subject,omitempty"`
}

// applyTeachers ties teachers to the groups of a roster, as a table "group;teacher;role;subject;email" says. A group that the roster does not have is a
// warning.
func applyTeachers(t *table, roster *Roster, report *Report) {
	people, classes := newStaffRoom(roster), newClassRooms(roster)
	people.learn(t)
	for _, r := range t.rows {
		for _, cell := range t.taughtGroups(r) {
			group, known := classes.known(cell)
			if !known {
				report.warn(Finding{File: t.file, Line: r.line, Field: t.headerOf(FieldGroup), Reason: ReasonUnknownGroup,
					Message: "the roster has no group of this name; the line was skipped"})
				continue
			}
			t.teacherRow(r, group, people, report)
		}
	}
	roster.OnlyLessons = roster.OnlyLessons || t.onlyLessons()
	people.settle(t, report)
}

// taughtGroups returns the groups of a row: the lesson group, where the list has lesson groups, and else the class.
func (t *table) taughtGroups(r row) []string {
	if groups := splitGroups(t.cells(r, target{field: FieldOtherGroups}), true); len(groups) > 0 {
		return groups
	}
	return t.cells(r, target{field: FieldGroup})
}

func (t *table) teacherRow(r row, group string, people *staffRoom, report *Report) {
	address := t.teacherEmail(r, report)
	subject := t.text(r, FieldSubject)
	if len([]rune(subject)) > maxName {
		subject = ""
	}
	for _, n := range people.named(t, r) {
		people.link(people.find(n, r.line), group, t.teacherRole(r, n.field, subject), subject)
	}
	if !t.has(FieldTeacher, FieldMentor) {
		people.link(people.separate(t, r, address), group, t.teacherRole(r, FieldTeacher, subject), subject)
	}
}

func (t *table) teacherRole(r row, field Field, subject string) Role {
	if text := t.text(r, FieldTeacherRole); text != "" {
		role := parseRole(text)
		return role
	}
	switch {
	case field == FieldMentor, truthy(t.text(r, FieldIsMentor)):
		return RoleMentor
	case subject != "":
		return RoleSubject
	}
	return RoleGroup
}

func (t *table) teacherEmail(r row, report *Report) string {
	value, header := t.value(r, FieldTeacherEmail)
	if value == "" {
		return ""
	}
	found, _ := emails(value)
	if len(found) == 0 {
		report.warn(Finding{File: t.file, Line: r.line, Field: header, Reason: ReasonBadEmail, Message: "this is no e-mail address that can be written to; it was left out"})
		return ""
	}
	return found[0]
}

// teacherHeader is the order of columns where a pasted table has no header.
const teacherHeader = "groep\tleerkracht\trol\tvak\temail"

// ParseTeacherTable reads a table of groups and teachers, or a list of lessons by student number, that stands alone, from a CSV file or as pasted from a spreadsheet: group, teacher and, if
// wanted, role, subject and e-mail address. Without a header line the columns are taken in that order, and cells at the end of a line may be missing.
// The result holds the groups and teachers that the table names and no pupils; the report is as of Read.
func ParseTeacherTable(data []byte, options Options) (*Roster, *Report) {
	options.Limits = options.Limits.withDefaults()
	report := newReport(options.Limits)
	roster := &Roster{Format: FormatCSV, Pupils: []Pupil{}, Groups: []Group{}, Teachers: []Teacher{}, Households: newFamilies()}
	s := openSource(File{Name: "table", Data: data}, options, report)
	var t *table
	if s.reader != nil {
		t = s.reader.table(s, teacherList, options, report)
	}
	if t == nil || !t.dropCitizenNumbers(report) {
		report.Files = append(report.Files, s.report)
		return nil, finish(report, nil, options)
	}
	checkSheet([]*source{s}, options.Sheet, report)
	kind := KindTeachers
	if t.isLessons() {
		kind = KindLessons
		readLessons(t, roster, report)
	} else {
		classes := newClassRooms(roster)
		for _, r := range t.rows {
			for _, cell := range t.taughtGroups(r) {
				classes.find(cell, false)
			}
		}
		applyTeachers(t, roster, report)
	}
	roster.Encoding = s.encoding
	roster.Format = s.reader.format()
	s.report.Kind, s.report.Format, s.report.Encoding, s.report.Separator = kind, roster.Format, s.encoding, t.separator()
	s.report.Rows, s.table = len(t.rows), t
	s.columns()
	report.Files = append(report.Files, s.report)
	report.Format, report.Encoding, report.Separator = roster.Format, s.encoding, t.separator()
	if len(roster.Teachers) == 0 {
		report.fail(Finding{File: s.name, Reason: ReasonNoRows, Message: "no line names a group or a student number, and a teacher"})
	}
	if !report.Readable() {
		roster = nil
	}
	return roster, finish(report, roster, options)
}

// assumedHeader is the header of a table that has none, with the separator that most lines use and as many names as there are columns.
func assumedHeader(text string, options Options) header {
	best, most, width := byte('\t'), 0, 2
	for _, sep := range []byte{'\t', ';', '|', ','} {
		if used, cells := widthOf(splitRows(text, sep, headerSearch)); used > most {
			best, most, width = sep, used, cells
		}
	}
	return unwrittenHeader(width, best, options)
}

// assumedSheetHeader is the header of a sheet that has none.
func assumedSheetHeader(top []row, options Options) header {
	_, width := widthOf(top)
	return unwrittenHeader(max(width, 2), 0, options)
}

// widthOf counts the rows with several cells, and the cells of the longest.
func widthOf(rows []row) (used, cells int) {
	for _, r := range rows {
		if n := len(trimTrailing(r.cells)); n > 1 {
			used, cells = used+1, max(cells, n)
		}
	}
	return used, cells
}

func unwrittenHeader(width int, sep byte, options Options) header {
	headers := strings.Split(teacherHeader, "\t")
	return header{columnSet: bindColumns(headers[:min(width, len(headers))], options), sep: sep, index: -1}
}

// teacherTable cuts the text of a table of groups and teachers, which may lack column names.
func teacherTable(file, text string, options Options, report *Report) *table {
	text = withoutEntities(unifyLines(text))
	found, ok := findHeader(text, options)
	if !ok || !found.isTeachers() && !found.isLessons() {
		found = assumedHeader(text, options)
	}
	return cutTable(file, text, found, options.Limits, report)
}
