package invent

import (
	"fmt"
	"math/rand/v2"

	"github.com/ouderavond/ouderavond/booking/plan"
)

// Primary makes up a primary school: twelve groups, four of them with two teachers who share the week, a care co-ordinator who joins some talks, two
// evenings of eighteen slots, two parts of the building.
func Primary(seed uint64) plan.Instance {
	const groups, shared, pupils = 12, 4, 300
	g := &generator{random: rand.New(rand.NewPCG(seed, 13)), grid: 18 * slotMinutes}
	g.Instance = plan.Instance{Format: plan.FormatVersion, Name: fmt.Sprintf("primary-%d", seed), Days: 2, WalkMinutes: [][]int{{0, 5}, {5, 0}}}
	for t := range groups + shared + 1 {
		// The second teacher of a shared group sits with the first.
		teacher := plan.Teacher{ID: fmt.Sprintf("t%d", t), Zone: t % groups * 2 / groups}
		for day := range g.Days {
			for start := 0; start < g.grid; start += slotMinutes {
				teacher.Slots = append(teacher.Slots, plan.Slot{Day: day, Start: start, End: start + slotMinutes})
			}
			g.rest(teacher.ID, day)
		}
		g.Teachers = append(g.Teachers, teacher)
	}
	for made := 0; made < pupils; {
		children := g.children(0.38)
		var wishes []wish
		for child := range children {
			group := g.random.IntN(groups)
			w := wish{child: child, teachers: []int{group}, weight: 1, rank: 1}
			if group < shared {
				w.teachers = append(w.teachers, groups+group)
			}
			if g.random.Float64() < 0.06 {
				w.weight, w.must = 3, true
			}
			wishes = append(wishes, w)
			if g.random.Float64() < 0.06 {
				wishes = append(wishes, wish{child: child, teachers: []int{groups + shared}, weight: 1, rank: 2})
			}
		}
		made += children
		g.household(wishes, 0.04)
	}
	return g.Instance
}
