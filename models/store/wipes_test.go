package store_test

import (
	"context"
	"database/sql"
	"errors"
	"testing"
	"time"

	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/errs"
	"github.com/ouderavond/ouderavond/models/store"
	"github.com/ouderavond/ouderavond/models/store/storetest"
)

// wiping holds a store's turn to wipe until end is closed, or the turn is lost; ended tells how that went.
func wiping(t *testing.T, of *store.Store) (end chan struct{}, ended chan error) {
	t.Helper()
	begun := make(chan struct{})
	end, ended = make(chan struct{}), make(chan error, 1)
	go func() {
		ended <- of.Installation(storetest.Operator()).WipeAlone(context.Background(), nil, func(ctx context.Context) error {
			close(begun)
			select {
			case <-end:
				return nil
			case <-ctx.Done():
				return ctx.Err()
			}
		})
	}()
	select {
	case <-begun:
	case err := <-ended:
		t.Fatalf("it did not begin: %v", err)
	}
	return end, ended
}

// wipesAtOnce expects that a store has no turn to wipe now, or has it.
func wipesAtOnce(t *testing.T, of *store.Store, want bool) {
	t.Helper()
	ran := false
	err := of.Installation(storetest.Operator()).WipeAlone(context.Background(), nil, func(context.Context) error { ran = true; return nil })
	if ran != want || want != (err == nil) || !want && (errs.CodeOf(err) != "busy" || !errors.Is(err, store.ErrWiping)) {
		t.Errorf("it ran: %v, %v", ran, err)
	}
}

// endSessionOfWipes ends the session that holds the turn, as the death of its program does, and waits until it is gone.
func endSessionOfWipes(t *testing.T, watched *sql.DB) {
	t.Helper()
	const sessions = "FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'ouderavond wipe'"
	var ended int
	if scan(t, watched, &ended, "SELECT count(pg_terminate_backend(pid)) "+sessions); ended != 1 {
		t.Fatalf("%d sessions hold the turn", ended)
	}
	eventually(t, "the session is gone", func() bool {
		var left int
		scan(t, watched, &left, "SELECT count(*) "+sessions)
		return left == 0
	})
}

func TestOneProgramWipesAtATime(t *testing.T) {
	t.Parallel()
	_, _, stores := two(t)
	for _, of := range stores {
		end, ended := wiping(t, of)
		for _, asks := range stores {
			wipesAtOnce(t, asks, false)
		}
		close(end)
		if err := <-ended; err != nil {
			t.Error(err)
		}
	}
	wipesAtOnce(t, stores[0], true)
	wipesAtOnce(t, stores[1], true)
}

func TestWhoWaitsForItsTurnToWipeGetsIt(t *testing.T) {
	t.Parallel()
	_, _, stores := two(t)
	end, ended := wiping(t, stores[0])
	waits, ran := 0, false
	err := stores[1].Installation(storetest.Operator()).WipeAlone(context.Background(), func(context.Context, time.Duration) error {
		if waits++; waits == 3 {
			close(end)
			return <-ended
		}
		return nil
	}, func(context.Context) error { ran = true; return nil })
	if err != nil || !ran || waits != 3 {
		t.Errorf("ran %v after %d looks: %v", ran, waits, err)
	}
	end, ended = wiping(t, stores[0])
	stopped := errors.New("stopped waiting")
	err = stores[1].Installation(storetest.Operator()).WipeAlone(context.Background(), func(context.Context, time.Duration) error { return stopped }, nil)
	if !errors.Is(err, stopped) {
		t.Errorf("error %v", err)
	}
	err = stores[1].Installation(storetest.Operator()).WipeAlone(context.Background(), func(context.Context, time.Duration) error { return nil }, nil)
	if errs.CodeOf(err) != "busy" {
		t.Errorf("waited for ever: %v", err)
	}
	close(end)
	if err := <-ended; err != nil {
		t.Error(err)
	}
}

func TestTheTurnToWipeOfAProgramThatDiesIsFree(t *testing.T) {
	t.Parallel()
	db, _, stores := two(t)
	_, ended := wiping(t, stores[0])
	endSessionOfWipes(t, db.Raw(t))
	wipesAtOnce(t, stores[1], true)
	// Should it live after all, it learns that another one may be at it.
	if err := <-ended; errs.KindOf(err) != errs.Unavailable || errs.CodeOf(err) != "database" {
		t.Errorf("error %v", err)
	}
	wipesAtOnce(t, stores[0], true)
}

func TestInOneProgramOneWipesAtATime(t *testing.T) {
	t.Parallel()
	db := storetest.New(t)
	end, ended := wiping(t, db.Store)
	wipesAtOnce(t, db.Store, false)
	close(end)
	if err := <-ended; err != nil {
		t.Error(err)
	}
	wipesAtOnce(t, db.Store, true)
	if err := db.Store.Installation(models.Actor{Kind: models.ActorParent}).WipeAlone(context.Background(), nil, nil); errs.KindOf(err) != errs.Forbidden {
		t.Errorf("a school may: %v", err)
	}
}
