package booking_test

import (
	"slices"
	"testing"
	"time"

	"github.com/ouderavond/ouderavond/booking/appointment"
	"github.com/ouderavond/ouderavond/booking/rules"
	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/store"
)

// booked finds an appointment on the session's family page by its text, "Tue 19:00 Anna LON".
func (s *session) booked(text string) rules.AppointmentView {
	s.w.t.Helper()
	views := s.family().Appointments
	at := slices.Index(s.w.show(views), text)
	if at < 0 {
		s.w.t.Fatalf("%q is not among %q", text, s.w.show(views))
	}
	return views[at]
}

func (s *session) move(text string, day int, clock string, staff ...string) appointment.MoveItem {
	s.w.t.Helper()
	item := appointment.MoveItem{Ref: text, Appointment: s.booked(text).ID, Start: s.w.at(day, clock)}
	if len(staff) > 0 {
		item.Staff = s.w.members(staff[0])
	}
	return item
}

func (s *session) cancels(texts ...string) appointment.Change {
	s.w.t.Helper()
	var change appointment.Change
	for _, text := range texts {
		change.Cancel = append(change.Cancel, appointment.CancelItem{Ref: text, Appointment: s.booked(text).ID})
	}
	return change
}

func TestAMoveKeepsTheAppointmentAndFreesItsFormerTime(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	bakkers := w.recognised("Anna Bakker")
	was := bakkers.makes(w.talk("Anna Vak LON 19:00")).Appointments[0]
	before := w.counts()
	outcome := bakkers.book(appointment.Change{Move: []appointment.MoveItem{bakkers.move("Tue 19:00 Anna LON", 0, "19:30")}})
	now := outcome.Appointments[0]
	if now.ID != was.ID || now.Version != 2 || now.State != models.AppointmentBooked {
		t.Errorf("appointment %+v", now)
	}
	// The two contacts on file are told; what was queued for them before is superseded and stays as a row.
	if got := w.appeared(before); got != "audits+1 bookings+1 messages+2" {
		t.Errorf("rows %s", got)
	}
	equal(t, "schedule", w.schedule(), []string{"Tue 19:30 Anna LON"})
	w.recognised("Jet Prins").makes(w.talk("Jet Vak LON 19:00"))
	w.consistent()
}

func TestAMoveCanGoToAnotherDayAndToOtherStaff(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	bakkers := w.recognised("Anna Bakker")
	bakkers.makes(w.talk("Anna Mentor NOO+OOS 19:00"))
	bakkers.book(appointment.Change{Move: []appointment.MoveItem{bakkers.move("Tue 19:00 Anna NOO+OOS", 1, "20:00")}})
	equal(t, "another day", w.schedule(), []string{"Thu 20:00 Anna NOO+OOS"})
	w.consistent()
	bakkers.book(appointment.Change{Move: []appointment.MoveItem{bakkers.move("Thu 20:00 Anna NOO+OOS", 1, "20:00", "OOS")}})
	equal(t, "one of the duo", w.schedule(), []string{"Thu 20:00 Anna OOS"})
	w.recognised("Jet Prins").makes(w.talk("Jet Mentor NOO Thu 20:00"))
	w.consistent()
	refused := bakkers.refused(appointment.Change{Move: []appointment.MoveItem{bakkers.move("Thu 20:00 Anna OOS", 1, "20:20", "ZUI")}})
	equal(t, "somebody else's mentor", refused, []string{"Thu 20:00 Anna OOS: not_offered"})
}

func TestTwoAppointmentsSwapPlacesInOneCall(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	bakkers := w.recognised("Anna Bakker")
	bakkers.makes(w.talks("Anna Vak LON 19:00", "Bram Vak LON 19:10", "Cato Vak VIS 19:20")...)
	bakkers.book(appointment.Change{Move: []appointment.MoveItem{bakkers.move("Tue 19:00 Anna LON", 0, "19:10"), bakkers.move("Tue 19:10 Bram LON", 0, "19:00")}})
	equal(t, "swapped", w.schedule(), []string{"Tue 19:00 Bram LON", "Tue 19:10 Anna LON", "Tue 19:20 Cato VIS"})
	bakkers.book(appointment.Change{Move: []appointment.MoveItem{
		bakkers.move("Tue 19:00 Bram LON", 0, "19:10"), bakkers.move("Tue 19:10 Anna LON", 0, "19:20"), bakkers.move("Tue 19:20 Cato VIS", 0, "19:00"),
	}})
	equal(t, "in a circle", w.schedule(), []string{"Tue 19:00 Cato VIS", "Tue 19:10 Bram LON", "Tue 19:20 Anna LON"})
	w.consistent()
}

