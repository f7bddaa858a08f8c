// Package judge checks a plan against its instance: every hard rule, and the cost by the interchange format. It reads the two documents by itself and
// shares no code with the planner, not even types, so that an error in there cannot hide itself in here. It is for tests and for whoever wants to check
// a plan (see the command beside it); the product does not import it.
package judge

import (
	"encoding/json"
	"fmt"
	"slices"
)

// Verdict is what is said of a plan. Minutes are whole minutes.
type Verdict struct {
	Valid bool `json:"valid"`
	// Faults are broken rules, and bounds that the plan itself disproves.
	Faults            []string `json:"faults"`
	Requests          int      `json:"requests"`
	Met               int      `json:"met"`
	DroppedWeight     float64  `json:"dropped_weight"`
	BreaksMissed      int      `json:"breaks_missed"`
	FamiliesAllMet    int      `json:"families_all_met"`
	FamiliesComing    int      `json:"families_coming"`
	WaitMinutes       int      `json:"wait_minutes"`
	WalkMinutes       int      `json:"walk_minutes"`
	OverThirty        int      `json:"over_thirty"`
	ExtraDays         int      `json:"extra_days"`
	IdleMinutes       int      `json:"idle_minutes"`
	Cost              float64  `json:"cost"`
	MinutesPart       float64  `json:"minutes_part"`
	BoundCost         float64  `json:"bound_cost,omitempty"`
	BoundDropped      float64  `json:"bound_dropped_weight,omitempty"`
	MinutesAboveLeast float64  `json:"minutes_part_above_bound_percent,omitempty"`
}

type stretch struct{ Day, Start, End, From, To int }

type document struct {
	WalkMinutes [][]int `json:"walk_minutes"`
	Teachers    []struct {
		ID    string
		Zone  int
		Slots []stretch
	}
	Parties []struct {
		ID       string
		Windows  []stretch
		Requests []struct {
			ID       string
			Teachers []string
			Minutes  int
			Weight   float64
		}
	}
	Breaks []struct {
		ID, Teacher string
		Windows     []stretch
		Minutes     int
		Weight      float64
	}
	Pinned []struct {
		Request    string
		Day, Start int
	}
	Apart []struct {
		A, B    string
		Minutes int
	}
}

type answer struct {
	Assignments []struct {
		Request    string
		Day, Start int
	}
	Breaks []struct {
		Break      string
		Day, Start int
	}
	Bound *struct {
		DroppedWeight float64 `json:"dropped_weight"`
		Cost          float64
	}
}

// use is one use of a teacher: the slot as a whole, whatever the length of the talk.
type use struct {
	day, start, end int
	what            string
}

// stay is one talk of a party.
type stay struct{ day, start, end, zone int }

type judge struct {
	Verdict
	in     document
	zone   map[string]int
	uses   map[string][]use
	visits map[string][]stay
	pinned map[string][2]int
}

// Judge reads an instance and a plan and says what the plan is worth. An error means that one of the two is not JSON.
func Judge(instance, plan []byte) (Verdict, error) {
	j := judge{zone: map[string]int{}, uses: map[string][]use{}, visits: map[string][]stay{}, pinned: map[string][2]int{}}
	j.Faults = []string{}
	if err := json.Unmarshal(instance, &j.in); err != nil {
		return Verdict{}, fmt.Errorf("instance: %w", err)
	}
	var a answer
	if err := json.Unmarshal(plan, &a); err != nil {
		return Verdict{}, fmt.Errorf("plan: %w", err)
	}
	for _, t := range j.in.Teachers {
		j.zone[t.ID] = t.Zone
	}
	for _, p := range j.in.Pinned {
		j.pinned[p.Request] = [2]int{p.Day, p.Start}
	}
	j.parties(a)
	j.breaks(a)
	j.teachers()
	j.apart()
	j.MinutesPart = 60*float64(j.ExtraDays) + float64(j.WaitMinutes) + 0.3*float64(j.WalkMinutes) + 0.05*float64(j.IdleMinutes)
	j.Cost = 1000*j.DroppedWeight + j.MinutesPart
	j.bound(a)
	j.Valid = len(j.Faults) == 0
	return j.Verdict, nil
}

func (j *judge) fault(format string, values ...any) {
	j.Faults = append(j.Faults, fmt.Sprintf(format, values...))
}

// take notes that a teacher is used by a talk or break, and faults it if there is no slot for it.
func (j *judge) take(teacher, what string, day, start, minutes int) {
	for _, t := range j.in.Teachers {
		if t.ID != teacher {
			continue
		}
		for _, s := range t.Slots {
			if s.Day == day && s.Start == start {
				if s.End-s.Start < minutes {
					j.fault("%s: the slot of %s is too short", what, teacher)
				}
				j.uses[teacher] = append(j.uses[teacher], use{day, start, s.End, what})
				return
			}
		}
	}
	j.fault("%s: %s has no slot on day %d at %d", what, teacher, day, start)
}

func inside(windows []stretch, day, start, end int) bool {
	return slices.ContainsFunc(windows, func(w stretch) bool { return w.Day == day && w.From <= start && end <= w.To })
}

