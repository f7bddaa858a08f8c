package plan_test

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"github.com/ouderavond/ouderavond/booking/plan"
)

// verdict is what the judge says of a plan.
type verdict struct {
	Faults        []string
	Cost, Dropped float64
	OverThirty    int
	Met           int
}

// judge checks a plan against its instance and computes its cost by the interchange objective. It shares nothing with the planner but the types.
type judge struct {
	instance plan.Instance
	teacher  map[string]plan.Teacher
	taken    map[string]map[[2]int]bool
	spans    map[string][][2]int
	verdict
}

func judgePlan(instance plan.Instance, made plan.Plan) verdict {
	j := judge{instance: instance, teacher: map[string]plan.Teacher{}, taken: map[string]map[[2]int]bool{}, spans: map[string][][2]int{}}
	for _, t := range instance.Teachers {
		j.teacher[t.ID] = t
		j.taken[t.ID] = map[[2]int]bool{}
	}
	at := map[string][2]int{}
	for _, a := range made.Assignments {
		if _, twice := at[a.Request]; twice {
			j.fault("assigned twice: %s", a.Request)
		}
		at[a.Request] = [2]int{a.Day, a.Start}
	}
	stays := map[string][]plan.Stay{}
	for _, p := range instance.Parties {
		stays[p.ID] = j.party(p, at)
	}
	if len(at) > 0 {
		j.fault("%d unknown requests", len(at))
	}
	j.breaks(made)
	j.apart(stays)
	for _, list := range j.spans {
		j.Cost += 0.05 * idleOf(list)
	}
	j.Cost += 1000 * j.Dropped
	if b := made.Bound; b != nil && (b.Cost > j.Cost+1e-6 || b.DroppedWeight > j.Dropped+1e-6) {
		j.fault("bound above the plan: %v, %v", *b, j.Cost)
	}
	return j.verdict
}

func (j *judge) fault(format string, values ...any) {
	j.Faults = append(j.Faults, fmt.Sprintf(format, values...))
}

// idleOf takes the first start to the last end, less what is used.
func idleOf(list [][2]int) float64 {
	first, last, used := math.MaxInt, math.MinInt, 0
	for _, s := range list {
		first, last, used = min(first, s[0]), max(last, s[1]), used+s[1]-s[0]
	}
	return float64(last - first - used)
}

func (j *judge) take(teacher string, day, start, minutes int, what string) {
	for _, s := range j.teacher[teacher].Slots {
		if s.Day != day {
			continue
		}
		if s.Start != start && j.taken[teacher][[2]int{day, s.Start}] && s.Start < start+1 && start < s.End {
			j.fault("%s: overlaps another use of %s", what, teacher)
		}
	}
	i := slices.IndexFunc(j.teacher[teacher].Slots, func(s plan.Slot) bool { return s.Day == day && s.Start == start })
	if i < 0 {
		j.fault("%s: %s has no slot", what, teacher)
		return
	}
	slot := j.teacher[teacher].Slots[i]
	if slot.End-slot.Start < minutes {
		j.fault("%s: slot too short", what)
	}
	if j.taken[teacher][[2]int{day, start}] {
		j.fault("%s: slot of %s taken twice", what, teacher)
	}
	j.taken[teacher][[2]int{day, start}] = true
	key := fmt.Sprint(teacher, "/", day)
	j.spans[key] = append(j.spans[key], [2]int{slot.Start, slot.End})
}

func (j *judge) party(p plan.Party, at map[string][2]int) []plan.Stay {
	var stays []plan.Stay
	for _, r := range p.Requests {
		when, ok := at[r.ID]
		if !ok {
			j.Dropped += r.Weight
			continue
		}
		delete(at, r.ID)
		j.Met++
		s := plan.Stay{Day: when[0], Start: when[1], End: when[1] + r.Minutes, Zone: j.teacher[r.Teachers[0]].Zone}
		pinned := slices.ContainsFunc(j.instance.Pinned, func(a plan.Assignment) bool { return a.Request == r.ID })
		if !pinned && !inWindows(p.Windows, s) {
			j.fault("%s: outside the window", r.ID)
		}
		for _, t := range r.Teachers {
			j.take(t, s.Day, s.Start, r.Minutes, r.ID)
		}
		stays = append(stays, s)
	}
	slices.SortFunc(stays, func(a, b plan.Stay) int { return cmp.Or(cmp.Compare(a.Day, b.Day), cmp.Compare(a.Start, b.Start)) })
	total := 0
	for i := 1; i < len(stays); i++ {
		a, b := stays[i-1], stays[i]
		if a.Day != b.Day {
			j.Cost += 60
			continue
		}
		walk := j.instance.WalkMinutes[a.Zone][b.Zone]
		wait := b.Start - a.End - walk
		if wait < 0 {
			j.fault("%s: too short between two talks", p.ID)
		}
		j.Cost += float64(wait) + 0.3*float64(walk)
		total += wait
	}
	if total > 30 {
		j.OverThirty++
	}
	return stays
}

func inWindows(windows []plan.Window, s plan.Stay) bool {
	return slices.ContainsFunc(windows, func(w plan.Window) bool { return w.Day == s.Day && w.From <= s.Start && s.End <= w.To })
}

func (j *judge) breaks(made plan.Plan) {
	at := map[string]plan.BreakTime{}
	for _, b := range made.Breaks {
		at[b.Break] = b
	}
	for _, b := range j.instance.Breaks {
		when, ok := at[b.ID]
		if !ok {
			j.Dropped += b.Weight
			continue
		}
		if !inWindows(b.Windows, plan.Stay{Day: when.Day, Start: when.Start, End: when.Start + b.Minutes}) {
			j.fault("%s: outside the window", b.ID)
		}
		j.take(b.Teacher, when.Day, when.Start, b.Minutes, b.ID)
	}
}

func (j *judge) apart(stays map[string][]plan.Stay) {
	for _, pair := range j.instance.Apart {
		for day := range j.instance.Days {
			a, b := presenceOn(stays[pair.A], day), presenceOn(stays[pair.B], day)
			if a != nil && b != nil && a[0] < b[1]+pair.Minutes && b[0] < a[1]+pair.Minutes {
				j.fault("%s and %s meet", pair.A, pair.B)
			}
		}
	}
}

func presenceOn(stays []plan.Stay, day int) []int {
	var span []int
	for _, s := range stays {
		switch {
		case s.Day != day:
		case span == nil:
			span = []int{s.Start, s.End}
		default:
			span[0], span[1] = min(span[0], s.Start), max(span[1], s.End)
		}
	}
	return span
}
