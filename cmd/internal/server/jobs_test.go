package server

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/ouderavond/ouderavond/booking"
	"github.com/ouderavond/ouderavond/models/store/storetest"
)

func TestAJobThatIsDoneAloneIsDoneByOneProgramAndKnownToAll(t *testing.T) {
	t.Parallel()
	db := storetest.New(t)
	done, known := 0, []time.Time{}
	one := job{
		name: "tidy", every: time.Hour, alone: true,
		do:   func(context.Context) error { done++; return nil },
		done: func(at time.Time) { known = append(known, at) },
	}
	programs := []*App{{store: db.Store}, {store: storetest.Open(t, db.Config())}}
	turns := func() {
		t.Helper()
		for _, program := range programs {
			if err := program.turn(t.Context(), one); err != nil {
				t.Fatal(err)
			}
		}
	}
	first := db.Clock.Now()
	turns()
	db.Clock.Advance(59 * time.Minute)
	turns()
	if done != 1 || len(known) != 4 || !known[3].Equal(first) {
		t.Errorf("done %d times, known %v", done, known)
	}
	db.Clock.Advance(time.Minute)
	turns()
	if done != 2 {
		t.Errorf("after an hour it was done %d times", done)
	}
}

func TestAJobThatFailsDoesNotCountAsDone(t *testing.T) {
	t.Parallel()
	db := storetest.New(t)
	broken := errors.New("half-way")
	one := job{name: "tidy", every: time.Hour, alone: true, do: func(context.Context) error { return broken }, done: func(time.Time) { t.Error("it is known as done") }}
	if err := (&App{store: db.Store}).turn(t.Context(), one); !errors.Is(err, broken) {
		t.Errorf("got %v", err)
	}
}

func TestEveryJobIsPeriodicOrRunsByItself(t *testing.T) {
	t.Parallel()
	rows := storetest.New(t).Store
	a := &App{store: rows, Metrics: NewMetrics(), backups: &BackupJob{}, Booking: booking.New(rows, booking.Options{})}
	names := map[string]bool{}
	for _, one := range a.jobs() {
		if (one.run == nil) == (one.do == nil) || one.do != nil && one.every <= 0 || names[one.name] {
			t.Errorf("%s is not one or the other", one.name)
		}
		names[one.name] = true
	}
}
