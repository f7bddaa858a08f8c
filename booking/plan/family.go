package plan

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
)

// ErrQuestion is a family's question that contradicts itself. The message names the place and the rule.
var ErrQuestion = errors.New("plan: question is not valid")

// MostTalks is the greatest number of talks of one family that can be planned at once.
const MostTalks = 60

// maxPrice limits the price of a slot, and maxDaysLimited the number of days among which the family's can be limited.
const (
	maxPrice       = 1e6
	maxDaysLimited = 10
)

// Calendar is what one teacher (or scarce room) has left.
type Calendar struct {
	ID   string
	Zone int
	Free []FreeSlot
}

// FreeSlot is one free slot, in minutes from the start of the day's grid.
type FreeSlot struct {
	Day, Start, End int
	// Price is what it costs the others when this slot goes, in minutes of waiting; see Prices.
	Price float64
}

// FamilyRequest is one talk that a family wants.
type FamilyRequest struct {
	ID string
	// Teachers must all be there, at the same start; the talk is held in the zone of the first.
	Teachers []string
	Minutes  int
	// Weight as in Request.
	Weight float64
	// Rank and Must as in Request.
	Rank int
	Must bool
}

// Stay is a time at which somebody is in the building, in minutes from the start of the day's grid.
type Stay struct {
	Day, Start, End int
	Zone            int
}

// FamilyRules are the rules of a conference for one family's plan.
type FamilyRules struct {
	// MostDays on which the family may come; 0 means as many as needed.
	MostDays int
	// MinutesBetween two talks at least, the walk included. They are counted like walking.
	MinutesBetween int
}

// FamilyQuestion asks for the best itinerary of one family (or of one of two separated parents).
type FamilyQuestion struct {
	// WalkMinutes between zones, as in Instance.
	WalkMinutes [][]int
	Calendars   []Calendar
	Talks       []FamilyRequest
	// Windows at which the family can come; none means always.
	Windows []Window
	// Fixed appointments that the family has and keeps.
	Fixed []Stay
	// Apart lists when somebody is there whom the family must not meet: on such a day it comes and goes before or after. The zone does not matter.
	Apart []Stay
	Rules FamilyRules
	// Objective: the zero value stands for Interchange(). Idle, Change and long waits do not count here.
	Objective Objective
	// Proposals wanted: 0 and 1 mean the best only, and 3 is the most.
	Proposals int
}

// TalkTime is when a talk takes place.
type TalkTime struct {
	Talk            string
	Day, Start, End int
}

// Proposal is one itinerary.
type Proposal struct {
	// Times in the order in which the family has its talks. Fixed appointments are not repeated.
	Times []TalkTime
	// Missing talks, in the order of their identifiers; empty if the proposal is complete.
	Missing []Missing
	// Days on which the family comes, and the minutes it waits and walks between talks, fixed appointments included.
	Days, WaitMinutes, WalkMinutes int
	// Cost by the objective, prices included.
	Cost float64
	// Proven tells that no itinerary costs less. It is false above twelve talks, and for the second and third proposal.
	Proven bool
}

// Plan finds the best itinerary for the family, and on request up to two that are clearly different: on other days, or half an hour apart in coming or
// going. The first may be partial; further ones meet as much as the first. No proposal is given if the fixed appointments cannot be kept. Errors:
// ErrQuestion.
func (q FamilyQuestion) Plan() ([]Proposal, error) {
	f, err := newFamily(q)
	if err != nil {
		return nil, err
	}
	defer f.router.release()
	best, ok := f.bestOver(f.regions())
	if !ok {
		return nil, nil
	}
	list := []itineraryFound{best}
	if q.Proposals > 1 {
		list = f.different(best, min(q.Proposals, 3))
	}
	proposals := make([]Proposal, len(list))
	for i, found := range list {
		proposals[i] = f.proposal(found)
		proposals[i].Proven = i == 0 && len(f.talks) <= maxExact
	}
	return proposals, nil
}

// family is a question made ready.
type family struct {
	q      FamilyQuestion
	router *router
	real   []int32 // walking minutes without the rule of minutes between
	talks  []FamilyRequest
	drops  []cost
	nodes  []node // every possible moment, ref = index, and the fixed appointments
	free   []int  // moments at which each talk could be held at all, windows aside
	days   []int16
}