// parties goes through all wishes.
func (j *judge) parties(a answer) {
	at := map[string][2]int{}
	for _, one := range a.Assignments {
		if _, twice := at[one.Request]; twice {
			j.fault("%s: assigned twice", one.Request)
		}
		at[one.Request] = [2]int{one.Day, one.Start}
	}
	known := 0
	for _, p := range j.in.Parties {
		missing := 0
		for _, r := range p.Requests {
			j.Requests++
			when, ok := at[r.ID]
			if pin, fixed := j.pinned[r.ID]; fixed && (!ok || pin != when) {
				j.fault("%s: pinned, and not where it was", r.ID)
			}
			if !ok {
				j.DroppedWeight += r.Weight
				missing++
				continue
			}
			known++
			day, start, end := when[0], when[1], when[1]+r.Minutes
			if _, fixed := j.pinned[r.ID]; !fixed && !inside(p.Windows, day, start, end) {
				j.fault("%s: outside the windows of %s", r.ID, p.ID)
			}
			for _, t := range r.Teachers {
				j.take(t, r.ID, day, start, r.Minutes)
			}
			j.visits[p.ID] = append(j.visits[p.ID], stay{day, start, end, j.zone[r.Teachers[0]]})
		}
		j.Met += len(p.Requests) - missing
		if missing == 0 {
			j.FamiliesAllMet++
		}
		if missing < len(p.Requests) {
			j.FamiliesComing++
		}
		j.way(p.ID)
	}
	if known < len(at) {
		j.fault("%d assignments are of no request", len(at)-known)
	}
}

// way follows a party through the building.
func (j *judge) way(party string) {
	list := j.visits[party]
	slices.SortFunc(list, func(a, b stay) int {
		if a.day != b.day {
			return a.day - b.day
		}
		return a.start - b.start
	})
	waited := 0
	for i := 1; i < len(list); i++ {
		from, to := list[i-1], list[i]
		if from.day != to.day {
			j.ExtraDays++
			continue
		}
		walk := j.in.WalkMinutes[from.zone][to.zone]
		wait := to.start - from.end - walk
		if wait < 0 {
			j.fault("%s: %d minutes short between two talks", party, -wait)
		}
		j.WalkMinutes += walk
		waited += wait
	}
	j.WaitMinutes += waited
	if waited > 30 {
		j.OverThirty++
	}
}

func (j *judge) breaks(a answer) {
	at := map[string][2]int{}
	for _, one := range a.Breaks {
		if _, twice := at[one.Break]; twice {
			j.fault("%s: placed twice", one.Break)
		}
		at[one.Break] = [2]int{one.Day, one.Start}
	}
	for _, b := range j.in.Breaks {
		when, ok := at[b.ID]
		delete(at, b.ID)
		if !ok {
			j.BreaksMissed++
			j.DroppedWeight += b.Weight
			continue
		}
		if !inside(b.Windows, when[0], when[1], when[1]+b.Minutes) {
			j.fault("%s: outside its windows", b.ID)
		}
		j.take(b.Teacher, b.ID, when[0], when[1], b.Minutes)
	}
	if len(at) > 0 {
		j.fault("%d breaks are nobody's", len(at))
	}
}

// teachers looks for overlaps and adds up idle time.
func (j *judge) teachers() {
	for teacher, list := range j.uses {
		slices.SortFunc(list, func(a, b use) int {
			if a.day != b.day {
				return a.day - b.day
			}
			return a.start - b.start
		})
		end := 0
		for i, u := range list {
			if i == 0 || list[i-1].day != u.day {
				end = u.end
				continue
			}
			if u.start < end {
				j.fault("%s: %s and %s overlap", teacher, list[i-1].what, u.what)
			}
			j.IdleMinutes += max(0, u.start-end)
			end = max(end, u.end)
		}
	}
}

// apart checks parties that must not meet.
func (j *judge) apart() {
	for _, pair := range j.in.Apart {
		for _, a := range j.presence(pair.A) {
			for _, b := range j.presence(pair.B) {
				if a.day == b.day && a.start < b.end+pair.Minutes && b.start < a.end+pair.Minutes {
					j.fault("%s and %s are there at the same time", pair.A, pair.B)
				}
			}
		}
	}
}

// presence is when a party is in the building, day by day.
func (j *judge) presence(party string) []stay {
	var list []stay
	for _, v := range j.visits[party] {
		if n := len(list); n > 0 && list[n-1].day == v.day {
			list[n-1].end = max(list[n-1].end, v.end)
		} else {
			list = append(list, v)
		}
	}
	return list
}

func (j *judge) bound(a answer) {
	if a.Bound == nil {
		return
	}
	j.BoundCost, j.BoundDropped = a.Bound.Cost, a.Bound.DroppedWeight
	if a.Bound.Cost > j.Cost+1e-6 || a.Bound.DroppedWeight > j.DroppedWeight+1e-6 {
		j.fault("the plan is better than its bound")
	}
	if least := a.Bound.Cost - 1000*j.DroppedWeight; least > 0 {
		j.MinutesAboveLeast = 100 * (j.MinutesPart - least) / least
	}
}
