package invent

import (
	"fmt"
	"math/rand/v2"

	"github.com/ouderavond/ouderavond/booking/plan"
)

// slotMinutes is the length of every slot and break.
const slotMinutes = 10

// wish is one talk that somebody asks for.
type wish struct {
	child    int
	teachers []int
	weight   float64
	rank     int
	must     bool
}

// generator draws an instance.
type generator struct {
	plan.Instance
	random    *rand.Rand
	grid      int // minutes of a day
	bySubject [][]int
}

// rest asks for a break in the middle third of a teacher's day.
func (g *generator) rest(teacher string, day int) {
	third := g.grid / 3 / slotMinutes * slotMinutes
	g.Breaks = append(g.Breaks, plan.Break{
		ID: fmt.Sprintf("b%d", len(g.Breaks)), Teacher: teacher, Minutes: slotMinutes, Weight: 5, Windows: []plan.Window{{Day: day, From: third, To: 2 * third}},
	})
}

// children draws how many children of one household go to this school.
func (g *generator) children(further float64) int {
	children := 1
	for children < 4 && g.random.Float64() < further {
		children++
	}
	return children
}

// household adds a family, or now and then two separated parents who each come for the same children.
func (g *generator) household(wishes []wish, separated float64) {
	if g.random.Float64() >= separated {
		g.party(plan.Family, wishes)
		return
	}
	var each [2][]wish
	for i, w := range wishes {
		each[i%2] = append(each[i%2], w)
	}
	for _, own := range each {
		if len(own) > 0 {
			g.party(plan.Separated, own)
		}
	}
}

func (g *generator) party(kind string, wishes []wish) {
	p := plan.Party{ID: fmt.Sprintf("p%d", len(g.Parties)), Kind: kind, Windows: g.windows()}
	for n, w := range wishes {
		r := plan.Request{
			ID: fmt.Sprintf("%sr%d", p.ID, n), Child: fmt.Sprintf("%sc%d", p.ID, w.child), Minutes: slotMinutes, Weight: w.weight, Rank: w.rank, Must: w.must,
		}
		for _, t := range w.teachers {
			r.Teachers = append(r.Teachers, fmt.Sprintf("t%d", t))
		}
		p.Requests = append(p.Requests, r)
	}
	g.Parties = append(g.Parties, p)
}

// windows draws when a party can come: a third on one day only, half in part of the evening only.
func (g *generator) windows() []plan.Window {
	only := -1
	if g.random.Float64() < 0.35 {
		only = g.random.IntN(g.Days)
	}
	var list []plan.Window
	for day := range g.Days {
		if only >= 0 && day != only {
			continue
		}
		w := plan.Window{Day: day, To: g.grid}
		// The part of the evening is drawn anew for each day, its edge on five minutes.
		edge := func(from, to int) int { return (from + g.random.IntN(to-from)) / 5 * 5 }
		switch g.random.IntN(4) {
		case 0:
			w.To = edge(g.grid*54/100, g.grid*73/100)
		case 1:
			w.From = edge(g.grid*29/100, g.grid*52/100)
		}
		list = append(list, w)
	}
	return list
}
