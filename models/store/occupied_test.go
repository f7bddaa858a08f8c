package store_test

import (
	"errors"
	"fmt"
	"reflect"
	"slices"
	"sync"
	"sync/atomic"
	"testing"

	"pgregory.net/rapid"

	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/store"
	"github.com/ouderavond/ouderavond/models/store/storetest"
)

var errUndo = errors.New("undo")

// occupiedWorld is a school whose claims change in every way that there is.
type occupiedWorld struct {
	db      *storetest.Database
	actor   models.Actor
	holders []models.HolderID
	made    []models.AppointmentID
}

func newOccupiedWorld(t testing.TB, slug string) *occupiedWorld {
	db := storetest.NewSQLite(t)
	w := &occupiedWorld{db: db, actor: storetest.As(storetest.School(t, db.Store, slug))}
	storetest.Fill(t, db.Store, w.actor.School, storetest.NewSample("Kwartel", 0))
	for _, name := range []string{"one", "two", "three"} {
		w.holders = append(w.holders, storetest.ID[models.HolderID](name))
	}
	return w
}

// write changes claims; with undo it then fails.
func (w *occupiedWorld) write(t *rapid.T, undo bool, work func(*store.Tx) error) {
	err := w.db.Store.For(w.actor).Write(t.Context(), func(tx *store.Tx) error {
		if err := work(tx); err != nil || !undo {
			return err
		}
		return errUndo
	})
	if err != nil && !errors.Is(err, errUndo) {
		t.Fatal(err)
	}
}

func (w *occupiedWorld) place(tx *store.Tx, of *models.Appointment, holder models.HolderID, from, until int) error {
	if err := store.Insert(tx, of); err != nil {
		return err
	}
	var claims []*models.Claim
	for tick := from; tick < until; tick++ {
		claims = append(claims, &models.Claim{Holder: holder, Tick: storetest.Tick(tick), AppointmentID: of.ID})
	}
	if complete, err := tx.PlaceClaims(claims); err != nil || !complete {
		return errors.Join(err, errUndo)
	}
	return nil
}

// step changes something at random.
func (w *occupiedWorld) step(t *rapid.T) {
	holder := rapid.SampledFrom(w.holders).Draw(t, "holder")
	from := rapid.IntRange(0, 150).Draw(t, "from")
	until := from + rapid.IntRange(1, 6).Draw(t, "length")
	undo := rapid.IntRange(0, 4).Draw(t, "undo") == 0
	made := models.New[models.AppointmentID]()
	some := w.made
	if len(some) > 2 {
		some = some[len(some)-2:]
	}
	acts := map[string]func(*store.Tx) error{
		"place": func(tx *store.Tx) error {
			of, err := store.Get[models.Appointment](tx, storetest.ID[models.AppointmentID]("appointment"))
			if err != nil {
				return err
			}
			of.ID = made
			return w.place(tx, of, holder, from, until)
		},
		"release": func(tx *store.Tx) error { return tx.ReleaseClaims(some) },
		"move": func(tx *store.Tx) error {
			if err := tx.ReleaseClaims(some); err != nil {
				return err
			}
			of, err := store.Get[models.Appointment](tx, storetest.ID[models.AppointmentID]("appointment"))
			if err != nil {
				return err
			}
			of.ID = made
			return w.place(tx, of, holder, from, until)
		},
		"place and release": func(tx *store.Tx) error {
			of, err := store.Get[models.Appointment](tx, storetest.ID[models.AppointmentID]("appointment"))
			if err != nil {
				return err
			}
			of.ID = made
			return errors.Join(w.place(tx, of, holder, from, until), tx.ReleaseClaims([]models.AppointmentID{made}))
		},
		"delete": func(tx *store.Tx) error {
			_, err := store.Delete[models.Appointment](tx, store.In("id", some))
			return err
		},
		"block": func(tx *store.Tx) error {
			_, err := store.InsertNew(tx, &models.Claim{Holder: holder, Tick: storetest.Tick(from), BlockID: storetest.ID[models.RowID]("block")})
			return err
		},
		"unblock": func(tx *store.Tx) error {
			_, err := store.Delete[models.Claim](tx, store.Eq("block_id", storetest.ID[models.RowID]("block")))
			return err
		},
	}
	names := []string{"place", "place", "place", "release", "delete", "move", "place and release", "block", "unblock"}
	name := rapid.SampledFrom(names).Draw(t, "act")
	w.write(t, undo, acts[name])
	w.made = append(w.made, made)
}