// itineraryFound is a choice of nodes, -1 for a talk left out.
type itineraryFound struct {
	cost    cost
	dropped cost
	picks   []int32
}

func newFamily(q FamilyQuestion) (*family, error) {
	if q.Objective == (Objective{}) {
		q.Objective = Interchange()
	}
	if err := q.check(); err != nil {
		return nil, err
	}
	zones := len(q.WalkMinutes)
	f := &family{q: q, talks: sorted(q.Talks, func(t FamilyRequest) string { return t.ID })}
	walk := make([]int32, 0, zones*zones)
	for _, row := range q.WalkMinutes {
		for _, minutes := range row {
			f.real = append(f.real, int32(minutes))
			walk = append(walk, int32(max(minutes, q.Rules.MinutesBetween)))
		}
	}
	rates := q.Objective.rates()
	rates.incomplete = 0
	for _, t := range f.talks {
		drop, _ := rates.dropCost(t.Weight, t.Rank, t.Must)
		f.drops = append(f.drops, drop)
	}
	f.gather()
	if q.Rules.MostDays > 0 && len(f.days) > maxDaysLimited {
		return nil, fmt.Errorf("%w: rules: days can be limited among %d at most", ErrQuestion, maxDaysLimited)
	}
	f.router = borrowRouter(walk, zones, rates)
	return f, nil
}

// check refuses what makes no sense.
func (q *FamilyQuestion) check() error {
	zones := len(q.WalkMinutes)
	if zones == 0 || zones > maxZones || slices.ContainsFunc(q.WalkMinutes, func(row []int) bool {
		return len(row) != zones || slices.Min(row) < 0 || slices.Max(row) > maxMinutes
	}) {
		return fmt.Errorf("%w: walking times must be a square table of minutes", ErrQuestion)
	}
	if len(q.Talks) > MostTalks {
		return fmt.Errorf("%w: talks: more than %d", ErrQuestion, MostTalks)
	}
	known := map[string]bool{}
	for i, c := range q.Calendars {
		if known[c.ID] || c.Zone < 0 || c.Zone >= zones {
			return fmt.Errorf("%w: calendars[%d]: given twice, or in no zone", ErrQuestion, i)
		}
		known[c.ID] = true
		if slices.ContainsFunc(c.Free, func(s FreeSlot) bool {
			return s.Start < -maxMinutes || s.End > maxMinutes || s.Day < 0 || s.Day >= maxDays || !(s.Price > -maxPrice && s.Price < maxPrice)
		}) {
			return fmt.Errorf("%w: calendars[%d]: a slot out of range", ErrQuestion, i)
		}
	}
	seen := map[string]bool{}
	for i, t := range q.Talks {
		if seen[t.ID] || t.Minutes < 1 || t.Minutes > maxMinutes || !(t.Weight >= 0 && t.Weight <= maxWeight) || len(t.Teachers) == 0 {
			return fmt.Errorf("%w: talks[%d]: given twice, without length, teacher or proper weight", ErrQuestion, i)
		}
		if slices.ContainsFunc(t.Teachers, func(id string) bool { return !known[id] }) {
			return fmt.Errorf("%w: talks[%d]: a teacher without calendar", ErrQuestion, i)
		}
		seen[t.ID] = true
	}
	return q.checkStays(zones)
}

func (q *FamilyQuestion) checkStays(zones int) error {
	stays := slices.Clone(q.Fixed)
	slices.SortFunc(stays, func(a, b Stay) int { return cmp.Or(cmp.Compare(a.Day, b.Day), cmp.Compare(a.Start, b.Start)) })
	for i, s := range stays {
		if s.Zone < 0 || s.Zone >= zones || s.Start >= s.End || s.Day < 0 || s.Day >= maxDays || s.Start < -maxMinutes || s.End > maxMinutes {
			return fmt.Errorf("%w: fixed: without length, or in no zone", ErrQuestion)
		}
		if i > 0 && stays[i-1].Day == s.Day && s.Start < stays[i-1].End {
			return fmt.Errorf("%w: fixed: two appointments overlap", ErrQuestion)
		}
	}
	if q.Rules.MostDays < 0 || q.Rules.MinutesBetween < 0 || q.Rules.MinutesBetween > maxMinutes {
		return fmt.Errorf("%w: rules: below zero", ErrQuestion)
	}
	return nil
}
