package storetest

import (
	"errors"
	"reflect"
	"sync"
	"testing"

	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/directory"
	"github.com/ouderavond/ouderavond/models/programme"
	"github.com/ouderavond/ouderavond/models/store"
)

// both opens both copies and gives how many groups and rooms they hold; the tests change those.
func both(t testing.TB, tx *store.Tx) [2]int {
	t.Helper()
	people := must[*directory.Directory](t)(tx.Directory())
	plans := must[*programme.Programme](t)(tx.Programme())
	return [2]int{len(people.Groups()), len(plans.Rooms())}
}

// more inserts a group and a room.
func more(tx *store.Tx) error {
	return errors.Join(store.Insert(tx, newGroup("Merel")), store.Insert(tx, &models.Room{ID: models.New[models.RoomID]()}))
}

func testSnapshots(t *testing.T, open Opener) {
	t.Run("a change is seen by the transaction that made it and by the next", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, open)
		w.write(t, w.here, func(tx *store.Tx) error {
			wantEqual(t, "before", both(t, tx), [2]int{0, 0})
			if err := more(tx); err != nil {
				return err
			}
			wantEqual(t, "within", both(t, tx), [2]int{1, 1})
			return nil
		})
		wantBoth(t, w, w.here, [2]int{1, 1})
		wantBoth(t, w, w.there, [2]int{0, 0})
	})
	t.Run("a change that was undone is seen by nobody", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, open)
		undone := errors.New("undone")
		wantError(t, "write", w.tryWrite(w.here, func(tx *store.Tx) error {
			wantEqual(t, "before", both(t, tx), [2]int{0, 0})
			err := more(tx)
			wantEqual(t, "within", both(t, tx), [2]int{1, 1})
			return errors.Join(err, undone)
		}), undone)
		wantBoth(t, w, w.here, [2]int{0, 0})
		w.write(t, w.here, more)
		wantBoth(t, w, w.here, [2]int{1, 1})
	})
	t.Run("nothing is opened twice without a change", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, open)
		held := copyOf(t, w)
		w.write(t, w.here, func(tx *store.Tx) error { return tx.Audited("test", ID[[16]byte]("x"), nil) })
		wantEqual(t, "one copy of one version", copyOf(t, w) == held, true)
	})
	t.Run("a reader of an older moment sees that moment and does not hold up the present", func(t *testing.T) { t.Parallel(); testOlderReader(t, open) })
	t.Run("each of many readers sees what its own transaction sees", func(t *testing.T) { t.Parallel(); testRushOfReaders(t, open) })
	t.Run("guarded columns are open in the directory", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, open)
		Fill(t, w.Store, w.here, NewSample("Kwartel", 0))
		w.read(t, w.here, func(tx *store.Tx) error {
			people := must[*directory.Directory](t)(tx.Directory())
			wantEqual(t, "number", people.Pupils()[0].Factors.StudentNumber, "Kwartel student_number 0")
			wantEqual(t, "postcode", people.Households()[0].Factors.Postcode, "Kwartel household postcode 0")
			return nil
		})
	})
}

// copyOf gives the opened roster as a reader of the present gets it.
func copyOf(t testing.TB, w *world) (people *directory.Directory) {
	t.Helper()
	w.read(t, w.here, func(tx *store.Tx) (err error) {
		people, err = tx.Directory()
		return err
	})
	return people
}

func wantBoth(t testing.TB, w *world, school models.SchoolID, want [2]int) {
	t.Helper()
	w.read(t, school, func(tx *store.Tx) error {
		wantEqual(t, "groups and rooms", both(t, tx), want)
		return nil
	})
}

func testOlderReader(t *testing.T, open Opener) {
	for name, held := range map[string]bool{"whose copy was held": true, "whose copy was never opened": false} {
		w := newWorld(t, open)
		if held {
			wantBoth(t, w, w.here, [2]int{0, 0})
		}
		w.read(t, w.here, func(older *store.Tx) error {
			w.write(t, w.here, more)
			present := copyOf(t, w)
			wantBoth(t, w, w.here, [2]int{1, 1})
			wantEqual(t, name+": older", both(t, older), [2]int{0, 0})
			wantBoth(t, w, w.here, [2]int{1, 1})
			wantEqual(t, name+": the present copy was kept", copyOf(t, w) == present, true)
			w.write(t, w.here, more)
			wantEqual(t, name+": older again", both(t, older), [2]int{0, 0})
			return nil
		})
		wantBoth(t, w, w.here, [2]int{2, 2})
	}
}

