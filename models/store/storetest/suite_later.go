package storetest

import (
	"slices"
	"strings"
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

// testPrepared is about writes that are made ready in one transaction and carried out in another.
func testPrepared(t *testing.T, open Opener) {
	// ready makes ready, while reading, that a group comes and another is renamed.
	ready := func(t *testing.T, w *world) (added *models.Group, writes []store.Prepared) {
		t.Helper()
		added = newGroup("new")
		present := w.group(t, w.here, "old")
		w.read(t, w.here, func(tx *store.Tx) error {
			insert, err := store.PrepareInsert(tx, added)
			if err != nil {
				return err
			}
			update, err := store.PrepareUpdate(tx, &models.Group{ID: present, State: models.PersonActive, Details: models.GroupDetails{Name: "renamed"}}, "details")
			writes = []store.Prepared{insert, update}
			return err
		})
		return added, writes
	}
	carryOut := func(writes []store.Prepared) func(*store.Tx) error {
		return func(tx *store.Tx) error {
			for _, write := range writes {
				if err := write(tx); err != nil {
					return err
				}
			}
			return nil
		}
	}
	wantNames := func(t *testing.T, w *world, want ...string) {
		t.Helper()
		names := []string{}
		w.read(t, w.here, func(tx *store.Tx) error {
			rows, err := store.List[models.Group](tx)
			for _, row := range rows {
				names = append(names, row.Details.Name)
			}
			return err
		})
		slices.Sort(names)
		wantEqual(t, "groups", strings.Join(names, " "), strings.Join(want, " "))
	}
	t.Run("they are carried out", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, open)
		_, writes := ready(t, w)
		wantNames(t, w, "old")
		var before, after int64
		w.read(t, w.here, func(tx *store.Tx) error { before = tx.School().RosterVersion; return nil })
		w.write(t, w.here, carryOut(writes))
		wantNames(t, w, "new", "renamed")
		w.read(t, w.here, func(tx *store.Tx) error { after = tx.School().RosterVersion; return nil })
		wantEqual(t, "the version, by which copies in memory are out of date", after, before+1)
	})
	t.Run("sealed anew where the key is another", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, open)
		_, writes := ready(t, w)
		other := Open(t, w.Config()) // which opens the school's key for itself
		if err := other.For(As(w.here)).Write(t.Context(), carryOut(writes)); err != nil {
			t.Fatal(err)
		}
		wantNames(t, w, "new", "renamed")
	})
	t.Run("never in a reading transaction, or for another school", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, open)
		_, writes := ready(t, w)
		for _, write := range writes {
			if err := w.Store.For(As(w.here)).Read(t.Context(), write); err == nil {
				t.Error("written while reading")
			}
			wantError(t, "another school", w.tryWrite(w.there, write), models.ErrOtherSchool)
		}
		wantNames(t, w, "old")
	})
	t.Run("a row that is gone, or has come, is told", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, open)
		added, writes := ready(t, w)
		w.write(t, w.here, func(tx *store.Tx) error {
			if _, err := store.Delete[models.Group](tx, store.Not("id", added.ID)); err != nil {
				return err
			}
			return store.Insert(tx, &models.Group{ID: added.ID, State: models.PersonActive, Details: models.GroupDetails{Name: "quicker"}})
		})
		wantKind(t, "the one that has come", w.tryWrite(w.here, writes[0]), errs.Conflict)
		wantKind(t, "the one that is gone", w.tryWrite(w.here, writes[1]), errs.NotFound)
		wantNames(t, w, "quicker")
	})
}
