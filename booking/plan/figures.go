package plan

import (
	"errors"
	"fmt"
	"slices"
)

// ErrBroken is a plan that breaks a hard rule of its instance. The message names the place in the plan and the rule.
var ErrBroken = errors.New("plan: the plan breaks a rule")

// Figures are what a plan is judged by. Minutes are whole minutes, summed over all parties or teachers.
type Figures struct {
	Requests, Met int
	// DroppedWeight of wishes and breaks.
	DroppedWeight float64
	BreaksMissed  int
	// PartiesAllMet is the number of parties that have everything they asked for.
	PartiesAllMet int
	// PartiesComing is the number of parties with at least one talk.
	PartiesComing int
	// WaitMinutes between talks, without walking; OverThirty is the number of parties that wait more than 30 minutes in all.
	WaitMinutes, WalkMinutes, OverThirty int
	// ExtraDays counts, for each party, the days beyond its first.
	ExtraDays int
	// IdleMinutes of the teachers between their first and last use of each day.
	IdleMinutes int
	// Cost by the objective, ranks and changes not counted.
	Cost float64
}

// Headroom is how much better than a plan anything could be.
type Headroom struct {
	// Wishes is the greatest number of further wishes (or breaks) that another plan could meet.
	Wishes int
	// Minutes is by how much the minutes part could fall, for each party that comes, in minutes of waiting.
	Minutes float64
}

// Headroom compares a plan with the bound. smallest is the smallest weight among the wishes, and drop the objective's Drop.
func (f Figures) Headroom(b Bound, smallest, drop float64) Headroom {
	var h Headroom
	if more := f.DroppedWeight - b.DroppedWeight; more > 1e-9 && smallest > 0 {
		h.Wishes = int(more/smallest + 1e-9)
	}
	minutes := f.Cost - drop*f.DroppedWeight - max(0, b.Cost-drop*f.DroppedWeight)
	if f.PartiesComing > 0 {
		h.Minutes = max(0, minutes) / float64(f.PartiesComing)
	}
	return h
}

// Measure checks a plan against its instance and computes its figures. Errors: ErrInvalid for the instance, ErrBroken for the plan.
func Measure(instance Instance, made Plan, o Objective) (Figures, error) {
	p, err := compile(instance, o, nil)
	if err != nil {
		return Figures{}, err
	}
	s := newState(p)
	if err := s.load(made); err != nil {
		return Figures{}, err
	}
	return figuresOf(p, s.choice, o), nil
}

// load enters a plan into an empty state. Errors: ErrBroken.
func (s *state) load(made Plan) error {
	at := map[string][2]int{}
	for u := range s.p.units {
		for t := range s.p.units[u].talks {
			at[unitKey(&s.p.units[u], t)] = [2]int{u, t}
		}
	}
	picks := make([][]int32, len(s.p.units))
	for u := range picks {
		picks[u] = slices.Clone(s.choice[u])
	}
	seen := map[string]bool{}
	enter := func(key, place string, day, start int) error {
		where, ok := at[key]
		if !ok || seen[key] {
			return fmt.Errorf("%w: %s: not asked for, or entered twice", ErrBroken, place)
		}
		seen[key] = true
		pick := s.p.units[where[0]].find(where[1], day, start)
		if pick < 0 {
			return fmt.Errorf("%w: %s: not a possible time", ErrBroken, place)
		}
		picks[where[0]][where[1]] = pick
		return nil
	}
	for n, a := range made.Assignments {
		if err := enter("r"+a.Request, fmt.Sprintf("assignments[%d]", n), a.Day, a.Start); err != nil {
			return err
		}
	}
	for n, b := range made.Breaks {
		if err := enter("b"+b.Break, fmt.Sprintf("breaks[%d]", n), b.Day, b.Start); err != nil {
			return err
		}
	}
	return s.enterAll(picks)
}

func unitKey(u *unit, t int) string {
	if u.rest {
		return "b" + u.talks[t].id
	}
	return "r" + u.talks[t].id
}

func (u *unit) find(t, day, start int) int32 {
	for i := range u.visits {
		if v := &u.visits[i]; v.talk == int8(t) && int(v.day) == day && int(v.start) == start {
			return int32(i)
		}
	}
	return -1
}

