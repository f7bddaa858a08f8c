package booking_test

import (
	"testing"

	"github.com/ouderavond/ouderavond/booking/appointment"
	"github.com/ouderavond/ouderavond/booking/availability"
	"github.com/ouderavond/ouderavond/booking/conference"
	"github.com/ouderavond/ouderavond/booking/rules"
	"github.com/ouderavond/ouderavond/models"
)

func TestAvailabilityThatCannotBeIsRefused(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	good := availability.TeacherDay{Staff: w.staff["LON"], Day: w.evening.Days[0].ID, Windows: []rules.Window{{From: "19:00", Until: "21:00"}}}
	with := func(change func(*availability.TeacherDay)) availability.TeacherDay {
		day := good
		day.Windows = []rules.Window{{From: "19:00", Until: "21:00"}}
		change(&day)
		return day
	}
	before := w.counts()
	for name, test := range map[string]struct {
		day         availability.TeacherDay
		field, code string
	}{
		"a day of another conference": {with(func(d *availability.TeacherDay) { d.Day = models.New[models.DayID]() }), "days[1].day", "unknown"},
		"a teacher nobody knows":      {with(func(d *availability.TeacherDay) { d.Staff = models.New[models.StaffID]() }), "days[1].teacher", "unknown"},
		"a room nobody knows":         {with(func(d *availability.TeacherDay) { d.Windows[0].Room = models.New[models.RoomID]() }), "days[1].windows[0].room", "unknown"},
		"no time":                     {with(func(d *availability.TeacherDay) { d.Windows[0].From = "" }), "days[1].windows[0].from", "not-a-time"},
		"a time of no clock":          {with(func(d *availability.TeacherDay) { d.Windows[0].Until = "25:00" }), "days[1].windows[0].until", "not-a-time"},
		"seven past":                  {with(func(d *availability.TeacherDay) { d.Windows[0].From = "19:07" }), "days[1].windows[0].from", "not-a-multiple-of-five"},
		"an end before its start":     {with(func(d *availability.TeacherDay) { d.Windows[0].Until = "18:00" }), "days[1].windows[0].until", "before-start"},
		"nothing":                     {with(func(d *availability.TeacherDay) { d.Windows[0].Until = "19:00" }), "days[1].windows[0].until", "before-start"},
		"windows that overlap": {with(func(d *availability.TeacherDay) {
			d.Windows = append(d.Windows, rules.Window{From: "20:00", Until: "22:00"})
		}), "days[1].windows", "overlap"},
		"breaks that overlap": {with(func(d *availability.TeacherDay) {
			d.Breaks = []rules.Window{{From: "19:00", Until: "19:10"}, {From: "19:05", Until: "19:15"}}
		}), "days[1].breaks", "overlap"},
		"a break of no kind": {with(func(d *availability.TeacherDay) {
			d.Breaks = []rules.Window{{From: "19:00", Until: "19:10", Kind: "nap"}}
		}), "days[1].breaks[0].kind", "unknown"},
	} {
		_, err := w.booking.Availability.Set(w.ctx, w.operator, w.evening.ID, []availability.TeacherDay{good, test.day})
		t.Log(name)
		wantField(t, err, test.field, test.code)
	}
	if got := w.appeared(before); got != "" {
		t.Errorf("rows %s", got)
	}
}

func TestAChangeOfAvailabilityListsWhatLiesOutsideAndDropsNothing(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	bakkers := w.recognised("Anna Bakker")
	bakkers.makes(w.talks("Anna Mentor NOO+OOS 19:00", "Bram Vak LON 19:20", "Cato Vak LON 20:30")...)
	outside := w.available(w.evening, w.windows("LON", 0, nil, "20:00-21:00"))
	if len(outside) != 1 || outside[0].Appointment != bakkers.booked("Tue 19:20 Bram LON").ID || !outside[0].Start.Equal(w.at(0, "19:20")) {
		t.Errorf("outside %+v", outside)
	}
	outside = w.available(w.evening, w.windows("OOS", 0, nil, "19:10-21:00"))
	if len(outside) != 1 || outside[0].Appointment != bakkers.booked("Tue 19:00 Anna NOO+OOS").ID {
		t.Errorf("outside %+v", outside)
	}
	if got := len(w.schedule()); got != 3 {
		t.Errorf("%d appointments are left", got)
	}
	w.consistent()
}

func TestABreakWhereAFamilyIsBookedIsRefused(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.recognised("Anna Bakker").makes(w.talk("Anna Vak LON 19:20"))
	day := w.windows("LON", 0, nil, "19:00-21:00")
	day.Breaks = []rules.Window{{From: "19:25", Until: "19:35"}}
	_, err := w.booking.Availability.Set(w.ctx, w.operator, w.evening.ID, []availability.TeacherDay{day})
	wantCode(t, err, "availability.booked")
	day.Breaks = []rules.Window{{From: "19:30", Until: "19:40"}}
	w.available(w.evening, day)
	w.consistent()
	equal(t, "the break", w.recognised("Jet Prins").refused(appointment.Change{Make: w.talks("Jet Vak LON 19:30")}), []string{"Jet LON: not_offered"})
	// Setting the day again replaces the break and frees its time.
	day.Breaks = nil
	w.available(w.evening, day)
	w.recognised("Jet Prins").makes(w.talk("Jet Vak LON 19:30"))
	w.consistent()
}

func TestABreakIsOneInEveryConferenceOfTheEvening(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	second := w.create(conference.NewConference{
		Title: "Profielkeuze", OpensAt: moment().Add(-1), ClosesAt: evenings().ClosesAt, Days: evenings().Days[:1],
		TalkKinds: []conference.NewTalkKind{{Title: "Advies", Minutes: 10, Obligation: models.Optional, Staffing: models.StaffedBySubject, Pairing: models.PairingEither}},
	})
	first, other := w.windows("LON", 0, nil, "19:00-21:00"), availability.TeacherDay{Staff: w.staff["LON"], Day: second.Days[0].ID, Windows: []rules.Window{{From: "19:00", Until: "21:00"}}}
	first.Breaks = []rules.Window{{From: "20:00", Until: "20:10"}}
	w.available(w.evening, first)
	w.available(second, other)
	second = w.openConference(second.ID)
	advice := appointment.Request{Ref: "advice", Pupil: w.pupils["Jet"], TalkKind: w.kind(second, "Advies"), Staff: w.members("LON"), Start: w.at(0, "20:00")}
	jet := w.recognised("Jet Prins")
	equal(t, "the break of the first conference", jet.refused(appointment.Change{Make: []appointment.Request{advice}}), []string{"advice: taken"})
	// The same break in both is no conflict, and stays when it goes from one of them.
	other.Breaks = first.Breaks
	w.available(second, other)
	first.Breaks = nil
	w.available(w.evening, first)
	equal(t, "the break of the second", jet.refused(appointment.Change{Make: w.talks("Jet Vak LON 20:00")}), []string{"Jet LON: taken"})
	w.consistent()
}

func TestATeacherMayTakeABreakToVisitAColleague(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.recognised("Finn Visser").makes(w.talk("Finn Vak LON 19:20"))
	day := w.windows("VIS", 0, nil, "19:00-21:00")
	day.Breaks = []rules.Window{{From: "19:20", Until: "19:40"}}
	w.available(w.evening, day)
	equal(t, "she is away", w.recognised("Jet Prins").refused(appointment.Change{Make: w.talks("Jet Vak VIS 19:30")}), []string{"Jet VIS: not_offered"})
	w.consistent()
}
