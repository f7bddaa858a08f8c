package booking_test

import (
	"context"
	"testing"
	"time"

	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/store"
)

// TestTidyingWithNothingToRemoveWaitsForNobody holds the writing connection: a thousand schools that are looked over must not keep families from booking.
func TestTidyingWithNothingToRemoveWaitsForNobody(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.recognised("Anna Bakker").makes(w.talk("Anna Vak LON 19:00"))
	writing, finish, done := make(chan struct{}), make(chan struct{}), make(chan error)
	go func() {
		done <- w.store.For(models.System(w.school, "test")).WriteLong(w.ctx, func(*store.Tx) error {
			close(writing)
			<-finish
			return nil
		})
	}()
	<-writing
	ctx, cancel := context.WithTimeout(w.ctx, 30*time.Second)
	defer cancel()
	if err := w.booking.Erasures.Tidy(ctx); err != nil {
		t.Errorf("it waited for the writer: %v", err)
	}
	close(finish)
	w.must(<-done)
}

func TestTidyingRemovesHouseholdsInWhichNobodyIsLeft(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	before := w.counts()
	w.must(w.store.For(models.System(w.school, "test")).Write(w.ctx, func(tx *store.Tx) error {
		_, err := store.Delete[models.HouseholdPupil](tx, store.Eq("household_id", w.home("Gijs")))
		return err
	}))
	w.must(w.booking.Erasures.Tidy(w.ctx))
	if got := w.counts()["households"]; got != before["households"]-1 {
		t.Errorf("%d households, there were %d", got, before["households"])
	}
}

func TestTidyingForgetsWhatWasGuessedAfterADay(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	some := []byte("index")
	w.must(w.store.For(models.System(w.school, "test")).Write(w.ctx, func(tx *store.Tx) error {
		for n, at := range []time.Time{tx.Now().Add(-24*time.Hour - time.Second), tx.Now().Add(-24*time.Hour + time.Second)} {
			w.must(store.Put(tx, &models.LoginMiss{Slot: int64(n), Lane: models.LanePublic, Household: some, Child: some, Address: some, Network: some, Token: some, Answer: some, At: at}))
			w.must(store.Put(tx, &models.LoginShadow{Slot: int64(n), Lane: models.LanePublic, Household: some, Child: some, Address: some, Network: some, Token: some, Answer: some, At: at}))
			w.must(store.Put(tx, &models.LoginSuccess{Address: []byte{byte(n)}, Household: some, Network: some, At: at}))
		}
		return nil
	}))
	w.must(w.booking.Erasures.Tidy(w.ctx))
	w.read(func(tx *store.Tx) {
		misses, err := store.Count[models.LoginMiss](tx)
		w.must(err)
		shadows, err := store.Count[models.LoginShadow](tx)
		w.must(err)
		successes, err := store.Count[models.LoginSuccess](tx)
		w.must(err)
		if misses != 1 || shadows != 1 || successes != 1 {
			t.Errorf("%d misses, %d shadows and %d log-ins are left", misses, shadows, successes)
		}
	})
}
