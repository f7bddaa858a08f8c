package evening

import (
	"cmp"
	"slices"

	"github.com/ouderavond/ouderavond/booking/plan"
	"github.com/ouderavond/ouderavond/booking/rules"
	"github.com/ouderavond/ouderavond/models"
)

// teachers gives everybody who has hours, with the slots that requests could use and those of the appointments.
func (e *exporter) teachers() []plan.Teacher {
	list := []plan.Teacher{}
	rooms := map[models.RoomID][]models.StaffID{}
	for _, staff := range e.staffed() {
		if room, ok := e.sharedRoom(staff); ok {
			rooms[room] = append(rooms[room], staff)
		}
		list = append(list, plan.Teacher{ID: staff.String(), Zone: e.zoneOf[staff], Slots: e.slots(staff)})
	}
	for _, room := range e.programme.Rooms() {
		if users := rooms[room.ID]; len(users) > 1 {
			list = append(list, e.roomOf(room.ID, users))
		}
	}
	// Rooms come in no particular order.
	slices.SortFunc(list, func(a, b plan.Teacher) int { return cmp.Compare(a.ID, b.ID) })
	return list
}

// staffed lists the teachers with hours or appointments, and those who are asked for though they have none.
func (e *exporter) staffed() []models.StaffID {
	var list []models.StaffID
	for _, day := range e.conference.Days {
		list = append(list, e.conference.Staffed(day.ID)...)
	}
	for i := range e.booked {
		list = append(list, e.booked[i].StaffIDs...)
	}
	for staff := range e.wanted {
		list = append(list, staff)
	}
	slices.SortFunc(list, models.StaffID.Compare)
	return slices.Compact(list)
}

// length is a possible length of a slot, and how many requests need it.
type length struct {
	end         models.Tick
	need, given *int
}

// slots gives one teacher's slots. The appointments' come first, as they stand; beside them there are the starts at which each requested talk could begin.
func (e *exporter) slots(staff models.StaffID) []plan.Slot {
	slots, taken := e.bookedSlots(staff)
	possible := map[rules.Slot]map[models.Tick]length{} // by day and start, then by end
	for i := range e.asked {
		asked := &e.asked[i]
		if !slices.Contains(asked.set, staff) {
			continue
		}
		given := 0
		for _, open := range rules.SlotsOf(e.conference, asked.set, models.Ticks(asked.minutes), uniqueDays(asked.days)) {
			end := open.Start + models.Ticks(asked.minutes)
			if e.busy.IsBusy(models.HolderID(staff), open.Start, end) || overlaps(taken, open.Start, end) {
				continue
			}
			at := rules.Slot{Day: open.Day, Start: open.Start}
			if possible[at] == nil {
				possible[at] = map[models.Tick]length{}
			}
			possible[at][end] = length{end, &asked.count, &given}
		}
	}
	starts := make([]rules.Slot, 0, len(possible))
	for at := range possible {
		starts = append(starts, at)
	}
	slices.SortFunc(starts, func(a, b rules.Slot) int { return cmp.Compare(a.Start, b.Start) })
	for _, at := range starts {
		chosen := maxNeeded(possible[at])
		*chosen.given++
		slots = append(slots, plan.Slot{Day: e.dayNumber(at.Day), Start: e.minute(at.Day, at.Start), End: e.minute(at.Day, chosen.end)})
	}
	slices.SortFunc(slots, func(a, b plan.Slot) int { return cmp.Or(a.Day-b.Day, a.Start-b.Start) })
	return slots
}

// maxNeeded chooses the length of which least was given for what is needed; the format has one slot for a start.
func maxNeeded(lengths map[models.Tick]length) length {
	var list []length
	for _, one := range lengths {
		list = append(list, one)
	}
	return slices.MinFunc(list, func(a, b length) int {
		return cmp.Or(cmp.Compare(*a.given**b.need, *b.given**a.need), cmp.Compare(b.end, a.end))
	})
}

func uniqueDays(days []models.DayID) []models.DayID {
	days = slices.Clone(days)
	slices.SortFunc(days, models.DayID.Compare)
	return slices.Compact(days)
}

// bookedSlots gives the slots of a teacher's appointments.
func (e *exporter) bookedSlots(staff models.StaffID) (slots []plan.Slot, taken []rules.Span) {
	slots = []plan.Slot{}
	for i := range e.booked {
		row := &e.booked[i]
		if slices.Contains(row.StaffIDs, staff) {
			slots = append(slots, plan.Slot{Day: e.dayNumber(row.DayID), Start: e.minute(row.DayID, row.StartTick), End: e.minute(row.DayID, row.EndTick)})
			taken = append(taken, rules.Span{Start: row.StartTick, End: row.EndTick})
		}
	}
	return slots, taken
}

func overlaps(taken []rules.Span, start, end models.Tick) bool {
	return slices.ContainsFunc(taken, func(one rules.Span) bool { return one.Start < end && start < one.End })
}

// sharedRoom gives the room used alone in which a teacher has all hours.
func (e *exporter) sharedRoom(staff models.StaffID) (models.RoomID, bool) {
	var found models.RoomID
	for _, day := range e.conference.Days {
		for _, window := range e.conference.Windows(staff, day.ID) {
			room, ok := e.programme.Room(window.RoomID)
			if !ok || !room.UsedAlone || !found.IsZero() && found != room.ID {
				return found, false
			}
			found = room.ID
		}
	}
	return found, !found.IsZero()
}

// roomOf makes a room that several teachers share one more thing that their requests need: it has the slots of all of them.
func (e *exporter) roomOf(id models.RoomID, users []models.StaffID) plan.Teacher {
	room := plan.Teacher{ID: id.String(), Zone: e.zoneOf[users[0]], Slots: []plan.Slot{}}
	for _, user := range users {
		slots, _ := e.bookedSlots(user)
		room.Slots = append(room.Slots, slots...)
	}
	booked := len(room.Slots)
	for _, user := range users {
		for _, open := range e.slots(user) {
			if slices.ContainsFunc(room.Slots[:booked], func(s plan.Slot) bool { return s.Day == open.Day && s.Start < open.End && open.Start < s.End }) {
				continue
			}
			at := slices.IndexFunc(room.Slots, func(s plan.Slot) bool { return s.Day == open.Day && s.Start == open.Start })
			if at < 0 {
				room.Slots = append(room.Slots, open)
				continue
			}
			room.Slots[at].End = max(room.Slots[at].End, open.End)
		}
		e.needRoom(user, room.ID)
	}
	slices.SortFunc(room.Slots, func(a, b plan.Slot) int { return cmp.Or(a.Day-b.Day, a.Start-b.Start) })
	return room
}

// needRoom lets a teacher's requests need a room: a talk is held in the room of its first teacher.
func (e *exporter) needRoom(staff models.StaffID, room string) {
	for i := range e.parties {
		for j := range e.parties[i].Requests {
			if request := &e.parties[i].Requests[j]; request.Teachers[0] == staff.String() {
				request.Teachers = append(request.Teachers, room)
			}
		}
	}
}
