package store

import (
	"bytes"
	"context"
	"errors"
	"path/filepath"
	"runtime"
	"testing"
	"time"

	"gorm.io/gorm"

	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/seal"
	"github.com/ouderavond/ouderavond/models/store/internal/engine"
	"github.com/ouderavond/ouderavond/models/store/internal/sqlite"
)

// newHeldStore is a store with a school, and its committer, which can be held up.
func newHeldStore(t *testing.T) (*Store, models.SchoolID, *held) {
	t.Helper()
	ctx := context.Background()
	master, err := seal.NewMaster(bytes.Repeat([]byte{7}, seal.KeySize))
	if err != nil {
		t.Fatal(err)
	}
	groups := make(chan Group, 1000)
	config := Config{Path: filepath.Join(t.TempDir(), "ouderavond.db"), Master: master, Clock: standingClock{}, Committed: func(g Group) { groups <- g }}
	rows, err := Open(ctx, config)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = rows.Close() })
	school := &models.School{ID: models.New[models.SchoolID](), Slug: "here", State: models.SchoolActive, Kind: models.SecondarySchool, Zone: "UTC"}
	if err := rows.Installation(models.Actor{Kind: models.ActorOperator}).CreateSchool(ctx, school); err != nil {
		t.Fatal(err)
	}
	return rows, school.ID, &held{t, rows.engine.(*sqlite.Engine), groups}
}

// held is an engine whose writer can be kept busy, so that those who come meanwhile share the next transaction.
type held struct {
	t      *testing.T
	engine *sqlite.Engine
	groups chan Group
}

// hold keeps the writer busy until the function that it returns is called.
func (b *held) hold() (release func()) {
	b.t.Helper()
	began, end, ended := make(chan struct{}), make(chan struct{}), make(chan error, 1)
	go func() {
		ended <- b.engine.Write(context.Background(), engine.Manner{Queue: engine.OtherQueue}, func(*gorm.DB) error {
			close(began)
			<-end
			return nil
		})
	}()
	<-began
	return func() {
		close(end)
		if err := <-ended; err != nil {
			b.t.Error(err)
		}
		<-b.groups
	}
}

// waits waits until so many writes are in the queues.
func (b *held) waits(count int) {
	b.t.Helper()
	for deadline := time.Now().Add(10 * time.Second); b.engine.Waiting() != count; runtime.Gosched() {
		if time.Now().After(deadline) {
			b.t.Fatalf("%d writes wait, want %d", b.engine.Waiting(), count)
		}
	}
}

func (b *held) wantTold(got []error, want ...error) {
	b.t.Helper()
	for i := range got {
		if !errors.Is(got[i], want[i]) {
			b.t.Errorf("caller %d was told %v, want %v", i, got[i], want[i])
		}
	}
}

// Who looks at the roster or the conferences in the middle of a group of writes sees what earlier functions of the group changed. If the group is undone and runs
// again, that is not what is committed in the end, and nobody else may be given it: the ids, for one, are others.
func TestACopyOfWhatWasUndoneIsNotKept(t *testing.T) {
	t.Parallel()
	rows, school, b := newHeldStore(t)
	scope := rows.For(models.System(school, "test"))
	failed := errors.New("half-way")
	runs := 0
	changes := func(tx *Tx) error {
		runs++
		room := &models.Room{ID: models.New[models.RoomID](), Details: models.RoomDetails{Name: "B1.04"}}
		return errors.Join(Insert(tx, &models.Group{ID: models.New[models.GroupID](), State: models.PersonActive, Details: models.GroupDetails{Name: "1A"}}), Insert(tx, room))
	}
	look := func(tx *Tx) error {
		roster, err := List[models.Group](tx)
		people, failed := tx.Directory()
		rooms, missed := List[models.Room](tx)
		plan, unread := tx.Programme()
		if err := errors.Join(err, failed, missed, unread); err != nil {
			return err
		}
		if opened := people.Groups(); len(opened) != 1 || len(roster) != 1 || opened[0].ID != roster[0].ID {
			t.Errorf("groups %v, in the rows %v", opened, roster)
		}
		if opened := plan.Rooms(); len(opened) != 1 || len(rooms) != 1 || opened[0].ID != rooms[0].ID {
			t.Errorf("rooms %v, in the rows %v", opened, rooms)
		}
		return nil
	}
	half := func(tx *Tx) error {
		return errors.Join(tx.Audited("test", models.New[models.RowID](), nil), failed)
	}
	release := b.hold()
	told := make([]chan error, 3)
	for i, work := range []func(*Tx) error{changes, look, half} {
		told[i] = make(chan error, 1)
		go func() { told[i] <- scope.Write(context.Background(), work) }()
		b.waits(i + 1)
	}
	release()
	b.wantTold([]error{<-told[0], <-told[1], <-told[2]}, nil, nil, failed)
	if runs != 2 {
		t.Errorf("the group ran %d times", runs)
	}
	if err := scope.Read(context.Background(), look); err != nil {
		t.Error(err)
	}
}
