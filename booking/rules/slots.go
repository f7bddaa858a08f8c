package rules

import (
	"slices"
	"time"

	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/programme"
)

// Slot is a start at which a staff set could be met on a day, before anybody's claims are looked at.
type Slot struct {
	Day   models.DayID
	Start models.Tick
	Room  models.RoomID
}

// Span is an unbroken time in which somebody can be met.
type Span struct {
	Start, End models.Tick
	Room       models.RoomID
}

// FreeSpans gives a teacher's windows of a day without breaks and blocked times. Slots are counted anew after each break, so that a break of five minutes
// does not cost two talks.
func FreeSpans(conference *programme.Conference, staff models.StaffID, day models.DayID) []Span {
	var spans []Span
	blocks := conference.Blocks(staff, day)
	for _, window := range conference.Windows(staff, day) {
		start := window.StartTick
		for _, block := range blocks {
			if block.EndTick <= start || block.StartTick >= window.EndTick {
				continue
			}
			if block.StartTick > start {
				spans = append(spans, Span{start, block.StartTick, window.RoomID})
			}
			start = block.EndTick
		}
		if start < window.EndTick {
			spans = append(spans, Span{start, window.EndTick, window.RoomID})
		}
	}
	return spans
}

// common gives the times that two lists of spans share; the room is the first one's.
func common(first, second []Span) []Span {
	var shared []Span
	for _, a := range first {
		for _, b := range second {
			start, end := max(a.Start, b.Start), min(a.End, b.End)
			if start < end {
				shared = append(shared, Span{start, end, a.Room})
			}
		}
	}
	return shared
}

// SlotsOf derives the slots of a staff set (all of them at once) for talks of a length, over the given days.
func SlotsOf(conference *programme.Conference, staff []models.StaffID, length models.Tick, days []models.DayID) []Slot {
	return SlotsInto(nil, conference, staff, length, days)
}

// SlotsInto is slotsOf into the memory of slots that are needed no more.
func SlotsInto(slots []Slot, conference *programme.Conference, staff []models.StaffID, length models.Tick, days []models.DayID) []Slot {
	slots = slots[:0]
	if len(staff) == 0 || length <= 0 {
		return slots
	}
	open, count := make([][]Span, len(days)), 0
	for i, day := range days {
		open[i] = FreeSpans(conference, staff[0], day)
		for _, other := range staff[1:] {
			open[i] = common(open[i], FreeSpans(conference, other, day))
		}
		for _, one := range open[i] {
			count += int((one.End - one.Start) / length)
		}
	}
	// Made once in its whole length: a family's look derives hundreds, and growing took a sixth of all the memory that it used.
	slots = slices.Grow(slots, count)
	for i, day := range days {
		for _, one := range open[i] {
			for start := one.Start; start+length <= one.End; start += length {
				slots = append(slots, Slot{day, start, one.Room})
			}
		}
	}
	slices.SortFunc(slots, func(a, b Slot) int { return int(a.Start - b.Start) })
	return slots
}

// noTick is a start that no slot has: what is not on a whole tick is offered by nobody.
const noTick = models.Tick(-1)

// ExactTick gives the tick that starts at an instant, or noTick.
func ExactTick(instant time.Time) models.Tick {
	tick, exact := models.TickAt(instant)
	if !exact {
		return noTick
	}
	return tick
}