// enterAll places all picks, checking slots, walking and keeping apart.
func (s *state) enterAll(picks [][]int32) error {
	for u := range picks {
		for t, pick := range picks[u] {
			if pick < 0 || s.p.units[u].talks[t].pinned {
				continue
			}
			for _, slot := range s.p.units[u].visits[pick].slots {
				if s.busy[slot] != 0 {
					return fmt.Errorf("%w: a slot is used twice", ErrBroken)
				}
			}
			one := slices.Repeat([]int32{-1}, len(picks[u]))
			one[t] = pick
			s.place(u, one)
		}
	}
	for u := range picks {
		if !s.walkable(u) {
			return fmt.Errorf("%w: a party cannot get from one talk to the next in time", ErrBroken)
		}
	}
	if !s.apartKept() {
		return fmt.Errorf("%w: two parties that must not meet are there at the same time", ErrBroken)
	}
	return nil
}

func (s *state) walkable(u int) bool {
	var last *option
	for _, pick := range s.itinerary(u) {
		v := &s.p.units[u].visits[pick]
		if last != nil && last.day == v.day && v.start < last.end+s.p.walk[int(last.zone)*s.p.zones+int(v.zone)] {
			return false
		}
		last = v
	}
	return true
}

func (s *state) apartKept() bool {
	r := newRepairer(s)
	for u := range s.p.units {
		own := s.stays(u)
		for _, other := range r.presences(u) {
			for _, o := range own {
				if o.day == other.day && o.from < other.to && other.from < o.to {
					return false
				}
			}
		}
	}
	return true
}

// stays lists when a unit is in the building.
func (s *state) stays(u int) []presence {
	var list []presence
	for _, pick := range s.itinerary(u) {
		v := &s.p.units[u].visits[pick]
		if n := len(list); n > 0 && list[n-1].day == v.day {
			list[n-1].to = max(list[n-1].to, v.end)
		} else {
			list = append(list, presence{v.day, v.start, v.end})
		}
	}
	return list
}

// planOf writes a choice as a plan, in the order of the identifiers.
func planOf(p *problem, choice [][]int32) Plan {
	made := Plan{Assignments: []Assignment{}, Breaks: []BreakTime{}}
	for u, picks := range choice {
		unit := &p.units[u]
		for t, pick := range picks {
			switch {
			case pick < 0:
			case unit.rest:
				made.Breaks = append(made.Breaks, BreakTime{Break: unit.id, Day: int(unit.visits[pick].day), Start: int(unit.visits[pick].start)})
			default:
				v := &unit.visits[pick]
				made.Assignments = append(made.Assignments, Assignment{Request: unit.talks[t].id, Day: int(v.day), Start: int(v.start)})
			}
		}
	}
	return made
}

// figuresOf computes the figures of a choice that keeps the rules.
func figuresOf(p *problem, choice [][]int32, o Objective) Figures {
	s := newState(p)
	var f Figures
	for u, picks := range choice {
		s.place(u, picks)
		f.addUnit(s, u)
	}
	for _, span := range s.spans {
		f.IdleMinutes += int(span.idle())
	}
	f.Cost = o.Drop*f.DroppedWeight + o.Day*float64(f.ExtraDays) + o.Wait*float64(f.WaitMinutes) + o.Walk*float64(f.WalkMinutes) + o.Idle*float64(f.IdleMinutes)
	return f
}

func (f *Figures) addUnit(s *state, u int) {
	unit := &s.p.units[u]
	missing := 0
	for t, pick := range s.choice[u] {
		if pick < 0 {
			missing++
			f.DroppedWeight += toMinutes(unit.talks[t].weight)
		}
	}
	if unit.rest {
		f.BreaksMissed += missing
		return
	}
	f.Requests += len(unit.talks)
	f.Met += len(unit.talks) - missing
	if missing == 0 {
		f.PartiesAllMet++
	}
	if missing < len(unit.talks) {
		f.PartiesComing++
	}
	wait := 0
	var last *option
	for _, pick := range s.itinerary(u) {
		v := &unit.visits[pick]
		switch {
		case last == nil:
		case last.day != v.day:
			f.ExtraDays++
		default:
			walk := s.p.walk[int(last.zone)*s.p.zones+int(v.zone)]
			f.WalkMinutes += int(walk)
			wait += int(v.start - last.end - walk)
		}
		last = v
	}
	f.WaitMinutes += wait
	if wait > 30 {
		f.OverThirty++
	}
}
