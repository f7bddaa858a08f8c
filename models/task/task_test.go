package task_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/store"
	"github.com/ouderavond/ouderavond/models/store/storetest"
	"github.com/ouderavond/ouderavond/models/task"
)

// world is a school on a database with two programs.
type world struct {
	t      *testing.T
	db     *storetest.Database
	other  *store.Store
	school models.SchoolID
}

func newWorld(t *testing.T) *world {
	t.Helper()
	db := storetest.New(t)
	return &world{t: t, db: db, other: storetest.Open(t, db.Config()), school: storetest.School(t, db.Store, "linde")}
}

func (w *world) write(work func(*store.Tx) error) {
	w.t.Helper()
	if err := w.db.Store.For(models.System(w.school, "test")).Write(w.t.Context(), work); err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) add(kind models.TaskKind) (id models.TaskID) {
	w.t.Helper()
	w.write(func(tx *store.Tx) (err error) {
		id, err = task.Add(tx, kind, map[string]string{"file": "leerlingen.csv"})
		return err
	})
	return id
}

func (w *world) take(rows *store.Store) *task.Running {
	w.t.Helper()
	taken, err := task.Take(w.t.Context(), rows, w.school)
	if err != nil {
		w.t.Fatal(err)
	}
	return taken
}

// rooms counts what the work of these tests writes.
func (w *world) rooms() (count int64) {
	w.t.Helper()
	err := w.db.Store.For(models.System(w.school, "test")).Read(w.t.Context(), func(tx *store.Tx) (err error) {
		count, err = store.Count[models.Room](tx)
		return err
	})
	if err != nil {
		w.t.Fatal(err)
	}
	return count
}

func addRoom(tx *store.Tx) error {
	return store.Insert(tx, &models.Room{ID: models.New[models.RoomID](), Details: models.RoomDetails{Name: "B1.04"}})
}

func TestATaskIsTakenOnceDoneAndEnded(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	first := w.add("import")
	w.db.Clock.Advance(time.Second)
	second := w.add("letters")

	one, two := w.take(w.db.Store), w.take(w.other)
	if one == nil || two == nil || one.ID != first || two.ID != second || w.take(w.db.Store) != nil {
		t.Fatalf("%v, %v", one, two)
	}
	if string(one.Input) != `{"file":"leerlingen.csv"}` || one.Kind != "import" || one.Attempt != 1 {
		t.Errorf("%s, %s, attempt %d", one.Input, one.Kind, one.Attempt)
	}
	if err := one.Progress(t.Context(), 1, 3); err != nil {
		t.Fatal(err)
	}
	if err := one.Finish(t.Context(), addRoom); err != nil {
		t.Fatal(err)
	}
	if err := two.Fail(t.Context(), "unreadable"); err != nil {
		t.Fatal(err)
	}
	w.db.Clock.Advance(24 * time.Hour)
	if w.take(w.other) != nil {
		t.Error("what has ended is taken again")
	}
	for name, ended := range map[string]error{"write": one.Write(t.Context(), addRoom), "fail": one.Fail(t.Context(), "late"), "progress": two.Progress(t.Context(), 2, 3)} {
		if !errors.Is(ended, task.ErrLost) {
			t.Errorf("%s after the end: %v", name, ended)
		}
	}
	if count := w.rooms(); count != 1 {
		t.Errorf("%d rooms", count)
	}
}

func TestWhoWasBelievedDeadWritesNothingAnyMore(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.add("import")
	slow := w.take(w.db.Store)
	if err := slow.Write(t.Context(), addRoom); err != nil {
		t.Fatal(err)
	}
	w.db.Clock.Advance(task.Lease - time.Second)
	if w.take(w.other) != nil {
		t.Fatal("it was taken from a program that is alive")
	}
	w.db.Clock.Advance(2 * time.Second)
	next := w.take(w.other)
	if next == nil || next.Attempt != 2 || next.Epoch <= slow.Epoch {
		t.Fatalf("%+v", next)
	}
	for name, late := range map[string]error{"write": slow.Write(t.Context(), addRoom), "finish": slow.Finish(t.Context(), addRoom), "progress": slow.Progress(t.Context(), 3, 3)} {
		if !errors.Is(late, task.ErrLost) {
			t.Errorf("%s by the program that was slow: %v", name, late)
		}
	}
	if err := next.Finish(t.Context(), addRoom); err != nil {
		t.Fatal(err)
	}
	if count := w.rooms(); count != 2 {
		t.Errorf("%d rooms", count)
	}
}

func TestAPartThatFailsLeavesNothingAndTheTaskGoesOn(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.add("import")
	running := w.take(w.db.Store)
	broken := errors.New("half-way")
	err := running.Write(t.Context(), func(tx *store.Tx) error { return errors.Join(addRoom(tx), broken) })
	if !errors.Is(err, broken) || w.rooms() != 0 {
		t.Errorf("%v, %d rooms", err, w.rooms())
	}
	if err := running.Finish(t.Context(), nil); err != nil {
		t.Error(err)
	}
}

func TestSchoolsWithTasksAreFoundUntilSomebodyHasThem(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	quiet := storetest.School(t, w.db.Store, "eik")
	found := func() []models.SchoolID {
		schools, err := w.other.Installation(models.Actor{Kind: models.ActorSystem, Reason: "tasks"}).SchoolsWithTasks(context.Background(), 10)
		if err != nil {
			t.Fatal(err)
		}
		return schools
	}
	if len(found()) != 0 {
		t.Error("there is nothing to do")
	}
	w.add("import")
	if schools := found(); len(schools) != 1 || schools[0] != w.school || schools[0] == quiet {
		t.Errorf("%v", schools)
	}
	w.take(w.db.Store)
	if len(found()) != 0 {
		t.Error("it is under way")
	}
	w.db.Clock.Advance(2 * task.Lease)
	if len(found()) != 1 {
		t.Error("nobody took over")
	}
}

func TestAPeriodicJobIsDoneOnceByAllPrograms(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	take := func(rows *store.Store, name string) bool {
		mine, last, err := rows.Installation(models.Actor{Kind: models.ActorSystem, Reason: "jobs"}).TakeJob(context.Background(), name, time.Hour)
		if err != nil || !last.Equal(w.db.Clock.Now()) {
			t.Fatalf("taken at %s, %v", last, err)
		}
		return mine
	}
	for hour := range 3 {
		if !take(w.db.Store, "tidy") || take(w.other, "tidy") || take(w.db.Store, "tidy") {
			t.Errorf("hour %d: not once", hour)
		}
		if !take(w.other, "letters") {
			t.Errorf("hour %d: one job keeps another", hour)
		}
		w.db.Clock.Advance(time.Hour)
	}
}