func testRushOfReaders(t *testing.T, open Opener) {
	w := newWorld(t, open)
	var group sync.WaitGroup
	group.Go(func() {
		for range 15 {
			w.write(t, w.here, more)
		}
	})
	for range 6 {
		group.Go(func() {
			for range 10 {
				w.read(t, w.here, func(tx *store.Tx) error {
					groups, err := store.Count[models.Group](tx)
					wantEqual(t, "groups and rooms", both(t, tx), [2]int{int(groups), int(groups)})
					return err
				})
			}
		})
	}
	group.Wait()
	wantBoth(t, w, w.here, [2]int{15, 15})
}

// rowTypes gives the names of the types of which a snapshot's rows are.
func rowTypes(rows any) map[string]bool {
	names := map[string]bool{}
	for i := range reflect.TypeOf(rows).NumField() {
		names[reflect.TypeOf(rows).Field(i).Type.Elem().Name()] = true
	}
	return names
}

// versions gives the school's two versions.
func versions(t testing.TB, w *world, school models.SchoolID) [2]int64 {
	t.Helper()
	var found [2]int64
	w.read(t, school, func(tx *store.Tx) error {
		found = [2]int64{tx.School().RosterVersion, tx.School().ProgrammeVersion}
		return nil
	})
	return found
}

// wantStep performs a write and checks by how much it moves the versions.
func wantStep(t *testing.T, w *world, name string, want [2]int64, write func(*store.Tx) error) {
	t.Helper()
	before, other := versions(t, w, w.here), versions(t, w, w.there)
	w.write(t, w.here, write)
	after := versions(t, w, w.here)
	wantEqual(t, name, [2]int64{after[0] - before[0], after[1] - before[1]}, want)
	wantEqual(t, name+" in the other school", versions(t, w, w.there), other)
}

func testVersions(t *testing.T, open Opener) {
	roster, plans := rowTypes(directory.Rows{}), rowTypes(programme.Rows{})
	step := func(row Row) (want [2]int64) {
		if roster[row.Type] {
			want[0] = 1
		}
		if plans[row.Type] {
			want[1] = 1
		}
		return want
	}
	t.Run("rows of the roster and of the conferences move their version, others none", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, open)
		sample := NewSample("Kwartel", 0)
		for i, row := range sample.Rows {
			if i%2 == 0 {
				wantStep(t, w, row.Type+" inserted", step(row), row.insert)
			} else {
				wantStep(t, w, row.Type+" inserted if new", step(row), func(tx *store.Tx) error { _, err := row.insertNew(tx); return err })
			}
			wantStep(t, w, row.Type+" inserted again", [2]int64{}, func(tx *store.Tx) error { _, err := row.insertNew(tx); return err })
			if names := columns(row.Value); len(names) > 0 && !appendOnly(row) {
				wantStep(t, w, row.Type+" updated", step(row), func(tx *store.Tx) error { return row.update(tx, names...) })
			}
			nothing := append(key(row.Value), store.Condition{})
			wantStep(t, w, row.Type+" deleted, but none", [2]int64{}, func(tx *store.Tx) error { _, err := row.remove(tx, nothing...); return err })
		}
	})
	t.Run("a deletion moves the version of what it takes along", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, open)
		sample := NewSample("Kwartel", 0)
		Fill(t, w.Store, w.here, sample)
		for i := len(sample.Rows) - 1; i >= 0; i-- {
			row, want := sample.Rows[i], step(sample.Rows[i])
			// With pupils, groups and staff go offers and availability.
			if row.Type == "Pupil" || row.Type == "Group" || row.Type == "Staff" {
				want = [2]int64{1, 1}
			}
			wantStep(t, w, row.Type+" deleted", want, func(tx *store.Tx) error { _, err := row.remove(tx, key(row.Value)...); return err })
		}
	})
	t.Run("many changes of one transaction move it once", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, open)
		wantStep(t, w, "sample", [2]int64{1, 1}, NewSample("Kwartel", 0).Insert)
		wantStep(t, w, "nothing", [2]int64{}, func(*store.Tx) error { return nil })
		wantStep(t, w, "the school itself", [2]int64{}, func(tx *store.Tx) error { return tx.UpdateSchool("zone") })
	})
}
