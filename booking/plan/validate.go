package plan

import (
	"fmt"
	"math"
)

// Limits of what an instance may hold. They keep every sum of costs far from overflow.
const (
	maxDays    = 366
	maxZones   = 100
	maxMinutes = 100_000
	maxWeight  = 10_000
	maxSets    = 8   // teachers of one talk
	maxTalks   = 120 // talks of one party
)

// Validate tells whether the instance keeps the rules of the format. The first fault is reported with its place. Errors: ErrInvalid.
func (i Instance) Validate() error {
	v := validator{instance: i, teachers: map[string]bool{}, requests: map[string]bool{}, parties: map[string]bool{}, breaks: map[string]bool{}}
	v.frame()
	for n, t := range i.Teachers {
		v.teacher(fmt.Sprintf("teachers[%d]", n), t)
	}
	for n, p := range i.Parties {
		v.party(fmt.Sprintf("parties[%d]", n), p)
	}
	for n, b := range i.Breaks {
		v.rest(fmt.Sprintf("breaks[%d]", n), b)
	}
	v.extras()
	return v.err
}

type validator struct {
	instance                            Instance
	teachers, requests, parties, breaks map[string]bool
	err                                 error
}

// want notes the first rule that is broken.
func (v *validator) want(ok bool, place, rule string) {
	if !ok && v.err == nil {
		v.err = fmt.Errorf("%w: %s: %s", ErrInvalid, place, rule)
	}
}

func (v *validator) frame() {
	i := v.instance
	v.want(i.Format == FormatVersion, "format", "must be 1")
	v.want(i.Days >= 1 && i.Days <= maxDays, "days", "must lie between 1 and 366")
	v.want(len(i.WalkMinutes) <= maxZones, "walk_minutes", "has too many zones")
	for n, row := range i.WalkMinutes {
		place := fmt.Sprintf("walk_minutes[%d]", n)
		v.want(len(row) == len(i.WalkMinutes), place, "must be as long as the table is high")
		for _, minutes := range row {
			v.want(minutes >= 0 && minutes <= maxMinutes, place, "must hold whole minutes from 0")
		}
	}
}

func (v *validator) identifier(seen map[string]bool, id, place string) {
	v.want(id != "", place+".id", "must not be empty")
	v.want(!seen[id], place+".id", "is used twice")
	seen[id] = true
}

func (v *validator) span(place string, day, from, to int) {
	v.want(day >= 0 && day < v.instance.Days, place+".day", "is not one of the days")
	v.want(from >= -maxMinutes && to <= maxMinutes, place, "lies too far from the start of the day")
	v.want(from <= to, place, "ends before it begins")
}

func (v *validator) weight(place string, weight float64) {
	v.want(!math.IsNaN(weight) && weight >= 0 && weight <= maxWeight, place+".weight", "must lie between 0 and 10000")
}

func (v *validator) teacher(place string, t Teacher) {
	v.identifier(v.teachers, t.ID, place)
	v.want(t.Zone >= 0 && t.Zone < len(v.instance.WalkMinutes), place+".zone", "is not a row of walk_minutes")
	seen := map[[2]int]bool{}
	for n, s := range t.Slots {
		at := fmt.Sprintf("%s.slots[%d]", place, n)
		v.span(at, s.Day, s.Start, s.End)
		v.want(s.Start < s.End, at, "has no length")
		v.want(!seen[[2]int{s.Day, s.Start}], at, "begins at the same time as another slot of this teacher")
		seen[[2]int{s.Day, s.Start}] = true
	}
}

func (v *validator) windows(place string, windows []Window) {
	for n, w := range windows {
		v.span(fmt.Sprintf("%s.windows[%d]", place, n), w.Day, w.From, w.To)
	}
}

func (v *validator) minutes(place string, minutes int) {
	v.want(minutes >= 1 && minutes <= maxMinutes, place+".minutes", "must be a whole number above 0")
}

func (v *validator) party(place string, p Party) {
	v.identifier(v.parties, p.ID, place)
	v.want(p.Kind == "" || p.Kind == Family || p.Kind == Separated, place+".kind", "must be family or separated")
	v.windows(place, p.Windows)
	v.want(len(p.Requests) <= maxTalks, place+".requests", "has more than 120 entries")
	for n, r := range p.Requests {
		at := fmt.Sprintf("%s.requests[%d]", place, n)
		v.identifier(v.requests, r.ID, at)
		v.minutes(at, r.Minutes)
		v.weight(at, r.Weight)
		v.want(r.Rank >= 0, at+".rank", "must not be below 0")
		v.want(len(r.Teachers) >= 1 && len(r.Teachers) <= maxSets, at+".teachers", "must name one to eight teachers")
		seen := map[string]bool{}
		for _, t := range r.Teachers {
			v.want(v.teachers[t], at+".teachers", "names a teacher who is not listed")
			v.want(!seen[t], at+".teachers", "names a teacher twice")
			seen[t] = true
		}
	}
}

func (v *validator) rest(place string, b Break) {
	v.identifier(v.breaks, b.ID, place)
	v.want(v.teachers[b.Teacher], place+".teacher", "names a teacher who is not listed")
	v.minutes(place, b.Minutes)
	v.weight(place, b.Weight)
	v.windows(place, b.Windows)
}

func (v *validator) extras() {
	seen := map[string]bool{}
	for n, a := range v.instance.Pinned {
		place := fmt.Sprintf("pinned[%d].request", n)
		v.want(v.requests[a.Request], place, "names a request that is not listed")
		v.want(!seen[a.Request], place, "is pinned twice")
		seen[a.Request] = true
	}
	for n, a := range v.instance.Apart {
		place := fmt.Sprintf("apart[%d]", n)
		v.want(v.parties[a.A] && v.parties[a.B], place, "names a party that is not listed")
		v.want(a.A != a.B, place, "names one party twice")
		v.want(a.Minutes >= 0 && a.Minutes <= maxMinutes, place+".minutes", "must not be below 0")
	}
}
