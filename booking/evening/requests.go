package evening

import (
	"slices"
	"strconv"

	"github.com/ouderavond/ouderavond/booking/family"
	"github.com/ouderavond/ouderavond/booking/plan"
	"github.com/ouderavond/ouderavond/booking/rules"
	"github.com/ouderavond/ouderavond/models"
)

// addHousehold adds the parties of one household: what it has booked, pinned, and what is still expected of it.
func (e *exporter) addHousehold(household models.HouseholdID) error {
	var rows []models.Appointment
	for _, row := range e.booked {
		if row.HouseholdID == household {
			rows = append(rows, row)
		}
	}
	wanted, err := e.expectedOf(household, rows)
	if err != nil {
		return err
	}
	first, others := e.divide(inOrder(rows))
	days := map[models.DayID]bool{}
	var requests []plan.Request
	for _, row := range first {
		requests = append(requests, e.pin(row))
		days[row.DayID] = true
	}
	for _, one := range wanted {
		requests = append(requests, e.request(one))
		for _, day := range one.Days {
			days[day] = true
		}
	}
	if len(requests) > 0 {
		e.parties = append(e.parties, e.partyOf(household, 1, keysOf(days), requests))
	}
	for i, row := range others {
		e.parties = append(e.parties, e.partyOf(household, i+2, []models.DayID{row.DayID}, []plan.Request{e.pin(row)}))
	}
	return nil
}

func keysOf(days map[models.DayID]bool) []models.DayID {
	list := make([]models.DayID, 0, len(days))
	for day := range days {
		list = append(list, day)
	}
	return list
}

// divide takes the appointments that one party can have one after the other, and gives those apart that it cannot: the second party's, and those to which the
// family has said it will walk fast.
func (e *exporter) divide(rows []models.Appointment) (first, others []models.Appointment) {
	walks := e.walks()
	for _, row := range rows {
		if len(row.StaffIDs) == 0 {
			continue
		}
		if row.Party > 1 {
			others = append(others, row)
			continue
		}
		if last := len(first) - 1; last >= 0 {
			before := first[last]
			walk := models.Ticks(walks[e.zoneOf[rules.NewStaffSet(before.StaffIDs...)[0]]][e.zoneOf[rules.NewStaffSet(row.StaffIDs...)[0]]])
			if row.StartTick < before.EndTick+walk {
				others = append(others, row)
				continue
			}
		}
		first = append(first, row)
	}
	return first, others
}

// pin makes a request of an appointment, and keeps it where it is.
func (e *exporter) pin(row models.Appointment) plan.Request {
	set := rules.NewStaffSet(row.StaffIDs...)
	minutes := (row.EndTick - row.StartTick).Minutes()
	for _, member := range set {
		e.wanted[member]++
	}
	e.pinned = append(e.pinned, plan.Assignment{Request: row.ID.String(), Day: e.dayNumber(row.DayID), Start: e.minute(row.DayID, row.StartTick)})
	return plan.Request{ID: row.ID.String(), Child: row.PupilID.String(), Teachers: models.Texts(set), Minutes: minutes, Weight: usualWeight}
}

// expectedOf gives the talks that the school wants of a household and that are not booked yet, within the limits of the conference.
func (e *exporter) expectedOf(household models.HouseholdID, rows []models.Appointment) ([]family.ExpectedRequest, error) {
	return family.Expected(e.tx, e.actor, e.conference, household, rows)
}

// request makes a request of an expected talk, with the teachers who are asked for least so far.
func (e *exporter) request(one family.ExpectedRequest) plan.Request {
	load := func(set rules.StaffSet) int {
		most := 0
		for _, member := range set {
			most = max(most, e.wanted[member])
		}
		return most
	}
	set := slices.MinFunc(one.Sets, func(a, b rules.StaffSet) int { return load(a) - load(b) })
	for _, member := range set {
		e.wanted[member]++
	}
	kind := one.Kind
	e.ask(set, kind.Minutes, one.Days)
	made := plan.Request{
		ID: one.Pupil.ID.String() + "/" + kind.ID.String(), Child: one.Pupil.ID.String(), Teachers: models.Texts(set), Minutes: kind.Minutes,
		Weight: usualWeight, Rank: one.Rank,
	}
	if kind.Obligation == models.Required {
		made.Weight, made.Must = requiredWeight, true
	}
	if e.separated(one.Household) {
		made.ID += "/" + one.Household.String()
	}
	if kind.Staffing == models.StaffedBySubject {
		made.ID += "/" + strconv.Itoa(one.Rank)
	}
	return made
}

// ask notes that somebody needs a staff set for some minutes.
func (e *exporter) ask(set rules.StaffSet, minutes int, days []models.DayID) {
	for i := range e.asked {
		if e.asked[i].minutes == minutes && e.asked[i].set.Equal(set) {
			e.asked[i].count++
			e.asked[i].days = append(e.asked[i].days, days...)
			return
		}
	}
	e.asked = append(e.asked, askedSet{set: set, minutes: minutes, days: slices.Clone(days), count: 1})
}
