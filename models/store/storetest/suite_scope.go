package storetest

import (
	"context"
	"testing"
	"time"

	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/errs"
	"github.com/ouderavond/ouderavond/models/store"
)

func testScope(t *testing.T, open Opener) {
	t.Run("an actor without a school is refused", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, open)
		never := func(*store.Tx) error { t.Error("the work ran"); return nil }
		for _, actor := range []models.Actor{{}, Operator(), models.System(models.SchoolID{}, "test"), {Kind: models.ActorStaff, Roles: []models.Role{models.RoleAdministrator}, Proof: models.ProofRecent}} {
			wantError(t, "read", w.Store.For(actor).Read(context.Background(), never), models.ErrNoSchool)
			wantError(t, "write", w.Store.For(actor).Write(context.Background(), never), models.ErrNoSchool)
		}
	})
	t.Run("a school that is not there is not found", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, open)
		gone := models.New[models.SchoolID]()
		never := func(*store.Tx) error { t.Error("the work ran"); return nil }
		wantKind(t, "read", w.Store.For(As(gone)).Read(context.Background(), never), errs.NotFound)
		wantKind(t, "write", w.Store.For(As(gone)).Write(context.Background(), never), errs.NotFound)
	})
	t.Run("a school that closes lets in the program and the operator only", func(t *testing.T) { t.Parallel(); testClosing(t, open) })
	t.Run("a row of another school is refused", func(t *testing.T) { t.Parallel(); testOtherSchool(t, open) })
	t.Run("the school is filled in", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, open)
		group := newGroup("Merel")
		w.write(t, w.here, func(tx *store.Tx) error { return store.Insert(tx, group) })
		wantEqual(t, "school", group.SchoolID, w.here)
	})
}

func testTransactionKnows(t *testing.T, open Opener) {
	t.Run("a transaction says who asked and for which school", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, open)
		w.read(t, w.here, func(tx *store.Tx) error {
			wantEqual(t, "actor", tx.Actor(), As(w.here))
			wantEqual(t, "school", tx.School().ID, w.here)
			wantEqual(t, "name", tx.School().Details.Name, "School here")
			wantEqual(t, "now", tx.Now(), Start())
			return nil
		})
		w.Clock.Set(Start().Add(time.Nanosecond * 1500).In(amsterdam(t)))
		w.read(t, w.here, func(tx *store.Tx) error {
			wantEqual(t, "now", tx.Now(), Start().Add(time.Microsecond))
			return nil
		})
	})
	t.Run("indexes of two schools differ, and of two purposes", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, open)
		seen := map[string]bool{}
		for _, school := range []models.SchoolID{w.here, w.there} {
			w.read(t, school, func(tx *store.Tx) error {
				seen[string(tx.Index("pupil", "12345"))] = true
				seen[string(tx.Index("staff", "12345"))] = true
				return nil
			})
		}
		wantEqual(t, "different indexes", len(seen), 4)
	})
	t.Run("an audit row carries who, what and how much", func(t *testing.T) { t.Parallel(); testAudited(t, open) })
}

func testClosing(t *testing.T, open Opener) {
	w := newWorld(t, open)
	w.write(t, w.here, func(tx *store.Tx) error {
		tx.School().State = models.SchoolClosing
		return tx.UpdateSchool("state")
	})
	_, err := w.Store.SchoolBySlug(context.Background(), "here")
	wantKind(t, "by slug", err, errs.NotFound)
	for kind, let := range map[models.ActorKind]bool{
		models.ActorParent: false, models.ActorStaff: false, models.ActorKey: false, models.ActorSystem: true, models.ActorOperator: true, "": false, "other": false,
	} {
		ran := false
		work := func(*store.Tx) error { ran = true; return nil }
		actor := models.Actor{Kind: kind, School: w.here}
		for _, err := range []error{w.Store.For(actor).Read(context.Background(), work), w.Store.For(actor).Write(context.Background(), work)} {
			if let != (err == nil) || ran != let {
				t.Errorf("%q: error %v, ran %v", kind, err, ran)
			}
			if !let {
				wantKind(t, string(kind), err, errs.NotFound)
			}
		}
	}
}

func testOtherSchool(t *testing.T, open Opener) {
	w := newWorld(t, open)
	Fill(t, w.Store, w.there, NewSample("Merel", 0))
	before := snapshotOf(t, w, w.there)
	for _, row := range NewSample("Kwartel", 0).Rows {
		setSchool(row.Value, w.there)
		wantError(t, row.Type+" inserted", w.tryWrite(w.here, row.insert), models.ErrOtherSchool)
		wantError(t, row.Type+" inserted if new", w.tryWrite(w.here, func(tx *store.Tx) error { _, err := row.insertNew(tx); return err }), models.ErrOtherSchool)
		wantError(t, row.Type+" updated", w.tryWrite(w.here, func(tx *store.Tx) error { return row.update(tx, append(columns(row.Value), "school_id")...) }), models.ErrOtherSchool)
	}
	wantEqual(t, "the other school", snapshotOf(t, w, w.there), before)
	w.read(t, w.here, func(tx *store.Tx) error {
		count, err := store.Count[models.Group](tx)
		wantEqual(t, "own rows", count, int64(0))
		return err
	})
}

func testAudited(t *testing.T, open Opener) {
	w := newWorld(t, open)
	actor := models.Actor{Kind: models.ActorStaff, School: w.here, ID: ID[[16]byte]("session"), Reason: "test"}
	err := w.Store.For(actor).Write(context.Background(), func(tx *store.Tx) error {
		return tx.Audited("import", ID[[16]byte]("subject"), map[string]int{"pupils": 3})
	})
	if err != nil {
		t.Fatal(err)
	}
	w.read(t, w.here, func(tx *store.Tx) error {
		audits := must[[]models.Audit](t)(store.List[models.Audit](tx))
		if len(audits) != 1 || audits[0].ID.IsZero() {
			t.Fatalf("audit rows: %+v", audits)
		}
		wantEqual(t, "audit", audits[0], models.Audit{
			SchoolID: w.here, ID: audits[0].ID, At: Start(), ActorKind: models.ActorStaff, ActorID: ID[models.RowID]("session"), Action: "import",
			Subject: ID[models.RowID]("subject"), Reason: "test", Counts: map[string]int{"pupils": 3},
		})
		return nil
	})
}
