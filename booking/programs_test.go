package booking_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/ouderavond/ouderavond/booking"
	"github.com/ouderavond/ouderavond/booking/appointment"
	"github.com/ouderavond/ouderavond/models/store/storetest"
)

// twoPrograms is the school with a second program on its database; only a server's database has two.
func twoPrograms(t *testing.T) (w *world, second *booking.Services) {
	t.Helper()
	w = newWorld(t)
	if w.db.URL == "" {
		t.Skip("one program at a time opens a file")
	}
	return w, booking.New(storetest.Open(t, w.db.Config()), booking.Options{})
}

func TestRaceOfOneKeyThroughTwoProgramsHasOneEffectAndOneAnswer(t *testing.T) {
	t.Parallel()
	w, second := twoPrograms(t)
	bakkers := w.confirmed("Anna Bakker")
	actor := bakkers.actor()
	for n := range tries() / 4 {
		change := appointment.Change{Make: w.talks("Anna Vak LON 19:00", "Bram Vak VIS 19:20"), IdempotencyKey: fmt.Sprint("key ", n)}
		outcomes := make([]*appointment.Outcome, 4)
		work := make([]func() error, len(outcomes))
		for i := range outcomes {
			program := w.booking
			if i%2 == 1 {
				program = second
			}
			work[i] = func() (err error) {
				outcomes[i], err = program.Appointments.Book(w.ctx, actor, change)
				return err
			}
		}
		for _, err := range together(work...) {
			w.must(err)
		}
		replayed := 0
		for _, outcome := range outcomes {
			if outcome.Replayed {
				replayed++
			}
			if !slices.Equal(outcome.Bookings, outcomes[0].Bookings) || outcome.Appointments[0].ID != outcomes[0].Appointments[0].ID || len(outcome.Appointments) != 2 {
				t.Fatalf("two answers: %+v, %+v", outcome, outcomes[0])
			}
		}
		if replayed != len(outcomes)-1 {
			t.Fatalf("%d of %d are repeats", replayed, len(outcomes))
		}
		undo := appointment.Change{}
		for _, made := range outcomes[0].Appointments {
			undo.Cancel = append(undo.Cancel, appointment.CancelItem{Appointment: made.ID})
		}
		_, err := w.booking.Appointments.Book(w.ctx, w.operator, undo)
		w.must(err)
	}
	w.consistent()
}

func TestRaceOfOneKeyWithTwoContentsHasOneEffect(t *testing.T) {
	t.Parallel()
	w, second := twoPrograms(t)
	for n := range tries() / 4 {
		key := fmt.Sprint("key ", n)
		talks := []appointment.Change{
			{Make: w.talks("Anna Vak LON 19:00"), Household: w.home("Anna"), IdempotencyKey: key},
			{Make: w.talks("Jet Vak VIS 19:00"), Household: w.home("Jet"), IdempotencyKey: key},
		}
		outcomes := make([]*appointment.Outcome, 2)
		failures := together(
			func() (err error) {
				outcomes[0], err = w.booking.Appointments.Book(w.ctx, w.operator, talks[0])
				return err
			},
			func() (err error) {
				outcomes[1], err = second.Appointments.Book(w.ctx, w.operator, talks[1])
				return err
			},
		)
		if won(failures) != 1 {
			t.Fatalf("%d of two won: %v", won(failures), failures)
		}
		for i, err := range failures {
			if err != nil {
				wantCode(t, err, "idempotency-key-reused")
				continue
			}
			_, err := w.booking.Appointments.Book(w.ctx, w.operator, appointment.Change{Cancel: []appointment.CancelItem{{Appointment: outcomes[i].Appointments[0].ID}}})
			w.must(err)
		}
	}
	w.consistent()
}

func TestRaceOfTwoProgramsForOneTeacherHasOneWinnerEach(t *testing.T) {
	t.Parallel()
	w, second := twoPrograms(t)
	bakkers, jet := w.confirmed("Anna Bakker").actor(), w.confirmed("Jet Prins").actor()
	first := appointment.Change{Make: w.talks("Anna Vak LON 19:00")}
	other := appointment.Change{Make: w.talks("Jet Vak LON 19:00")}
	contest(t, w,
		func() (*appointment.Outcome, error) { return w.booking.Appointments.Book(w.ctx, bakkers, first) },
		func() (*appointment.Outcome, error) { return second.Appointments.Book(w.ctx, jet, other) }, "taken")
}

func TestAnImportThroughOneProgramIsSeenByABookingOfTheOther(t *testing.T) {
	t.Parallel()
	w, second := twoPrograms(t)
	people, err := second.People.Staff(w.ctx, w.operator)
	w.must(err)
	before := len(people.Pupils())
	w.imported(w.changed("1009;Jet;;Prins", "1010;Kees;;Bos;1-1-2012;7777HH;1;1A;1;;;;;;\n1009;Jet;;Prins"))
	people, err = second.People.Staff(w.ctx, w.operator)
	w.must(err)
	if len(people.Pupils()) != before+1 {
		t.Fatalf("%d pupils, there were %d", len(people.Pupils()), before)
	}
	w.look()
	_, err = second.Appointments.Book(w.ctx, w.operator, appointment.Change{Make: w.talks("Kees Vak LON 19:00"), Household: w.home("Kees")})
	w.must(err)
}

func TestTwoBookingsOfOneSessionAtOnceHaveOneMaker(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	bakkers := w.recognised("Anna Bakker")
	actor := bakkers.actor()
	first := appointment.Change{Make: w.talks("Anna Vak LON 19:00"), Email: "oma@example.com"}
	second := appointment.Change{Make: w.talks("Bram Vak VIS 20:00"), Email: "oma@example.com"}
	before := w.counts()
	failures := together(
		func() error { _, err := w.booking.Appointments.Book(w.ctx, actor, first); return err },
		func() error { _, err := w.booking.Appointments.Book(w.ctx, actor, second); return err },
	)
	if won(failures) != 2 {
		t.Fatalf("refused: %v", failures)
	}
	after := w.counts()
	if makers, contacts := after["makers"]-before["makers"], after["contacts"]-before["contacts"]; makers != 1 || contacts != 1 {
		t.Errorf("%d makers, %d contacts", makers, contacts)
	}
}
