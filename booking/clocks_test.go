package booking_test

import (
	"encoding/binary"
	"slices"
	"testing"
	"time"

	"github.com/ouderavond/ouderavond/booking/appointment"
	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/store"
	"github.com/ouderavond/ouderavond/models/store/storetest"
)

// beside is the school as a second program on its database sees it, whose clock differs.
func (w *world) beside(apart time.Duration) *world {
	w.t.Helper()
	if w.db.URL == "" {
		w.t.Skip("one program at a time opens a file")
	}
	second := *w
	config := w.db.Config()
	second.clock = storetest.NewClock(w.clock.Now().Add(apart))
	config.Clock = second.clock
	second.store = storetest.Open(w.t, config)
	second.serve()
	return &second
}

// madeAhead gives the messages that are there the ids that a machine gives whose clock is ahead: ids are made by the machine's clock and not by the test's.
func (w *world) madeAhead(by time.Duration) {
	w.t.Helper()
	w.write(func(tx *store.Tx) error {
		all, err := store.List[models.Message](tx)
		if err != nil {
			return err
		}
		for i := range all {
			if _, err := store.Delete[models.Message](tx, store.Eq("id", all[i].ID)); err != nil {
				return err
			}
			var millis [8]byte
			copy(millis[2:], all[i].ID[:6])
			binary.BigEndian.PutUint64(millis[:], binary.BigEndian.Uint64(millis[:])+uint64(by.Milliseconds()))
			copy(all[i].ID[:6], millis[2:])
			if err := store.Insert(tx, &all[i]); err != nil {
				return err
			}
		}
		return nil
	})
}

// wantNewest checks that the last mail that a family got is the truth, in its text and its calendar entry, and that nothing is left.
func wantNewest(t *testing.T, w *world, truth, event string) {
	t.Helper()
	mails := w.messages()
	newest := slices.MaxFunc(mails, func(a, b models.Message) int { return int(a.Revision - b.Revision) })
	if newest.State != models.MessageSent || newest.Attempts != 1 {
		t.Errorf("%s: the newest is %s after %d tries", truth, newest.State, newest.Attempts)
	}
	if event != truth {
		t.Errorf("the last mail says %q, the truth is %q", event, truth)
	}
	for _, message := range mails {
		if message.ID != newest.ID && !message.CreatedAt.Before(newest.CreatedAt) {
			t.Errorf("%s: the newest of the family is dated %v, an older one %v", truth, newest.CreatedAt, message.CreatedAt)
		}
	}
}

func (w *world) messages() (all []models.Message) {
	w.t.Helper()
	w.read(func(tx *store.Tx) {
		var err error
		all, err = store.List[models.Message](tx)
		w.must(err)
	})
	return all
}

func TestTheLastMailIsTheTruthThoughTheClocksOfTwoProgramsDiffer(t *testing.T) {
	t.Parallel()
	for name, ahead := range map[string]time.Duration{"the first is ahead": 5 * time.Second, "the second is ahead": -5 * time.Second} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			second := w.beside(-ahead)
			w.channels(true, false)
			posts := []*post{w.post(), second.post()}
			jet := w.recognised("Jet Prins")
			there := jet.in(second)

			jet.makes(w.talk("Jet Vak LON 19:00"))
			w.madeAhead(ahead)
			first := only(t, posts[0].drain(), "a.prins@example.com")
			if first.event.at(t) != "REQUEST 1: Tue 19:00-19:10" {
				t.Fatalf("first %s", first.event.at(t))
			}
			// The other program moves the talk, and either of the two sends.
			there.book(appointment.Change{Move: []appointment.MoveItem{there.move("Tue 19:00 Jet LON", 0, "20:00")}})
			second.clock.Advance(time.Minute)
			w.clock.Advance(time.Minute)
			last := only(t, posts[1].drain(), "a.prins@example.com")
			wantNewest(t, w, "REQUEST 2: Tue 20:00-20:10", last.event.at(t))

			// Two changes wait, the later one by the clock that is behind: one mail, and it is the truth.
			jet.book(appointment.Change{Move: []appointment.MoveItem{jet.move("Tue 20:00 Jet LON", 0, "20:10")}})
			w.madeAhead(ahead)
			there.book(appointment.Change{Move: []appointment.MoveItem{there.move("Tue 20:10 Jet LON", 0, "20:30")}})
			second.clock.Advance(time.Minute)
			last = only(t, posts[1].drain(), "a.prins@example.com")
			wantNewest(t, w, "REQUEST 4: Tue 20:30-20:40", last.event.at(t))
		})
	}
}

func TestTheLastMailIsTheTruthAfterTheClockWasSetBack(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.channels(true, false)
	p := w.post()
	jet := w.recognised("Jet Prins")
	jet.makes(w.talk("Jet Vak LON 19:00"))
	w.madeAhead(time.Minute)
	only(t, p.drain(), "a.prins@example.com")
	w.clock.Advance(-time.Minute)
	jet.book(appointment.Change{Move: []appointment.MoveItem{jet.move("Tue 19:00 Jet LON", 0, "20:00")}})
	last := only(t, p.drain(), "a.prins@example.com")
	wantNewest(t, w, "REQUEST 2: Tue 20:00-20:10", last.event.at(t))

	// What staff send again is newer than all of that.
	w.madeAhead(time.Hour)
	w.clock.Advance(-time.Minute)
	mails := w.messages()
	_, err := w.booking.Messages.SendAgain(w.ctx, w.operator, mails[0].ID)
	w.must(err)
	again := only(t, p.drain(), "a.prins@example.com")
	wantNewest(t, w, "REQUEST 3: Tue 20:00-20:10", again.event.at(t))
}
