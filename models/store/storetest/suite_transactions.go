package storetest

import (
	"context"
	"errors"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/errs"
	"github.com/ouderavond/ouderavond/models/store"
)

func testTransactions(t *testing.T, open Opener) {
	t.Run("an error undoes everything and reaches the caller", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, open)
		failed := errors.New("work failed")
		err := w.tryWrite(w.here, func(tx *store.Tx) error {
			tx.AfterCommit(func() { t.Error("ran after a failure") })
			return errors.Join(store.Insert(tx, newGroup("Merel")), failed)
		})
		wantError(t, "write", err, failed)
		wantGroups(t, w, 0)
	})
	t.Run("a panic undoes everything and goes on", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, open)
		func() {
			defer func() { wantEqual(t, "panic", recover(), "work failed") }()
			_ = w.tryWrite(w.here, func(tx *store.Tx) error {
				tx.AfterCommit(func() { t.Error("ran after a panic") })
				if err := store.Insert(tx, newGroup("Merel")); err != nil {
					t.Error(err)
				}
				panic("work failed")
			})
		}()
		wantGroups(t, w, 0)
		w.group(t, w.here, "Kwartel") // the writer is free again
		wantGroups(t, w, 1)
	})
	t.Run("what is to happen after the commit sees the commit, in order", func(t *testing.T) { t.Parallel(); testAfterCommit(t, open) })
	t.Run("a reading transaction sees one moment", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, open)
		w.read(t, w.here, func(tx *store.Tx) error {
			w.group(t, w.here, "Merel")
			count, err := store.Count[models.Group](tx)
			wantEqual(t, "groups of the moment", count, int64(0))
			return err
		})
		wantGroups(t, w, 1)
	})
	t.Run("a caller that has gone is told that nothing happened", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, open)
		ctx, cancel := context.WithCancel(context.Background())
		err := w.Store.For(As(w.here)).Write(ctx, func(tx *store.Tx) error {
			cancel()
			return store.Insert(tx, newGroup("Merel"))
		})
		wantKind(t, "write", err, errs.Unavailable)
		wantGroups(t, w, 0)
		wantKind(t, "write before it began", w.Store.For(As(w.here)).Write(ctx, func(*store.Tx) error { return nil }), errs.Unavailable)
		wantKind(t, "read", w.Store.For(As(w.here)).Read(ctx, func(*store.Tx) error { return nil }), errs.Unavailable)
	})
}

func testMomentsAndTimes(t *testing.T, open Opener) {
	t.Run("many writers of two schools all come through", func(t *testing.T) { t.Parallel(); testManyWriters(t, open) })
	t.Run("a creation time that is left out is the clock's", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, open)
		w.Clock.Set(Start().AddDate(-20, 0, 0))
		w.group(t, w.here, "Merel")
		w.read(t, w.here, func(tx *store.Tx) error {
			wantEqual(t, "created", must[[]models.Group](t)(store.List[models.Group](tx))[0].CreatedAt, Start().AddDate(-20, 0, 0))
			return nil
		})
	})
	t.Run("an instant is stored in UTC and whole microseconds", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, open)
		group := newGroup("Merel")
		group.CreatedAt = Start().Add(1999 * time.Nanosecond).In(amsterdam(t))
		w.write(t, w.here, func(tx *store.Tx) error { return store.Insert(tx, group) })
		w.read(t, w.here, func(tx *store.Tx) error {
			wantEqual(t, "created", must[[]models.Group](t)(store.List[models.Group](tx))[0].CreatedAt, Start().Add(time.Microsecond))
			return nil
		})
	})
}

func wantGroups(t *testing.T, w *world, want int64) {
	t.Helper()
	w.read(t, w.here, func(tx *store.Tx) error {
		count, err := store.Count[models.Group](tx)
		wantEqual(t, "groups", count, want)
		return err
	})
}