func TestAFreedPlaceCanBeTakenInTheSameCall(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	bakkers := w.recognised("Anna Bakker")
	bakkers.makes(w.talks("Anna Mentor NOO 19:00", "Bram Vak LON 19:20")...)
	change := bakkers.cancels("Tue 19:00 Anna NOO")
	change.Make = w.talks("Anna Mentor OOS 19:00")
	change.Move = []appointment.MoveItem{bakkers.move("Tue 19:20 Bram LON", 0, "19:30")}
	outcome := bakkers.book(change)
	equal(t, "schedule", w.schedule(), []string{"Tue 19:00 Anna OOS", "Tue 19:30 Bram LON"})
	if len(outcome.Cancelled) != 1 || len(outcome.Appointments) != 2 {
		t.Errorf("outcome %+v", outcome)
	}
	w.consistent()
}

func TestAMoveThatCannotBeLeavesEverythingAsItWas(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.recognised("Jet Prins").makes(w.talk("Jet Vak LON 19:30"))
	bakkers := w.recognised("Anna Bakker")
	bakkers.makes(w.talks("Anna Vak LON 19:00", "Bram Vak VIS 19:20")...)
	before := w.counts()
	change := bakkers.cancels("Tue 19:20 Bram VIS")
	change.Move = []appointment.MoveItem{bakkers.move("Tue 19:00 Anna LON", 0, "19:30")}
	equal(t, "refused", bakkers.refused(change), []string{"Tue 19:00 Anna LON: taken"})
	if got := w.appeared(before); got != "" {
		t.Errorf("rows %s", got)
	}
	equal(t, "schedule", w.schedule(), []string{"Tue 19:00 Anna LON", "Tue 19:20 Bram VIS", "Tue 19:30 Jet LON"})
	w.consistent()
}

func TestACancelledAppointmentFreesEverybodyAndIsGoneForGood(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	bakkers := w.recognised("Anna Bakker")
	cancelled := bakkers.makes(w.talks("Anna Mentor NOO+OOS 19:00", "Bram Vak LON 19:20")...).Appointments[0].ID
	outcome := bakkers.book(bakkers.cancels("Tue 19:00 Anna NOO+OOS"))
	if !slices.Equal(outcome.Cancelled, []models.AppointmentID{cancelled}) || len(outcome.Appointments) != 0 {
		t.Errorf("outcome %+v", outcome)
	}
	equal(t, "family page", bakkers.sees(), []string{"Tue 19:20 Bram LON"})
	for _, again := range []appointment.Change{
		{Cancel: []appointment.CancelItem{{Appointment: cancelled}}}, {Move: []appointment.MoveItem{{Appointment: cancelled, Start: w.at(0, "20:00")}}},
	} {
		_, err := bakkers.try(again)
		wantCode(t, err, "booking.no-such-appointment")
	}
	w.recognised("Jet Prins").makes(w.talk("Jet Mentor NOO+OOS 19:00"))
	bakkers.makes(w.talk("Anna Mentor NOO Thu 19:00"))
	w.consistent()
	w.read(func(tx *store.Tx) {
		rows, err := tx.Appointments(store.Eq("id", cancelled))
		w.must(err)
		if len(rows) != 1 || rows[0].State != models.AppointmentCancelled || rows[0].Version != 2 {
			t.Errorf("rows %+v", rows)
		}
	})
}

