package booking

import (
	"slices"

	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/programme"
)

// slot is a start at which a staff set could be met on a day, before anybody's claims are looked at.
type slot struct {
	day   models.DayID
	start models.Tick
	room  models.RoomID
}

// span is an unbroken time in which somebody can be met.
type span struct {
	start, end models.Tick
	room       models.RoomID
}

// freeSpans gives a teacher's windows of a day without breaks and blocked times. Slots are counted anew after each break, so that a break of five minutes
// does not cost two talks.
func freeSpans(conference *programme.Conference, staff models.StaffID, day models.DayID) []span {
	var spans []span
	blocks := conference.Blocks(staff, day)
	for _, window := range conference.Windows(staff, day) {
		start := window.StartTick
		for _, block := range blocks {
			if block.EndTick <= start || block.StartTick >= window.EndTick {
				continue
			}
			if block.StartTick > start {
				spans = append(spans, span{start, block.StartTick, window.RoomID})
			}
			start = block.EndTick
		}
		if start < window.EndTick {
			spans = append(spans, span{start, window.EndTick, window.RoomID})
		}
	}
	return spans
}

// common gives the times that two lists of spans share; the room is the first one's.
func common(first, second []span) []span {
	var shared []span
	for _, a := range first {
		for _, b := range second {
			start, end := max(a.start, b.start), min(a.end, b.end)
			if start < end {
				shared = append(shared, span{start, end, a.room})
			}
		}
	}
	return shared
}

// slotsOf derives the slots of a staff set (all of them at once) for talks of a length, over the given days.
func slotsOf(conference *programme.Conference, staff []models.StaffID, length models.Tick, days []models.DayID) []slot {
	return slotsInto(nil, conference, staff, length, days)
}

// slotsInto is slotsOf into the memory of slots that are needed no more.
func slotsInto(slots []slot, conference *programme.Conference, staff []models.StaffID, length models.Tick, days []models.DayID) []slot {
	slots = slots[:0]
	if len(staff) == 0 || length <= 0 {
		return slots
	}
	open, count := make([][]span, len(days)), 0
	for i, day := range days {
		open[i] = freeSpans(conference, staff[0], day)
		for _, other := range staff[1:] {
			open[i] = common(open[i], freeSpans(conference, other, day))
		}
		for _, one := range open[i] {
			count += int((one.end - one.start) / length)
		}
	}
	// Made once in its whole length: a family's look derives hundreds, and growing took a sixth of all the memory that it used.
	slots = slices.Grow(slots, count)
	for i, day := range days {
		for _, one := range open[i] {
			for start := one.start; start+length <= one.end; start += length {
				slots = append(slots, slot{day, start, one.room})
			}
		}
	}
	slices.SortFunc(slots, func(a, b slot) int { return int(a.start - b.start) })
	return slots
}