func testAfterCommit(t *testing.T, open Opener) {
	w := newWorld(t, open)
	var order []string
	w.write(t, w.here, func(tx *store.Tx) error {
		tx.AfterCommit(func() {
			wantGroups(t, w, 1)
			order = append(order, "first")
		})
		tx.AfterCommit(func() { order = append(order, "second") })
		order = append(order, "work")
		return store.Insert(tx, newGroup("Merel"))
	})
	if !slices.Equal(order, []string{"work", "first", "second"}) {
		t.Errorf("order %v", order)
	}
}

func testManyWriters(t *testing.T, open Opener) {
	w := newWorld(t, open)
	var group sync.WaitGroup
	for _, school := range []models.SchoolID{w.here, w.there} {
		for range 12 {
			group.Go(func() {
				err := w.tryWrite(school, func(tx *store.Tx) error {
					before, err := store.Count[models.Group](tx)
					if err != nil {
						return err
					}
					if err := store.Insert(tx, newGroup("Merel")); err != nil {
						return err
					}
					after, err := store.Count[models.Group](tx)
					wantEqual(t, "groups in a transaction", after, before+1)
					return err
				})
				if err != nil {
					t.Error(err)
				}
			})
		}
	}
	group.Wait()
	wantGroups(t, w, 12)
}

func testClaims(t *testing.T, open Opener) {
	t.Run("of many writers on one tick exactly one wins", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, open)
		Fill(t, w.Store, w.here, NewSample("Kwartel", 0))
		holder := ID[models.HolderID]("contested")
		var wins sync.Map
		var group sync.WaitGroup
		for n := range 16 {
			group.Go(func() {
				err := w.tryWrite(w.here, func(tx *store.Tx) error {
					// Each wants two ticks of which one is contested: who loses must leave neither.
					claims := []*models.Claim{claim(holder, 100+n), claim(holder, 50)}
					placed, err := tx.PlaceClaims(claims)
					if err == nil && !placed {
						err = errs.New(errs.Conflict, "taken")
					}
					return err
				})
				if err == nil {
					wins.Store(n, true)
				} else if errs.CodeOf(err) != "taken" {
					t.Error(err)
				}
			})
		}
		group.Wait()
		winners := 0
		wins.Range(func(any, any) bool { winners++; return true })
		wantEqual(t, "winners", winners, 1)
		w.read(t, w.here, func(tx *store.Tx) error {
			claims, err := tx.Claims([]models.HolderID{holder}, Tick(0), Tick(1000))
			wantEqual(t, "claims", len(claims), 2)
			return err
		})
	})
}

func testClaimsOfAppointments(t *testing.T, open Opener) {
	t.Run("claims are asked for by holder and time, the end not included", func(t *testing.T) { t.Parallel(); testClaimsBetween(t, open) })
	t.Run("a holder is busy as long as it has claims, those of some appointments left out", func(t *testing.T) { t.Parallel(); testBusy(t, open) })
	t.Run("releasing an appointment frees its time and no other", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, open)
		Fill(t, w.Store, w.here, NewSample("Kwartel", 0))
		w.write(t, w.here, func(tx *store.Tx) error {
			if err := tx.ReleaseClaims(nil); err != nil {
				return err
			}
			wantEqual(t, "claims before", must[int64](t)(store.Count[models.Claim](tx)), int64(2))
			if err := tx.ReleaseClaims([]models.AppointmentID{ID[models.AppointmentID]("appointment")}); err != nil {
				return err
			}
			left := must[[]models.Claim](t)(store.List[models.Claim](tx))
			if len(left) != 1 || left[0].BlockID.IsZero() {
				t.Errorf("left: %+v", left)
			}
			placed, err := tx.PlaceClaims([]*models.Claim{claim(ID[models.HolderID]("staff"), 2)})
			wantEqual(t, "placed again", placed, true)
			return err
		})
	})
	t.Run("a claim is for an appointment or a block, not for both or neither", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, open)
		Fill(t, w.Store, w.here, NewSample("Kwartel", 0))
		both := claim(ID[models.HolderID]("x"), 1)
		both.BlockID = ID[models.RowID]("block")
		for name, wrong := range map[string]*models.Claim{"both": both, "neither": {Holder: ID[models.HolderID]("x"), Tick: Tick(1)}} {
			err := w.tryWrite(w.here, func(tx *store.Tx) error { _, err := tx.PlaceClaims([]*models.Claim{wrong}); return err })
			if err == nil {
				t.Errorf("%s: no error", name)
			}
		}
	})
}