func TestAppointmentsCannotBeChangedOutsideOpeningTimesButByStaff(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.change(models.ConferenceRules{LeadMinutes: 60, CancelMinutes: 45})
	first := w.recognised("Anna Bakker")
	first.makes(w.talks("Anna Vak LON 19:00", "Bram Vak LON Thu 19:00")...)
	w.clock.Set(w.at(0, "18:30"))
	bakkers := w.confirmed("Anna Bakker")
	tuesday, thursday := bakkers.booked("Tue 19:00 Anna LON"), bakkers.booked("Thu 19:00 Bram LON")
	if tuesday.MayChange || !thursday.MayChange || tuesday.MayCancel || !thursday.MayCancel {
		t.Errorf("Tuesday's may change %v, cancel %v, Thursday's %v, %v", tuesday.MayChange, tuesday.MayCancel, thursday.MayChange, thursday.MayCancel)
	}
	cancel := appointment.Change{Cancel: []appointment.CancelItem{{Ref: "Tuesday", Appointment: tuesday.ID}, {Ref: "Thursday", Appointment: thursday.ID}}}
	equal(t, "cancel", bakkers.refused(cancel), []string{"Tuesday: closed"})
	move := appointment.Change{Move: []appointment.MoveItem{{Ref: "Tuesday", Appointment: tuesday.ID, Start: w.at(1, "20:00")}}}
	equal(t, "move away", bakkers.refused(move), []string{"Tuesday: closed"})
	nearer := appointment.Change{Move: []appointment.MoveItem{{Ref: "Thursday", Appointment: thursday.ID, Start: w.at(0, "19:20")}}}
	equal(t, "move nearer", bakkers.refused(nearer), []string{"Thursday: closed"})
	if _, err := w.booking.Appointments.Book(w.ctx, w.operator, appointment.Change{Cancel: cancel.Cancel}); err != nil {
		t.Errorf("staff cannot cancel: %v", err)
	}
	w.clock.Set(w.at(1, "18:30").Add(48 * time.Hour))
	equal(t, "schedule", w.schedule(), []string{})
}

func TestParentsCancelUntilATimeOfItsOwn(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name          string
		cancelMinutes int
		now           func(*world) time.Time
		want          []string
	}{
		{"before booking closes, while moving is over", 0, func(w *world) time.Time { return w.at(1, "12:30") }, nil},
		{"after booking has closed", 0, func(w *world) time.Time { return w.at(1, "13:30") }, nil},
		{"at the last moment", 0, func(w *world) time.Time { return w.at(1, "19:00").Add(-time.Second) }, nil},
		{"when it begins", 0, func(w *world) time.Time { return w.at(1, "19:00") }, []string{"it: closed"}},
		{"longer before than the school wants", 45, func(w *world) time.Time { return w.at(1, "18:14") }, nil},
		{"less long before", 45, func(w *world) time.Time { return w.at(1, "18:15") }, []string{"it: closed"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			w.change(models.ConferenceRules{LeadMinutes: 600, CancelMinutes: test.cancelMinutes})
			w.recognised("Anna Bakker").makes(w.talk("Anna Vak LON Thu 19:00"))
			w.clock.Set(test.now(w))
			bakkers := w.confirmed("Anna Bakker")
			talk := bakkers.booked("Thu 19:00 Anna LON")
			if talk.MayChange || talk.MayCancel != (test.want == nil) {
				t.Errorf("may change %v, may cancel %v", talk.MayChange, talk.MayCancel)
			}
			move := appointment.Change{Move: []appointment.MoveItem{{Ref: "it", Appointment: talk.ID, Start: w.at(1, "20:00")}}}
			equal(t, "move", bakkers.refused(move), []string{"it: closed"})
			cancel := appointment.Change{Cancel: []appointment.CancelItem{{Ref: "it", Appointment: talk.ID}}}
			if test.want != nil {
				equal(t, "cancel", bakkers.refused(cancel), test.want)
				return
			}
			bakkers.book(cancel)
			equal(t, "schedule", w.schedule(), []string{})
			w.consistent()
		})
	}
}

func TestStaffTouchOnlyTheHouseholdTheyName(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	prins := w.recognised("Jet Prins").makes(w.talk("Jet Vak LON 19:20")).Appointments[0].ID
	_, err := w.booking.Appointments.Book(w.ctx, w.operator, appointment.Change{Household: w.home("Anna"), Cancel: []appointment.CancelItem{{Appointment: prins}}})
	wantCode(t, err, "booking.no-such-appointment")
	_, err = w.booking.Appointments.Book(w.ctx, w.operator, appointment.Change{Household: w.home("Anna"), Make: w.talks("Jet Vak VIS 19:00")})
	wantCode(t, err, "booking.no-such-child")
	_, err = w.booking.Appointments.Book(w.ctx, w.operator, appointment.Change{Make: w.talks("Jet Vak VIS 19:00")})
	wantCode(t, err, "booking.no-such-child")
	equal(t, "schedule", w.schedule(), []string{"Tue 19:20 Jet LON"})
}
