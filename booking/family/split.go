package family

import (
	"slices"

	"github.com/ouderavond/ouderavond/booking/rules"
	"github.com/ouderavond/ouderavond/models"
)

const (
	// maxDivisions is how many divisions of the talks between two parties are tried: all of them up to seven talks.
	maxDivisions = 64
	// droppedTalk is what a talk that is left out counts when divisions are compared; it stands above all minutes.
	droppedTalk = 1e5
)

// division says which of the talks the second party goes to.
type division []bool

// split finds ways for a household that splits up. Each party gets the best route for its talks; which talks those are is tried out, so that nothing is
// proven. The family wants to be home early: the time until both are done counts beside the waiting.
func (w *proposer) split(talks []*timedRequest) ([]way, error) {
	best, err := w.bestDivision(talks, nil)
	if err != nil || best == nil {
		return nil, err
	}
	ways, met := []way{best}, missedIn(best)
	for _, day := range daysIn(talks) {
		if len(ways) == w.question.Most {
			break
		}
		other, err := w.bestDivision(talks, &day)
		if err != nil {
			return nil, err
		}
		if other != nil && missedIn(other) <= met && !slices.ContainsFunc(ways, func(present way) bool { return alike(present, other) }) {
			ways = append(ways, other)
		}
	}
	return ways, nil
}

func missedIn(w way) int { return len(w.missing()) }

// alike reports whether two ways come and go at about the same times: less than half an hour apart.
func alike(a, b way) bool {
	fromA, toA := a.span()
	fromB, toB := b.span()
	apart := func(x, y models.Tick) bool { return x-y >= 6 || y-x >= 6 }
	return !apart(fromA, fromB) && !apart(toA, toB)
}

// span is from the first talk to the end of the last one.
func (w way) span() (from, to models.Tick) {
	for _, route := range w {
		for _, placed := range route.placed {
			if from == 0 || placed.Slot.Start < from {
				from = placed.Slot.Start
			}
			to = max(to, placed.End())
		}
	}
	return from, to
}

// daysIn lists the days on which anything could be.
func daysIn(talks []*timedRequest) []models.DayID {
	var days []models.DayID
	for _, wanted := range talks {
		for party := 1; party <= 2; party++ {
			for _, place := range wanted.places[party] {
				if !slices.Contains(days, place.Slot.Day) {
					days = append(days, place.Slot.Day)
				}
			}
		}
	}
	return days
}

// bestDivision tries divisions: all of them where they are few, and otherwise those that differ by one talk from the best so far.
func (w *proposer) bestDivision(talks []*timedRequest, day *models.DayID) (best way, err error) {
	tried, score := 0, 0.0
	try := func(d division) (better bool) {
		tried++
		found, worth, failed := w.divide(talks, d, day)
		if failed != nil {
			err = failed
			return false
		}
		if found != nil && (best == nil || worth < score) {
			best, score = found, worth
			return true
		}
		return false
	}
	if len(talks) > 0 && 1<<(len(talks)-1) <= maxDivisions {
		for set := range 1 << (len(talks) - 1) {
			d := make(division, len(talks))
			for i := range talks {
				d[i] = set&(1<<i) != 0
			}
			try(d)
		}
		return best, err
	}
	present := halves(talks)
	try(present)
	for improved := true; improved && tried < maxDivisions && err == nil; {
		improved = false
		for i := range talks {
			next := slices.Clone(present)
			next[i] = !next[i]
			if tried < maxDivisions && try(next) {
				present, improved = next, true
			}
		}
	}
	return best, err
}

// halves gives each party about half of the talks, child by child where that goes.
func halves(talks []*timedRequest) division {
	d := make(division, len(talks))
	order := make([]int, len(talks))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return talks[a].request.Pupil.ID.Compare(talks[b].request.Pupil.ID) })
	for _, at := range order[len(order)/2:] {
		d[at] = true
	}
	return d
}

// divide plans both parties for a division: the first party, and then the second with what is left.
func (w *proposer) divide(talks []*timedRequest, d division, day *models.DayID) (way, float64, error) {
	var mine, theirs []*timedRequest
	for i, wanted := range talks {
		if d[i] {
			theirs = append(theirs, wanted)
		} else {
			mine = append(mine, wanted)
		}
	}
	onDay := func(place rules.Placement) bool { return day == nil || place.Slot.Day == *day }
	first, err := w.routes(1, mine, 1, onDay)
	if err != nil || len(first) == 0 {
		return nil, 0, err
	}
	second, err := w.routes(2, theirs, 1, func(place rules.Placement) bool {
		return onDay(place) && !slices.ContainsFunc(first[0].placed, func(taken placed) bool { return w.collide(taken.Placement, place) })
	})
	if err != nil || len(second) == 0 {
		return nil, 0, err
	}
	both := way{first[0], second[0]}
	return both, w.worth(both), nil
}

// collide reports whether two talks need the same teacher, child or room at once.
func (w *proposer) collide(a, b rules.Placement) bool {
	if a.End() <= b.Slot.Start || b.End() <= a.Slot.Start {
		return false
	}
	mine, _ := w.state.Holders(a)
	theirs, _ := w.state.Holders(b)
	return slices.ContainsFunc(mine, func(holder models.HolderID) bool { return slices.Contains(theirs, holder) })
}

// worth is what a way costs, in minutes of waiting: less is better.
func (w *proposer) worth(both way) float64 {
	total := droppedTalk * float64(missedIn(both))
	ends := map[models.DayID][2]models.Tick{}
	for _, route := range both {
		total += float64(route.wait) + objective().Walk*float64(route.walk)
		for _, placed := range route.placed {
			total += w.prices.of(placed.Placement)
			hours, ok := ends[placed.Slot.Day]
			if !ok {
				hours[0] = placed.Slot.Start
			}
			ends[placed.Slot.Day] = [2]models.Tick{min(hours[0], placed.Slot.Start), max(hours[1], placed.End())}
		}
	}
	for _, hours := range ends {
		total += dayPrice + float64((hours[1] - hours[0]).Minutes())
	}
	return total
}
