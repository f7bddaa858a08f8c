package storetest

import (
	"testing"

	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/errs"
	"github.com/ouderavond/ouderavond/models/store"
)

// testLater is about rows that may wait in the program before they go to the database: nobody who looks finds them missing.
func testLater(t *testing.T, open Opener) {
	looks := map[string]func(*store.Tx, *models.Group) (bool, error){
		"by listing": func(tx *store.Tx, group *models.Group) (bool, error) {
			rows, err := store.List[models.Group](tx, store.Eq("id", group.ID))
			return len(rows) == 1, err
		},
		"by counting": func(tx *store.Tx, _ *models.Group) (bool, error) {
			count, err := store.Count[models.Group](tx)
			return count == 1, err
		},
		"by changing it": func(tx *store.Tx, group *models.Group) (bool, error) {
			group.Year = "2"
			err := store.Update(tx, group, "year")
			return err == nil, err
		},
		"by deleting it": func(tx *store.Tx, group *models.Group) (bool, error) {
			removed, err := store.Delete[models.Group](tx, store.Eq("id", group.ID))
			return removed == 1, err
		},
		"by what refers to it": func(tx *store.Tx, group *models.Group) (bool, error) {
			pupil := &models.Pupil{ID: models.New[models.PupilID](), State: models.PersonActive, GroupID: group.ID, Arrangement: models.ArrangementEach}
			err := store.Insert(tx, pupil)
			return err == nil, err
		},
	}
	for name, look := range looks {
		t.Run("a row is there "+name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, open)
			group := newGroup("one")
			w.write(t, w.here, func(tx *store.Tx) error {
				if err := store.InsertLater(tx, group); err != nil {
					return err
				}
				there, err := look(tx, group)
				wantEqual(t, "there", there, true)
				return err
			})
		})
	}
	t.Run("a row is there after the commit", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, open)
		w.write(t, w.here, func(tx *store.Tx) error { return tx.Audited("later", [16]byte{1}, nil) }) // nothing is asked after it
		w.read(t, w.here, func(tx *store.Tx) error {
			count, err := store.Count[models.Audit](tx, store.Eq("action", "later"))
			wantEqual(t, "rows", count, int64(1))
			return err
		})
	})
	t.Run("what goes wrong fails the transaction, with its reason", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, open)
		present := w.group(t, w.here, "present")
		for name, then := range map[string]func(*store.Tx) error{
			"at the commit":   func(*store.Tx) error { return nil },
			"at the next row": func(tx *store.Tx) error { return store.Insert(tx, newGroup("next")) },
			"at a look":       func(tx *store.Tx) error { _, err := store.Count[models.Group](tx); return err },
		} {
			err := w.tryWrite(w.here, func(tx *store.Tx) error {
				if err := store.InsertLater(tx, newGroup("before"), &models.Group{ID: present, State: models.PersonActive}); err != nil {
					return err
				}
				return then(tx)
			})
			wantKind(t, name, err, errs.Conflict)
			wantEqual(t, name, errs.CodeOf(err), "exists")
		}
		w.read(t, w.here, func(tx *store.Tx) error {
			count, err := store.Count[models.Group](tx)
			wantEqual(t, "groups", count, int64(1))
			return err
		})
	})
}
