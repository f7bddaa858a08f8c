package booking_test

import (
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/ouderavond/ouderavond/booking/appointment"
	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/errs"
)

func TestARepeatedCallGivesTheFirstOutcomeAndDoesNothing(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.recognised("Jet Prins").makes(w.talk("Jet Vak LON 19:20"))
	bakkers := w.recognised("Anna Bakker")
	change := appointment.Change{Make: w.talks(sixTalks...), BookRest: true, Email: "oma@example.com", IdempotencyKey: "eerste"}
	first := bakkers.book(change)
	before := w.counts()
	w.clock.Advance(25 * time.Minute)
	second := bakkers.book(change)
	if !second.Replayed || first.Replayed {
		t.Errorf("replayed: first %v, second %v", first.Replayed, second.Replayed)
	}
	second.Replayed = false
	if got, want := fmt.Sprintf("%+v", second), fmt.Sprintf("%+v", first); got != want {
		t.Errorf("outcome\n got %s\nwant %s", got, want)
	}
	if got := w.appeared(before); got != "" {
		t.Errorf("rows %s", got)
	}
}

func TestTheSameInstantWrittenInAnotherZoneIsTheSameCall(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	bakkers := w.recognised("Anna Bakker")
	change := appointment.Change{Make: w.talks("Anna Vak LON 19:00"), IdempotencyKey: "k"}
	bakkers.book(change)
	change.Make = w.talks("Anna Vak LON 19:00")
	change.Make[0].Start = change.Make[0].Start.In(amsterdam(t))
	if !bakkers.book(change).Replayed {
		t.Error("not a repeat")
	}
}

func TestARepeatShowsAppointmentsAsTheyAreNow(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	bakkers := w.recognised("Anna Bakker")
	change := appointment.Change{Make: w.talks("Anna Vak LON 19:00", "Bram Vak VIS 19:20"), IdempotencyKey: "k"}
	bakkers.book(change)
	bakkers.book(bakkers.cancels("Tue 19:20 Bram VIS"))
	bakkers.book(appointment.Change{Move: []appointment.MoveItem{bakkers.move("Tue 19:00 Anna LON", 0, "20:00")}})
	outcome := bakkers.book(change)
	equal(t, "answer", w.show(outcome.Appointments), []string{"Tue 19:20 Bram VIS", "Tue 20:00 Anna LON"})
	if outcome.Appointments[0].State != models.AppointmentCancelled {
		t.Errorf("state %s", outcome.Appointments[0].State)
	}
}

func TestRepeatsAtOnceMakeOneBooking(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	bakkers := w.recognised("Anna Bakker")
	actor, before := bakkers.actor(), w.counts()
	change := appointment.Change{Make: w.talks(sixTalks...), Email: "oma@example.com", IdempotencyKey: "tegelijk"}
	var mutex sync.Mutex
	answers := map[string]int{}
	var work []func() error
	for range 20 {
		work = append(work, func() error {
			outcome, err := w.booking.Appointments.Book(w.ctx, actor, change)
			if err == nil {
				mutex.Lock()
				defer mutex.Unlock()
				answers[fmt.Sprintf("%v %v", outcome.Bookings, outcome.Appointments[0].ID)]++
			}
			return err
		})
	}
	if got := won(together(work...)); got != 20 || len(answers) != 1 {
		t.Errorf("%d of 20 were answered, with %d different outcomes", got, len(answers))
	}
	if got, want := w.appeared(before), "appointment_staff+7 appointments+6 audits+1 bookings+1 claims+40 contacts+1 idempotency+1 invitations+6 makers+1 messages+6"; got != want {
		t.Errorf("rows\n got %s\nwant %s", got, want)
	}
	w.consistent()
}