// busy asks who is busy, as who looks or as who books.
func (w *occupiedWorld) busy(t *rapid.T, ask func(store.Scope, func(*store.Tx) error) error) map[models.HolderID][]models.Tick {
	busy := map[models.HolderID][]models.Tick{}
	err := ask(w.db.Store.For(w.actor), func(tx *store.Tx) error {
		sets, err := tx.Busy(w.holders, storetest.Tick(0), storetest.Tick(1000), nil)
		for holder, set := range sets {
			if ticks := set.Between(storetest.Tick(0), storetest.Tick(1000)); len(ticks) > 0 || !slices.Contains(w.holders, holder) {
				busy[holder] = ticks
			}
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return busy
}

// Who looks is served from memory, who books from the rows: they must agree after every change, also one that was undone.
func TestWhoLooksSeesWhatWhoBooksSees(t *testing.T) {
	t.Parallel()
	w := newOccupiedWorld(t, "here")
	rapid.Check(t, func(t *rapid.T) {
		for range 4 {
			w.step(t)
			looked := w.busy(t, func(scope store.Scope, work func(*store.Tx) error) error { return scope.Read(t.Context(), work) })
			rows := w.busy(t, func(scope store.Scope, work func(*store.Tx) error) error { return scope.Write(t.Context(), work) })
			if !reflect.DeepEqual(looked, rows) {
				t.Fatalf("who looks sees %v, who books %v", looked, rows)
			}
		}
	})
}

// A look costs no reading of claims once memory has them: what is changed behind the store's back is not seen.
func TestALookIsServedFromMemory(t *testing.T) {
	t.Parallel()
	w := newOccupiedWorld(t, "here")
	looks := func() int {
		ticks := 0
		err := w.db.Store.For(w.actor).Read(t.Context(), func(tx *store.Tx) error {
			sets, err := tx.Busy(w.holders, storetest.Tick(0), storetest.Tick(1000), nil)
			for _, set := range sets {
				ticks += len(set.Between(storetest.Tick(0), storetest.Tick(1000)))
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		return ticks
	}
	before := looks()
	row := models.Claim{SchoolID: w.actor.School, Holder: w.holders[0], Tick: storetest.Tick(7)}
	_, err := w.db.Raw(t).Exec("INSERT INTO claims (school_id, holder, tick, appointment_id) VALUES (?, ?, ?, ?)",
		row.SchoolID, row.Holder, row.Tick, storetest.ID[models.AppointmentID]("appointment"))
	if err != nil {
		t.Fatal(err)
	}
	if after := looks(); after != before {
		t.Errorf("%d ticks before, %d after", before, after)
	}
}

// A deletion that takes claims along must make memory forget the school. The store names the tables; this test says when the list is no longer whole.
func TestClaimsGoWithRowsOfKnownTablesOnly(t *testing.T) {
	t.Parallel()
	schema := raw(t, storetest.NewSQLite(t).Path)
	takes := []string{"claims"}
	for i := 0; i < len(takes); i++ {
		for _, parent := range texts(t, schema, "SELECT \"table\" FROM pragma_foreign_key_list(?) WHERE on_delete <> 'NO ACTION' AND seq = 0", takes[i]) {
			if !slices.Contains(takes, parent) {
				takes = append(takes, parent)
			}
		}
	}
	slices.Sort(takes)
	known := store.TakesClaims()
	slices.Sort(known)
	if !slices.Equal(takes, known) {
		t.Errorf("claims go with rows of %v, the store knows %v", takes, known)
	}
}

// Many write and look at once, and reading begins anew again and again; in the end memory and rows agree.
func TestMemoryFollowsCommitsInTheirOrder(t *testing.T) {
	t.Parallel()
	w := newOccupiedWorld(t, "here")
	scope := w.db.Store.For(w.actor)
	var crowd sync.WaitGroup
	var compared atomic.Int32
	// Whoever writes compares what memory says with the rows, in the middle of a group of writes that wait together.
	compare := func(tx *store.Tx) {
		busy, ok := tx.Remembered(w.holders)
		if !ok {
			return
		}
		rows, err := tx.Busy(w.holders, storetest.Tick(0), storetest.Tick(1000), nil)
		for _, holder := range w.holders {
			said, found := busy[holder].Between(storetest.Tick(0), storetest.Tick(1000)), rows[holder].Between(storetest.Tick(0), storetest.Tick(1000))
			if err != nil || !slices.Equal(said, found) {
				t.Errorf("memory says %v, the rows %v (%v)", said, found, err)
			}
		}
		compared.Add(1)
	}
	// Somebody looks before the crowd comes: then memory knows the school when the first one writes.
	if err := scope.Read(t.Context(), func(tx *store.Tx) error {
		_, err := tx.Busy(w.holders, storetest.Tick(0), storetest.Tick(1000), nil)
		return err
	}); err != nil {
		t.Fatal(err)
	}
	for writer := range 16 {
		crowd.Go(func() {
			for turn := range 12 {
				made := storetest.ID[models.AppointmentID](fmt.Sprintf("appointment %d %d", writer, turn%3))
				_ = scope.WriteConcurrent(t.Context(), func(tx *store.Tx) error { // who finds the time taken is refused
					compare(tx)
					if turn >= 3 {
						return errors.Join(tx.ReleaseClaims([]models.AppointmentID{made}), rebook(tx, made, w.holders[turn%3], (writer+turn)%8))
					}
					of, err := store.Get[models.Appointment](tx, storetest.ID[models.AppointmentID]("appointment"))
					if err != nil {
						return err
					}
					of.ID = made
					return errors.Join(store.Insert(tx, of), rebook(tx, made, w.holders[turn%3], (writer+turn)%8))
				})
				if writer < 4 && turn%4 == 3 { // memory forgets, and somebody reads all
					_ = scope.WriteConcurrent(t.Context(), func(tx *store.Tx) error {
						_, err := store.Delete[models.Claim](tx, store.Eq("holder", w.holders[writer%3]))
						return err
					})
				}
			}
		})
		crowd.Go(func() {
			for range 20 {
				_ = scope.Read(t.Context(), func(tx *store.Tx) error {
					_, err := tx.Busy(w.holders, storetest.Tick(0), storetest.Tick(1000), nil)
					return err
				})
			}
		})
	}
	crowd.Wait()
	if compared.Load() == 0 {
		t.Error("memory never knew anything")
	}
	rapid.Check(t, func(t *rapid.T) {
		looked := w.busy(t, func(scope store.Scope, work func(*store.Tx) error) error { return scope.Read(t.Context(), work) })
		rows := w.busy(t, func(scope store.Scope, work func(*store.Tx) error) error { return scope.Write(t.Context(), work) })
		if !reflect.DeepEqual(looked, rows) {
			t.Fatalf("who looks sees %v, who books %v", looked, rows)
		}
	})
}

func rebook(tx *store.Tx, made models.AppointmentID, holder models.HolderID, at int) error {
	complete, err := tx.PlaceClaims([]*models.Claim{{Holder: holder, Tick: storetest.Tick(at), AppointmentID: made}})
	if err == nil && !complete {
		err = errUndo
	}
	return err
}

// A wipe leaves nothing in memory either: a school that is made again under the same id, as a restore does, has nobody busy.
func TestAWipeLetsGoOfWhoIsBusy(t *testing.T) {
	t.Parallel()
	w := newOccupiedWorld(t, "here")
	scope, operator := w.db.Store.For(w.actor), w.db.Store.Installation(storetest.Operator())
	look := func() (busy map[models.HolderID]models.TickSet) {
		err := scope.Read(t.Context(), func(tx *store.Tx) (err error) {
			busy, err = tx.Busy(w.holders, storetest.Tick(0), storetest.Tick(1000), nil)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		return busy
	}
	err := scope.WriteConcurrent(t.Context(), func(tx *store.Tx) error {
		return rebook(tx, storetest.ID[models.AppointmentID]("appointment"), w.holders[0], 3)
	})
	if err != nil || len(look()) == 0 {
		t.Fatalf("nobody is busy from the start, %v", err)
	}
	if _, err := operator.EraseSchool(t.Context(), w.actor.School); err != nil {
		t.Fatal(err)
	}
	again := storetest.NewSchool("here")
	again.ID = w.actor.School
	if err := operator.CreateSchool(t.Context(), again); err != nil {
		t.Fatal(err)
	}
	if busy := look(); len(busy) > 0 {
		t.Errorf("busy from before the wipe: %v", busy)
	}
}

// Who began to look before a commit and reads after it reads the moment before: that must not be kept as if it were now.
func TestAnOlderMomentIsNotKept(t *testing.T) {
	t.Parallel()
	w := newOccupiedWorld(t, "here")
	scope := w.db.Store.For(w.actor)
	look := func(meanwhile func()) (ticks int) {
		err := scope.Read(t.Context(), func(tx *store.Tx) error {
			meanwhile()
			sets, err := tx.Busy(w.holders, storetest.Tick(0), storetest.Tick(1000), nil)
			for _, set := range sets {
				ticks += len(set.Between(storetest.Tick(0), storetest.Tick(1000)))
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		return ticks
	}
	before := look(func() {
		err := scope.WriteConcurrent(t.Context(), func(tx *store.Tx) error {
			return rebook(tx, storetest.ID[models.AppointmentID]("appointment"), w.holders[0], 3)
		})
		if err != nil {
			t.Fatal(err)
		}
	})
	if after := look(func() {}); before != 0 || after != 1 {
		t.Errorf("%d ticks in the older moment, %d now, want 0 and 1", before, after)
	}
}
