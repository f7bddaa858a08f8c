package invent

import (
	"fmt"
	"math/rand/v2"

	"github.com/ouderavond/ouderavond/booking/plan"
)

// SecondarySize describes a secondary school.
type SecondarySize struct {
	Teachers, Pupils, Days int
	// Slots of ten minutes on each day.
	Slots int
	// Joint is the share of the wishes that are for two teachers of the child at once.
	Joint float64
}

// Sizes of the schools on which figures are measured.
var (
	// Usual is a school of 80 teachers of whom about a quarter are asked for more than they have.
	Usual = SecondarySize{Teachers: 80, Pupils: 1200, Days: 2, Slots: 24}
	// Wide has an evening more, so that there is room for nearly everybody.
	Wide = SecondarySize{Teachers: 80, Pupils: 1200, Days: 3, Slots: 24}
	// Tight has teachers who are asked for a tenth more than there is.
	Tight = SecondarySize{Teachers: 60, Pupils: 1200, Days: 2, Slots: 24}
	// Big has about five thousand wishes.
	Big = SecondarySize{Teachers: 120, Pupils: 2200, Days: 3, Slots: 30}
	// Joined is as big, with less time, and one talk in twelve is with two teachers.
	Joined = SecondarySize{Teachers: 120, Pupils: 2200, Days: 3, Slots: 26, Joint: 0.08}
)

// subject is one subject of the timetable: its share of the teachers, and how often parents ask for it.
type subject struct{ share, asked float64 }

// subjects of every class, taught by one teacher each.
var subjects = []subject{
	{14, 1.5}, {13, 1.3}, {12, 1.2}, {9, 0.9}, {9, 0.9}, {8, 0.7}, {7, 0.6}, {8, 0.7}, {10, 1}, {5, 0.3}, {5, 0.15},
}

// classSize is the number of pupils of one class, and coming the share of them whose parents ask for anything.
const (
	classSize = 25
	coming    = 0.78
)

// Secondary makes up a secondary school: classes with eleven teachers and a mentor among them, two to four wishes a child, part-timers who miss a day or
// come late, families who can come on one day only or in part of an evening, separated parents who come apart, three parts of the building.
func Secondary(seed uint64, size SecondarySize) plan.Instance {
	g := &generator{random: rand.New(rand.NewPCG(seed, 11)), grid: size.Slots * slotMinutes}
	g.Instance = plan.Instance{Format: plan.FormatVersion, Name: fmt.Sprintf("secondary-%d", seed), Days: size.Days, WalkMinutes: [][]int{{0, 5, 5}, {5, 0, 5}, {5, 5, 0}}}
	g.subjectTeachers(size)
	staff := g.classes(size)
	for pupils := 0; pupils < size.Pupils; {
		children := g.children(0.2)
		wishes := make([]wish, 0, 4*children)
		for child := range children {
			if g.random.Float64() < coming {
				wishes = g.wishes(wishes, child, staff[g.random.IntN(len(staff))], size.Joint)
			}
		}
		pupils += children
		if len(wishes) > 0 {
			g.household(wishes, 0.04)
		}
	}
	return g.Instance
}

// subjectTeachers shares the teachers out among the subjects.
func (g *generator) subjectTeachers(size SecondarySize) {
	g.bySubject = make([][]int, len(subjects))
	total := 0.0
	for _, s := range subjects {
		total += s.share
	}
	sum, next := 0.0, 0
	for s := range subjects {
		sum += subjects[s].share
		for until := int(sum/total*float64(size.Teachers) + 0.5); next < until; next++ {
			g.bySubject[s] = append(g.bySubject[s], next)
			g.teacher(next, size)
		}
	}
}

// teacher adds one teacher with slots and, on each day, a break.
func (g *generator) teacher(number int, size SecondarySize) {
	t := plan.Teacher{ID: fmt.Sprintf("t%d", number), Zone: g.random.IntN(len(g.WalkMinutes))}
	off, from := -1, 0
	if g.random.Float64() < 0.15 {
		off = g.random.IntN(size.Days)
	}
	if g.random.Float64() < 0.06 {
		from = 60
	}
	for day := range size.Days {
		if day == off {
			continue
		}
		for start := from; start < g.grid; start += slotMinutes {
			t.Slots = append(t.Slots, plan.Slot{Day: day, Start: start, End: start + slotMinutes})
		}
		g.rest(t.ID, day)
	}
	g.Teachers = append(g.Teachers, t)
}

// classes gives each class its teachers, subject by subject; the first is the mentor.
func (g *generator) classes(size SecondarySize) [][]int {
	classes := make([][]int, max(1, size.Pupils/classSize))
	for c := range classes {
		for s, teachers := range g.bySubject {
			if len(teachers) > 0 {
				classes[c] = append(classes[c], teachers[(c+s+g.random.IntN(2))%len(teachers)])
			}
		}
	}
	return classes
}

// wishes draws what one child's parents ask for.
func (g *generator) wishes(list []wish, child int, class []int, joint float64) []wish {
	mentor := g.random.IntN(len(class))
	chosen := map[int]bool{}
	first := len(list)
	add := func(s int) {
		weight := 1.0
		must := g.random.Float64() < 0.07
		if must {
			weight = 3
		}
		chosen[s] = true
		teachers := []int{class[s]}
		if joint > 0 && g.random.Float64() < joint {
			teachers = append(teachers, class[(s+1+g.random.IntN(len(class)-1))%len(class)])
		}
		list = append(list, wish{child: child, teachers: teachers, weight: weight, rank: len(list) - first + 1, must: must})
	}
	if g.random.IntN(2) == 0 {
		add(mentor)
	}
	for want := 2 + g.random.IntN(3); len(list)-first < min(want, len(class)); {
		total := 0.0
		for s := range class {
			if !chosen[s] {
				total += subjects[s].asked
			}
		}
		at := g.random.Float64() * total
		for s := range class {
			if chosen[s] {
				continue
			}
			if at -= subjects[s].asked; at < 0 {
				add(s)
				break
			}
		}
	}
	return list
}