func testBusy(t *testing.T, open Opener) {
	w := newWorld(t, open)
	Fill(t, w.Store, w.here, NewSample("Kwartel", 0))
	one, two, other := ID[models.HolderID]("one"), ID[models.HolderID]("two"), ID[models.HolderID]("other")
	w.write(t, w.here, func(tx *store.Tx) error {
		placed, err := tx.PlaceClaims([]*models.Claim{
			claim(one, 22), claim(one, 20), claim(one, 30), claim(two, 21), claim(other, 21), {Holder: two, Tick: Tick(23), BlockID: ID[models.RowID]("block")},
		})
		wantEqual(t, "placed", placed, true)
		return err
	})
	tests := map[string]struct {
		holders []models.HolderID
		except  []models.AppointmentID
		want    map[models.HolderID][]models.Tick
	}{
		"nobody is asked for":         {nil, nil, map[models.HolderID][]models.Tick{}},
		"between two ticks":           {[]models.HolderID{one, two}, nil, map[models.HolderID][]models.Tick{one: {Tick(20), Tick(22)}, two: {Tick(21), Tick(23)}}},
		"without an appointment":      {[]models.HolderID{one, two}, []models.AppointmentID{ID[models.AppointmentID]("appointment")}, map[models.HolderID][]models.Tick{two: {Tick(23)}}},
		"without another appointment": {[]models.HolderID{one}, []models.AppointmentID{ID[models.AppointmentID]("no such")}, map[models.HolderID][]models.Tick{one: {Tick(20), Tick(22)}}},
		"somebody without any claims": {[]models.HolderID{ID[models.HolderID]("free")}, nil, map[models.HolderID][]models.Tick{}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w.read(t, w.here, func(tx *store.Tx) error {
				sets, err := tx.Busy(tt.holders, Tick(20), Tick(30), tt.except)
				busy := map[models.HolderID][]models.Tick{}
				for holder, set := range sets {
					if ticks := set.Between(Tick(20), Tick(30)); len(ticks) > 0 {
						busy[holder] = ticks
					}
				}
				wantEqual(t, "busy", busy, tt.want)
				return err
			})
		})
	}
}

func claim(holder models.HolderID, n int) *models.Claim {
	return &models.Claim{Holder: holder, Tick: Tick(n), AppointmentID: ID[models.AppointmentID]("appointment")}
}

func testClaimsBetween(t *testing.T, open Opener) {
	w := newWorld(t, open)
	Fill(t, w.Store, w.here, NewSample("Kwartel", 0))
	one, two := ID[models.HolderID]("one"), ID[models.HolderID]("two")
	w.write(t, w.here, func(tx *store.Tx) error {
		placed, err := tx.PlaceClaims([]*models.Claim{claim(one, 20), claim(one, 21), claim(one, 22), claim(two, 21)})
		wantEqual(t, "placed", placed, true)
		return err
	})
	tests := map[string]struct {
		holders     []models.HolderID
		from, until int
		want        int
	}{
		"one holder":           {[]models.HolderID{one}, 20, 22, 2},
		"both":                 {[]models.HolderID{one, two}, 20, 23, 4},
		"nobody":               {nil, 0, 1000, 0},
		"no time":              {[]models.HolderID{one, two}, 21, 21, 0},
		"after the last":       {[]models.HolderID{one, two}, 23, 1000, 0},
		"a holder of no claim": {[]models.HolderID{ID[models.HolderID]("three")}, 0, 1000, 0},
	}
	for name, tt := range tests {
		w.read(t, w.here, func(tx *store.Tx) error {
			claims, err := tx.Claims(tt.holders, Tick(tt.from), Tick(tt.until))
			wantEqual(t, name, len(claims), tt.want)
			return err
		})
	}
}
