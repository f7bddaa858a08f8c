package storetest

import (
	"errors"
	"testing"

	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/store"
)

// found gives how many families a reader of the present finds.
func found(t testing.TB, w *world, school models.SchoolID, typed string) (count int) {
	t.Helper()
	w.read(t, school, func(tx *store.Tx) error {
		index, err := tx.Lookup()
		if err == nil {
			count = len(index.Search(typed))
		}
		return err
	})
	return count
}

func testLookup(t *testing.T, open Opener) {
	contact := func(home models.HouseholdID, source models.ContactSource, value string) *models.Contact {
		return &models.Contact{
			ID: models.New[models.ContactID](), HouseholdID: home, Kind: models.ContactEmail, Source: source, CreatedAt: Start(), Details: models.ContactDetails{Value: value},
		}
	}
	setUp := func(t *testing.T) (*world, models.HouseholdID) {
		w := newWorld(t, open)
		home := &models.Household{ID: models.New[models.HouseholdID](), Origin: models.OriginSingle, CreatedAt: Start()}
		w.write(t, w.here, func(tx *store.Tx) error { return store.Insert(tx, home) })
		wantEqual(t, "before", found(t, w, w.here, "kwartel@"), 0)
		return w, home.ID
	}
	t.Run("every change of a contact on file is seen by who looks for it", func(t *testing.T) {
		t.Parallel()
		w, home := setUp(t)
		for name, insert := range map[string]func(*store.Tx, *models.Contact) error{
			"inserted": func(tx *store.Tx, row *models.Contact) error { return store.Insert(tx, row) },
			"inserted unless there": func(tx *store.Tx, row *models.Contact) error {
				_, err := store.InsertNew(tx, row)
				return err
			},
			"prepared": func(tx *store.Tx, row *models.Contact) error {
				ready, err := store.PrepareInsert(tx, row)
				return errors.Join(err, ready(tx))
			},
		} {
			row := contact(home, models.SourceFile, "kwartel@example.com")
			w.write(t, w.here, func(tx *store.Tx) error { return insert(tx, row) })
			wantEqual(t, name, found(t, w, w.here, "kwartel@"), 1)
			row.Details.Value = "merel@example.com"
			w.write(t, w.here, func(tx *store.Tx) error { return store.Update(tx, row, "details") })
			wantEqual(t, name+", then changed", [2]int{found(t, w, w.here, "kwartel@"), found(t, w, w.here, "merel@")}, [2]int{0, 1})
			wantEqual(t, "in the other school", found(t, w, w.there, "merel@"), 0)
			w.write(t, w.here, func(tx *store.Tx) error {
				_, err := store.Delete[models.Contact](tx, store.Eq("id", row.ID))
				return err
			})
			wantEqual(t, name+", then deleted", found(t, w, w.here, "merel@"), 0)
		}
	})
	t.Run("typed contacts are not found and count as no change", func(t *testing.T) {
		t.Parallel()
		w, home := setUp(t)
		maker := &models.Maker{ID: models.New[models.MakerID](), HouseholdID: home, DeviceIndex: []byte("device"), CreatedAt: Start(), ExpiresAt: Start()}
		row := contact(home, models.SourceTyped, "kwartel@example.com")
		row.MakerID = maker.ID
		w.write(t, w.here, func(tx *store.Tx) error { return errors.Join(store.Insert(tx, maker), store.Insert(tx, row)) })
		wantEqual(t, "typed", found(t, w, w.here, "kwartel@"), 0)
		w.read(t, w.here, func(tx *store.Tx) error {
			wantEqual(t, "changes", tx.School().ContactsVersion, int64(0))
			return nil
		})
	})
	t.Run("a change that was undone is seen by nobody, and the next one is", func(t *testing.T) {
		t.Parallel()
		w, home := setUp(t)
		undone := errors.New("undone")
		wantError(t, "write", w.tryWrite(w.here, func(tx *store.Tx) error {
			err := store.Insert(tx, contact(home, models.SourceStaff, "merel@example.com"))
			index, opening := tx.Lookup()
			wantEqual(t, "within", len(index.Search("merel@")), 1)
			return errors.Join(err, opening, undone)
		}), undone)
		w.write(t, w.here, func(tx *store.Tx) error {
			return store.Insert(tx, contact(home, models.SourceStaff, "kwartel@example.com"))
		})
		wantEqual(t, "undone and done", [2]int{found(t, w, w.here, "merel@"), found(t, w, w.here, "kwartel@")}, [2]int{0, 1})
	})
	t.Run("who writes beside others changes no contact on file", func(t *testing.T) {
		t.Parallel()
		w, home := setUp(t)
		err := w.Store.For(As(w.here)).WriteConcurrent(t.Context(), func(tx *store.Tx) error {
			return store.Insert(tx, contact(home, models.SourceFile, "kwartel@example.com"))
		})
		if err == nil {
			t.Error("the count of changes would be one that others wait for")
		}
	})
}
