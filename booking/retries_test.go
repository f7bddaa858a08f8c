package booking_test

import (
	"sync"
	"testing"
	"time"

	"github.com/ouderavond/ouderavond/booking"
	"github.com/ouderavond/ouderavond/booking/appointment"
	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/store/storetest"
)

// Who books in a hurry is answered by memory first. These tests make memory wrong, or the answer out of date, and ask for the true one.

// behind is a second program on the same rows: what it books, the memory of the first one does not know. The product lets no second program write a SQLite
// file; here it stands for whatever could make memory wrong.
func (w *world) behind() *booking.Services {
	w.t.Helper()
	return booking.New(storetest.Open(w.t, w.db.Config()), booking.Options{})
}

func TestATimeThatOnlyMemoryThinksFreeIsAnsweredByTheRows(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		change           func(w *world, asked *appointment.Change)
		refused          []string
		booked, unplaced []string
	}{
		"refused, where nothing else would do": {refused: []string{"Anna LON: taken"}},
		"booked at another time that would do": {
			change: func(w *world, asked *appointment.Change) {
				asked.Make[0].Fallbacks = []appointment.Fallback{{Start: w.at(0, "19:30")}}
			},
			booked: []string{"Tue 19:30 Anna LON"},
		},
		"booked at the nearest time": {
			change: func(_ *world, asked *appointment.Change) { asked.Nearest = true },
			booked: []string{"Tue 19:10 Anna LON"},
		},
		"booked as far as can be": {
			change: func(w *world, asked *appointment.Change) {
				asked.Make, asked.BookRest = append(asked.Make, w.talk("Bram Vak VIS 19:30")), true
			},
			booked: []string{"Tue 19:30 Bram VIS"}, unplaced: []string{"Anna LON: taken"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			bakkers, jet := w.recognised("Anna Bakker"), w.recognised("Jet Prins")
			bakkers.family() // from now on memory knows who is busy
			_, err := w.behind().Appointments.Book(w.ctx, jet.actor(), appointment.Change{Make: w.talks("Jet Vak LON 19:00")})
			w.must(err)
			before := w.counts()
			asked := appointment.Change{Make: w.talks("Anna Vak LON 19:00")}
			if test.change != nil {
				test.change(w, &asked)
			}
			outcome, err := bakkers.try(asked)
			if test.refused != nil {
				equal(t, "refused", reasons(err), test.refused)
				if items := itemsOf(t, err); len(items[0].Alternatives) != 3 {
					t.Errorf("alternatives %v", items[0].Alternatives)
				}
				if got := w.appeared(before); got != "" {
					t.Errorf("a refusal left rows: %s", got)
				}
			} else {
				w.must(err)
				equal(t, "booked", w.show(outcome.Appointments), test.booked)
				equal(t, "unplaced", listed(outcome.Unplaced), test.unplaced)
			}
			w.consistent()
			// Memory was wrong once; from then on it is told what the rows say.
			if free := bakkers.free("Anna", "Vak", "LON"); contains(free, "Tue 19:00") {
				t.Errorf("still shown as free: %v", free)
			}
		})
	}
}

func TestATimeThatOnlyMemoryThinksTakenIsBooked(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		talks, booked []string
	}{
		"one talk": {talks: []string{"Anna Vak LON 19:00"}, booked: []string{"Tue 19:00 Anna LON"}},
		"talks of two evenings": {
			talks: []string{"Anna Vak LON 19:00", "Bram Vak LON Thu 19:00"}, booked: []string{"Tue 19:00 Anna LON", "Thu 19:00 Bram LON"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			bakkers, jet := w.recognised("Anna Bakker"), w.recognised("Jet Prins")
			made := jet.makes(w.talk("Jet Vak LON 19:00")).Appointments[0].ID
			if free := bakkers.free("Anna", "Vak", "LON"); contains(free, "Tue 19:00") {
				t.Fatalf("free from the start: %v", free)
			}
			_, err := w.behind().Appointments.Book(w.ctx, jet.actor(), appointment.Change{Cancel: []appointment.CancelItem{{Appointment: made}}})
			w.must(err)
			bakkers.makes(w.talks(test.talks...)...)
			equal(t, "schedule", w.schedule(), test.booked)
			w.consistent()
		})
	}
}

// between is a clock at which something happens when it is asked the time for the nth time: a transaction asks once, before it reads anything.
type between struct {
	models.Clock
	mutex     sync.Mutex
	left      int
	meanwhile func()
}

// before lets something happen at the beginning of the nth transaction from now on.
func (b *between) before(nth int, meanwhile func()) {
	b.mutex.Lock()
	defer b.mutex.Unlock()
	b.left, b.meanwhile = nth, meanwhile
}

func (b *between) due() func() {
	b.mutex.Lock()
	defer b.mutex.Unlock()
	if b.left--; b.left != 0 {
		return nil
	}
	return b.meanwhile
}

// Now is the time, once what is due has happened.
func (b *between) Now() time.Time {
	if meanwhile := b.due(); meanwhile != nil {
		meanwhile()
	}
	return b.Clock.Now()
}

// interrupted opens the world's store anew, with a clock at which something can happen.
func (w *world) interrupted() *between {
	w.t.Helper()
	clock := &between{Clock: w.clock}
	w.must(w.store.Close())
	config := w.db.Config()
	config.Clock = clock
	w.store = storetest.Open(w.t, config)
	w.serve()
	return clock
}

// A refusal is explained by a reader, after the writer's turn: what it finds then may be another answer.
func TestWhatHappensBeforeARefusalIsExplainedChangesTheAnswer(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		freed, repeated, passedOn bool
		refused                   []string
	}{
		"the time became free":                              {freed: true},
		"the same call was made once more, and was quicker": {freed: true, repeated: true},
		"the time went from one family to another":          {freed: true, passedOn: true, refused: []string{"Anna LON: taken"}},
		"nothing": {refused: []string{"Anna LON: taken"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			clock := w.interrupted()
			bakkers, jet, finn := w.recognised("Anna Bakker"), w.recognised("Jet Prins"), w.recognised("Finn Visser")
			made := jet.makes(w.talk("Jet Vak LON 19:00")).Appointments[0].ID
			bakkers.family() // from now on memory knows who is busy
			actor, asked, happened := bakkers.actor(), appointment.Change{Make: w.talks("Anna Vak LON 19:00"), IdempotencyKey: "once"}, false
			clock.before(2, func() { // the first transaction refuses, the second explains
				happened = true
				if test.freed {
					jet.book(appointment.Change{Cancel: []appointment.CancelItem{{Appointment: made}}})
				}
				if test.repeated {
					bakkers.book(asked)
				}
				if test.passedOn {
					finn.makes(w.talk("Finn Vak LON 19:00"))
				}
			})
			outcome, err := w.booking.Appointments.Book(w.ctx, actor, asked)
			if !happened {
				t.Fatal("nobody explained a refusal")
			}
			w.consistent()
			if test.refused != nil {
				equal(t, "refused", reasons(err), test.refused)
				return
			}
			if err != nil || outcome == nil {
				t.Fatalf("outcome %v, %v", outcome, err)
			}
			equal(t, "answer", w.show(outcome.Appointments), []string{"Tue 19:00 Anna LON"})
			equal(t, "schedule", w.schedule(), []string{"Tue 19:00 Anna LON"})
			if outcome.Replayed != test.repeated {
				t.Errorf("replayed: %v", outcome.Replayed)
			}
		})
	}
}
