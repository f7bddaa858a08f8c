package plan_test

import (
	"fmt"
	"math/rand/v2"

	"github.com/ouderavond/ouderavond/booking/plan"
)

// schoolSize describes an invented school.
type schoolSize struct {
	Teachers, Pupils, Days, Slots int
	Least, Most                   int // talks of one child
	Lengths                       []int
	Joint                         float64
}

// inventSchool makes up an instance: subject teachers in three zones, part-timers, families with one to four children, separated parents, windows.
func inventSchool(seed uint64, size schoolSize) plan.Instance {
	r := rand.New(rand.NewPCG(seed, 7))
	in := plan.Instance{Format: 1, Name: "invented", Days: size.Days, WalkMinutes: [][]int{{0, 5, 5}, {5, 0, 5}, {5, 5, 0}}}
	lengths := size.Lengths
	if len(lengths) == 0 {
		lengths = []int{10}
	}
	grid := size.Slots * 10
	minutes := map[string]int{}
	for t := range size.Teachers {
		teacher := plan.Teacher{ID: fmt.Sprintf("t%d", t), Zone: r.IntN(3)}
		long := lengths[r.IntN(len(lengths))]
		minutes[teacher.ID] = long
		off := -1
		if size.Days > 1 && r.Float64() < 0.15 {
			off = r.IntN(size.Days)
		}
		from := 0
		if r.Float64() < 0.06 {
			from = 60
		}
		for d := range size.Days {
			if d == off {
				continue
			}
			for s := from; s+long <= grid; s += long {
				teacher.Slots = append(teacher.Slots, plan.Slot{Day: d, Start: s, End: s + long})
			}
			in.Breaks = append(in.Breaks, plan.Break{
				ID: fmt.Sprintf("b%d-%d", t, d), Teacher: teacher.ID, Minutes: min(10, long), Weight: 5,
				Windows: []plan.Window{{Day: d, From: grid / 3, To: 2 * grid / 3}},
			})
		}
		in.Teachers = append(in.Teachers, teacher)
	}
	classes := max(1, size.Pupils/25)
	staff := make([][]int, classes)
	for c := range staff {
		staff[c] = r.Perm(size.Teachers)[:min(11, size.Teachers)]
	}
	for made := 0; made < size.Pupils; {
		children := 1
		for children < 4 && r.Float64() < 0.25 {
			children++
		}
		made += children
		inventParty(r, &in, size, staff, minutes, children, grid)
	}
	return in
}

func inventParty(r *rand.Rand, in *plan.Instance, size schoolSize, staff [][]int, minutes map[string]int, children, grid int) {
	kind := plan.Family
	if r.Float64() < 0.04 {
		kind = plan.Separated
	}
	p := plan.Party{ID: fmt.Sprintf("p%d", len(in.Parties)), Kind: kind}
	p.Windows = inventWindows(r, size.Days, grid)
	for c := range children {
		class := staff[r.IntN(len(staff))]
		// The squared number favours the first teachers of a class: some subjects are asked for more than others.
		want := size.Least + r.IntN(size.Most-size.Least+1)
		picked := map[int]bool{}
		for len(picked) < min(want, len(class)) {
			x := r.Float64()
			picked[int(x*x*float64(len(class)))] = true
		}
		for i := range class {
			if !picked[i] {
				continue
			}
			weight := 1.0
			if r.Float64() < 0.07 {
				weight = 3
			}
			first := fmt.Sprintf("t%d", class[i])
			teachers := []string{first}
			if other := fmt.Sprintf("t%d", class[(i+1)%len(class)]); r.Float64() < size.Joint && minutes[other] == minutes[first] && other != first {
				teachers = append(teachers, other)
			}
			p.Requests = append(p.Requests, plan.Request{
				ID: fmt.Sprintf("%sr%d", p.ID, len(p.Requests)), Child: fmt.Sprintf("%sc%d", p.ID, c), Teachers: teachers,
				Minutes: minutes[first], Weight: weight, Rank: len(p.Requests) + 1,
			})
		}
	}
	in.Parties = append(in.Parties, p)
}

func inventWindows(r *rand.Rand, days, grid int) []plan.Window {
	var list []plan.Window
	only := -1
	if r.Float64() < 0.35 {
		only = r.IntN(days)
	}
	for d := range days {
		if only >= 0 && d != only {
			continue
		}
		w := plan.Window{Day: d, From: 0, To: grid}
		switch r.IntN(4) {
		case 0:
			w.To = grid*2/3 - 5
		case 1:
			w.From = grid/3 + 5
		}
		list = append(list, w)
	}
	return list
}
