package storetest

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/errs"
	"github.com/ouderavond/ouderavond/models/store"
)

func testErasure(t *testing.T, open Opener) {
	ctx := context.Background()
	t.Run("every scoped table has its type, and every type its table", func(t *testing.T) {
		t.Parallel()
		var tables []string
		for _, row := range NewSample("", 0).Rows {
			tables = append(tables, row.Table)
		}
		slices.Sort(tables)
		wantEqual(t, "tables", must[[]string](t)(open(t).Store.ScopedTables(ctx)), slices.Compact(tables))
	})
	t.Run("one school goes with all its rows, the other keeps all of its own", func(t *testing.T) { t.Parallel(); testEraseSchool(t, open) })
	t.Run("a school that is not there leaves nothing to erase", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, open)
		in := w.Store.Installation(Operator())
		_, err := in.EraseSchool(ctx, models.SchoolID{})
		wantError(t, "no school", err, models.ErrNoSchool)
		for table, rows := range must[map[string]int64](t)(in.EraseSchool(ctx, models.New[models.SchoolID]())) {
			if rows != 0 {
				t.Errorf("%s: %d rows", table, rows)
			}
		}
		wantEqual(t, "schools", len(must[[]models.School](t)(in.Schools(ctx))), 2)
	})
	t.Run("the ledger has one line for each school, completed later", func(t *testing.T) { t.Parallel(); testLedger(t, open) })
	t.Run("a line without counts takes those of the wipe", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, open)
		in := w.Store.Installation(Operator())
		if err := in.RecordErasure(ctx, &models.Erasure{SchoolID: models.RawSchoolID(w.here)}); err != nil {
			t.Fatal(err)
		}
		want := must[map[string]int64](t)(in.EraseSchool(ctx, w.here))
		wantEqual(t, "counts", must[*models.Erasure](t)(in.Erasure(ctx, w.here)).Counts, want)
	})
	t.Run("a reader of an older moment brings nothing of a wiped school back", func(t *testing.T) { t.Parallel(); testEraseUnderReader(t, open) })
	t.Run("a school that is wiped while it is written to ends wiped", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, open)
		w.write(t, w.here, NewSample("Kwartel", 0).Insert)
		must[map[string]int64](t)(w.Store.Installation(Operator()).EraseSchool(ctx, w.here))
		wantKind(t, "late write", w.tryWrite(w.here, func(tx *store.Tx) error { return store.Insert(tx, newGroup("Merel")) }), errs.NotFound)
	})
}

func testEraseSchool(t *testing.T, open Opener) {
	ctx := context.Background()
	w := newWorld(t, open)
	Fill(t, w.Store, w.here, NewSample("Kwartel", 0))
	Fill(t, w.Store, w.there, NewSample("Kwartel", 0))
	wantBoth(t, w, w.here, [2]int{1, 1})
	before := snapshotOf(t, w, w.there)
	in := w.Store.Installation(models.System(w.here, "wipe"))
	want := map[string]int64{"schools": 1}
	for _, row := range NewSample("", 0).Rows {
		want[row.Table]++
	}
	wantEqual(t, "counts", must[map[string]int64](t)(in.EraseSchool(ctx, w.here)), want)
	wantEqual(t, "the other school", snapshotOf(t, w, w.there), before)
	wantBoth(t, w, w.there, [2]int{1, 1})
	wantKind(t, "read", w.Store.For(As(w.here)).Read(ctx, func(*store.Tx) error { return nil }), errs.NotFound)
	_, err := w.Store.SchoolBySlug(ctx, "here")
	wantKind(t, "by slug", err, errs.NotFound)
	schools := must[[]models.School](t)(in.Schools(ctx))
	if len(schools) != 1 || schools[0].ID != w.there {
		t.Errorf("schools left: %+v", schools)
	}
	again := must[map[string]int64](t)(in.EraseSchool(ctx, w.here))
	wantEqual(t, "again", again["schools"]+again["pupils"], int64(0))
}

func testLedger(t *testing.T, open Opener) {
	ctx := context.Background()
	w := newWorld(t, open)
	in := w.Store.Installation(Operator())
	_, err := in.Erasure(ctx, w.here)
	wantKind(t, "before", err, errs.NotFound)
	first := &models.Erasure{SchoolID: models.RawSchoolID(w.here), AskedAt: Start().In(amsterdam(t)), Counts: map[string]int64{}}
	other := &models.Erasure{SchoolID: models.RawSchoolID(w.there), AskedAt: Start().Add(-time.Hour), Counts: map[string]int64{"pupils": 9}}
	finished := Start().Add(time.Minute)
	second := &models.Erasure{SchoolID: first.SchoolID, AskedAt: Start().Add(time.Hour), FinishedAt: &finished, Counts: map[string]int64{"pupils": 3}, Receipt: "{}"}
	for _, line := range []*models.Erasure{first, other, second} {
		if err := in.RecordErasure(ctx, line); err != nil {
			t.Fatal(err)
		}
	}
	want := models.Erasure{SchoolID: first.SchoolID, AskedAt: Start(), FinishedAt: &finished, Counts: map[string]int64{"pupils": 3}, Receipt: "{}"}
	wantEqual(t, "line", *must[*models.Erasure](t)(in.Erasure(ctx, w.here)), want)
	wantEqual(t, "ledger", must[[]models.Erasure](t)(in.Erasures(ctx)), []models.Erasure{*other, want})
	w.group(t, w.here, "Merel")
	must[map[string]int64](t)(in.EraseSchool(ctx, w.here))
	wiped := must[*models.Erasure](t)(in.Erasure(ctx, w.here))
	wantEqual(t, "rows", [3]int64{wiped.Counts["pupils"], wiped.Counts["groups"], wiped.Counts["schools"]}, [3]int64{3, 1, 1})
	must[map[string]int64](t)(in.EraseSchool(ctx, w.here))
	wantEqual(t, "wiped again", must[*models.Erasure](t)(in.Erasure(ctx, w.here)).Counts, wiped.Counts)
	wiped.Counts = want.Counts
	wantEqual(t, "line after the wipe", *wiped, want)
	wantEqual(t, "the other line", *must[*models.Erasure](t)(in.Erasure(ctx, w.there)), *other)
}

func testEraseUnderReader(t *testing.T, open Opener) {
	ctx := context.Background()
	w := newWorld(t, open)
	Fill(t, w.Store, w.here, NewSample("Kwartel", 0))
	in := w.Store.Installation(Operator())
	again := NewSchool("here")
	again.ID = w.here
	w.read(t, w.here, func(older *store.Tx) error {
		must[map[string]int64](t)(in.EraseSchool(ctx, w.here))
		wantEqual(t, "older", both(t, older), [2]int{1, 1})
		wantKind(t, "present", w.Store.For(As(w.here)).Read(ctx, func(*store.Tx) error { return nil }), errs.NotFound)
		// A restore makes the school anew, with another key and the versions from zero.
		if err := in.CreateSchool(ctx, again); err != nil {
			t.Fatal(err)
		}
		wantBoth(t, w, w.here, [2]int{0, 0})
		// The new school now has the same versions as the old one had.
		w.write(t, w.here, func(tx *store.Tx) error { return errors.Join(more(tx), more(tx)) })
		wantEqual(t, "older again", both(t, older), [2]int{1, 1})
		wantBoth(t, w, w.here, [2]int{2, 2})
		return nil
	})
}
