package sample

import (
	"fmt"
	"strings"
)

// hireTeachers makes the teachers without their groups.
func hireTeachers(spec Spec, d dice, names catalog, contacts *contactBook) []Teacher {
	teachers := make([]Teacher, spec.Teachers)
	codes, people := map[string]bool{}, map[string]bool{}
	for i := range teachers {
		t := &teachers[i]
		for n := 0; t.Surname == "" || (people[t.FullName()] && n < 20); n++ {
			culture := dutch
			if d.chance(130) {
				culture = names.culture(d)
			}
			s := names.surname(d, culture)
			t.Given, t.Prefix, t.Surname = names.adult(d, culture), s.prefix, s.name
		}
		people[t.FullName()] = true
		t.Code = teacherCode(*t, codes)
		t.Email = contacts.workEmail(*t)
	}
	return teachers
}

// teacherCode makes the short code by which schedules call a teacher: three letters of the surname, else with the first letter of the given name, else
// with a number.
func teacherCode(t Teacher, taken map[string]bool) string {
	family := strings.ToUpper(mailName(t.Surname)) + "XXX"
	given := strings.ToUpper(mailName(t.Given)) + "X"
	tries := []string{family[:3], given[:1] + family[:2], family[:2] + given[:1], given[:1] + family[:3]}
	for n := 2; ; n++ {
		for _, code := range tries {
			if !taken[code] {
				taken[code] = true
				return code
			}
		}
		tries = []string{fmt.Sprintf("%s%d", family[:3], n)}
	}
}

// specialists are the teachers of a primary school who have no group of their own, in the order in which a school employs them.
var specialists = []struct {
	role    Role
	subject string
}{{RoleCare, ""}, {RoleSubject, "bewegingsonderwijs"}, {RoleSubject, "muziek"}}

// assignPrimary gives each group a teacher, some groups a second one who has the other days, and the specialists all groups.
func assignPrimary(s *School, d dice) {
	special := min(len(specialists), len(s.Teachers)-len(s.Groups))
	regular := s.Teachers
	if special > 0 {
		regular = s.Teachers[:len(s.Teachers)-special]
	}
	for i, g := range s.Groups {
		t := &regular[i%len(regular)]
		t.Groups = append(t.Groups, Assignment{Group: g.Key, Role: RoleGroup})
	}
	order := d.shuffled(len(s.Groups))
	for i := len(s.Groups); i < len(regular); i++ {
		key := s.Groups[order[i%len(order)]].Key
		regular[i].Groups = append(regular[i].Groups, Assignment{Group: key, Role: RoleGroup})
	}
	for i := range max(special, 0) {
		t := &s.Teachers[len(regular)+i]
		for _, g := range s.Groups {
			t.Groups = append(t.Groups, Assignment{Group: g.Key, Role: specialists[i].role, Subject: specialists[i].subject})
		}
	}
	assignCross(s)
}

// assignCross gives the cross groups to the last teachers: at a primary school those are the specialists.
func assignCross(s *School) {
	for i, g := range s.CrossGroups {
		t := &s.Teachers[len(s.Teachers)-1-i%len(s.Teachers)]
		t.Groups = append(t.Groups, Assignment{Group: g.Key, Role: RoleSubject, Subject: "plusklas"})
	}
}

// lessons plans who teaches what at a secondary school.
type lessons struct {
	school *School
	d      dice
	staff  map[string][]int // by subject: places of its teachers
	weekly []int            // by teacher: lessons a week so far
	tenths []int            // by teacher: days a week, times two
}

// assignSecondary gives each class its subject teachers and then a mentor out of these.
func assignSecondary(s *School, d dice) {
	l := &lessons{school: s, d: d, weekly: make([]int, len(s.Teachers)), tenths: make([]int, len(s.Teachers))}
	for i := range l.tenths {
		l.tenths[i] = []int{4, 6, 8, 8, 10, 10}[d.IntN(6)]
	}
	l.staff = l.divideStaff()
	for _, g := range s.Groups {
		for _, lesson := range curriculum(g) {
			t := l.leastBusy(lesson.subject)
			l.weekly[t] += lesson.hours
			s.Teachers[t].Groups = append(s.Teachers[t].Groups, Assignment{Group: g.Key, Role: RoleSubject, Subject: lesson.subject})
		}
	}
	appointMentors(s)
	assignCross(s)
}

// divideStaff gives each subject as many teachers as its share of all lessons; in a small school a teacher has several subjects.
func (l *lessons) divideStaff() map[string][]int {
	var subjects []string
	hours := map[string]int{}
	for _, g := range l.school.Groups {
		for _, lesson := range curriculum(g) {
			if hours[lesson.subject] == 0 {
				subjects = append(subjects, lesson.subject)
			}
			hours[lesson.subject] += lesson.hours
		}
	}
	weights := make([]int, len(subjects))
	for i, subject := range subjects {
		weights[i] = hours[subject]
	}
	staff := map[string][]int{}
	if len(l.school.Teachers) < len(subjects) {
		for i, subject := range subjects {
			staff[subject] = []int{i % len(l.school.Teachers)}
		}
		return staff
	}
	order := l.d.shuffled(len(l.school.Teachers))
	next := 0
	for i, count := range apportion(len(order), weights) {
		staff[subjects[i]] = order[next : next+count]
		next += count
	}
	return staff
}

// leastBusy picks the subject's teacher with the fewest lessons for the days that he or she works.
func (l *lessons) leastBusy(subject string) int {
	candidates := l.staff[subject]
	best := candidates[0]
	for _, t := range candidates[1:] {
		if l.weekly[t]*l.tenths[best] < l.weekly[best]*l.tenths[t] {
			best = t
		}
	}
	return best
}

// appointMentors gives each class the mentor out of its own teachers who is mentor least often so far.
func appointMentors(s *School) {
	mentored := make([]int, len(s.Teachers))
	teaching := map[string][]int{}
	for i, t := range s.Teachers {
		for _, a := range t.Groups {
			teaching[a.Group] = append(teaching[a.Group], i)
		}
	}
	for _, g := range s.Groups {
		best := -1
		for _, t := range teaching[g.Key] {
			if best < 0 || mentored[t] < mentored[best] {
				best = t
			}
		}
		mentored[best]++
		s.Teachers[best].Groups = append(s.Teachers[best].Groups, Assignment{Group: g.Key, Role: RoleMentor})
	}
}