func TestAKeyWithOtherContentIsRefused(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	bakkers := w.recognised("Anna Bakker")
	change := appointment.Change{Make: w.talks("Anna Vak LON 19:00"), IdempotencyKey: "k"}
	bakkers.book(change)
	before := w.counts()
	for name, other := range map[string]func(*appointment.Change){
		"another time":    func(c *appointment.Change) { c.Make[0].Start = w.at(0, "19:10") },
		"another child":   func(c *appointment.Change) { c.Make[0].Pupil = w.pupils["Bram"] },
		"another address": func(c *appointment.Change) { c.Email = "opa@example.com" },
		"a consent":       func(c *appointment.Change) { c.BookRest = true },
		"a fallback":      func(c *appointment.Change) { c.Make[0].Fallbacks = []appointment.Fallback{{Start: w.at(0, "19:10")}} },
		"one more":        func(c *appointment.Change) { c.Make = append(c.Make, w.talk("Bram Vak LON 19:20")) },
	} {
		changed := change
		changed.Make = slices.Clone(change.Make)
		other(&changed)
		_, err := bakkers.try(changed)
		if errs.CodeOf(err) != "idempotency-key-reused" || errs.KindOf(err) != errs.Invalid {
			t.Errorf("%s: %v", name, err)
		}
	}
	if got := w.appeared(before); got != "" {
		t.Errorf("rows %s", got)
	}
}

func TestKeysOfDifferentPeopleDoNotMeet(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for i, name := range []string{"Anna Bakker", "Jet Prins", "Anna Bakker"} {
		talk := w.talk([]string{"Anna Vak LON 19:00", "Jet Vak LON 19:10", "Bram Vak LON 19:20"}[i])
		if w.recognised(name).book(appointment.Change{Make: []appointment.Request{talk}, IdempotencyKey: "k"}).Replayed {
			t.Errorf("%s got somebody else's answer", name)
		}
	}
	outcome, err := w.booking.Appointments.Book(w.ctx, w.operator, appointment.Change{Household: w.home("Gijs"), Make: w.talks("Gijs Vak LON 19:30"), IdempotencyKey: "k"})
	w.must(err)
	if outcome.Replayed || len(w.schedule()) != 4 {
		t.Errorf("outcome %+v", outcome)
	}
}

func TestAFailureIsNotStored(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	jet, bakkers := w.recognised("Jet Prins"), w.recognised("Anna Bakker")
	jet.makes(w.talk("Jet Vak LON 19:00"))
	change := appointment.Change{Make: w.talks("Anna Vak LON 19:00"), IdempotencyKey: "k"}
	bakkers.refused(change)
	jet.book(jet.cancels("Tue 19:00 Jet LON"))
	if bakkers.book(change).Replayed {
		t.Error("nothing was booked before")
	}
}

func TestTidyingForgetsWhatIsTooOldToBeRepeated(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	bakkers := w.recognised("Anna Bakker")
	bakkers.book(appointment.Change{Make: w.talks("Anna Vak LON 19:00"), Email: "oma@example.com", IdempotencyKey: "k"})
	before := w.counts()
	w.must(w.booking.Erasures.Tidy(w.ctx))
	if got := w.appeared(before); got != "" {
		t.Errorf("rows %s", got)
	}
	for _, later := range []struct {
		hours time.Duration
		want  string
	}{{47, "login_successes-1 sessions-1"}, {2, "idempotency-1 login_successes-1 sessions-1"}} {
		w.clock.Advance(later.hours * time.Hour)
		w.must(w.booking.Erasures.Tidy(w.ctx))
		if got := w.appeared(before); got != later.want {
			t.Errorf("after %d hours more: rows %s, want %s", later.hours, got, later.want)
		}
	}
	// Two weeks after the last evening the typed address goes, with what was written to it; the appointment stays.
	w.clock.Set(w.at(1, "19:00").Add(15 * 24 * time.Hour))
	before = w.counts()
	w.must(w.booking.Erasures.Tidy(w.ctx))
	if got := w.appeared(before); got != "contacts-1 invitations-1 messages-1 undo_rows-10" {
		t.Errorf("after the conference: rows %s", got)
	}
}
