package roster

import "strings"

// A list of lessons has a row for each lesson of each pupil or group, so the same thousands of times: it is read into what is taught, each once.

// rowsOfLessons is how many times as many rows a list of lessons may have: a school of a thousand pupils has thirty thousand lessons a week.
const rowsOfLessons = 10

// lessonList collects what a list of lessons says.
type lessonList struct {
	*table
	roster *Roster
	people *staffRoom
	seen   map[Lesson]bool
}

func newLessonList(t *table, roster *Roster) *lessonList {
	l := &lessonList{table: t, roster: roster, people: newStaffRoom(roster), seen: map[Lesson]bool{}}
	for _, one := range roster.Lessons {
		l.seen[one] = true
	}
	l.people.learn(t)
	return l
}

// row adds what a row says of a pupil, by the teachers that it names.
func (l *lessonList) row(r row, pupil string, report *Report) {
	subject := l.text(r, FieldSubject)
	if subject == "" || len([]rune(subject)) > maxName {
		return
	}
	var teachers []string
	for _, n := range l.people.named(l.table, r) {
		teachers = append(teachers, l.people.find(n, r.line))
	}
	if !l.has(FieldTeacher, FieldMentor) {
		teachers = append(teachers, l.people.separate(l.table, r, l.teacherEmail(r, report)))
	}
	groups := splitGroups(l.cells(r, target{field: FieldOtherGroups}), true)
	if len(groups) == 0 {
		groups = []string{""}
	}
	for _, teacher := range teachers {
		for _, group := range groups {
			one := Lesson{PupilKey: pupil, GroupKey: group, TeacherKey: teacher, Subject: subject}
			if teacher != "" && !l.seen[one] {
				l.seen[one] = true
				l.roster.Lessons = append(l.roster.Lessons, one)
			}
		}
	}
}

// applyLessons ties teachers to the pupils of a roster, as a list of lessons says.
func applyLessons(t *table, roster *Roster, options Options, report *Report) {
	c := &csvReader{table: t, options: options, report: report, roster: roster}
	c.births, c.keys = c.readDates(FieldBirthDate, options.Zone, report), readKeys(t)
	s, list := supplement{c, newFinder(roster)}, newLessonList(t, roster)
	fits := 0
	for _, r := range t.rows {
		if at, ok := s.pupilOf(r); ok {
			fits++
			list.row(r, roster.Pupils[at].Key, report)
		}
	}
	roster.OnlyLessons = roster.OnlyLessons || t.onlyLessons()
	list.people.settle(t, report)
	if len(t.rows) > 0 && fits == 0 {
		report.fail(Finding{File: t.file, Reason: ReasonUnusable, Message: "no lesson of this list is of a pupil of the first file: are the student numbers the same in both?"})
	}
}

// readLessons reads a list of lessons that stands alone. Whose they are, is for whoever knows the pupils.
func readLessons(t *table, roster *Roster, report *Report) {
	keys, list := readKeys(t), newLessonList(t, roster)
	for _, r := range t.rows {
		number, _ := keys.clean(strings.TrimSpace(t.text(r, FieldPupilNumber)))
		if number != "" && len([]rune(number)) <= maxKey {
			list.row(r, number, report)
		}
	}
	roster.OnlyLessons = t.onlyLessons()
	list.people.settle(t, report)
}
