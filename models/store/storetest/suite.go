package storetest

import (
	"context"
	"errors"
	"reflect"
	"testing"

	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/errs"
	"github.com/ouderavond/ouderavond/models/store"
)

// Opener gives a fresh database without a school for one test. New is the one of SQLite.
type Opener func(t testing.TB) *Database

// Run is the conformance suite: what every engine of the store must do.
func Run(t *testing.T, open Opener) {
	parts := map[string]func(*testing.T, Opener){
		"rows": testRows, "inserts and deletions": testInsertAndDelete, "conditions": testConditions,
		"scope": testScope, "what a transaction knows": testTransactionKnows, "transactions": testTransactions, "moments": testMomentsAndTimes,
		"rows that wait": testLater, "prepared writes": testPrepared, "claims": testClaims, "claims of appointments": testClaimsOfAppointments, "snapshots": testSnapshots, "lookup": testLookup, "versions": testVersions,
		"schools": testSchools, "erasure": testErasure, "outbox": testOutbox, "due schools": testDueSchools, "sweep": testSweep,
	}
	for name, part := range parts {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			part(t, open)
		})
	}
}

// world is a database with two schools.
type world struct {
	*Database
	here, there models.SchoolID
}

func newWorld(t testing.TB, open Opener) *world {
	t.Helper()
	db := open(t)
	return &world{db, School(t, db.Store, "here"), School(t, db.Store, "there")}
}

func (w *world) read(t testing.TB, school models.SchoolID, work func(*store.Tx) error) {
	t.Helper()
	if err := w.Store.For(As(school)).Read(context.Background(), work); err != nil {
		t.Fatal(err)
	}
}

func (w *world) write(t testing.TB, school models.SchoolID, work func(*store.Tx) error) {
	t.Helper()
	if err := w.tryWrite(school, work); err != nil {
		t.Fatal(err)
	}
}

func (w *world) tryWrite(school models.SchoolID, work func(*store.Tx) error) error {
	return w.Store.For(As(school)).Write(context.Background(), work)
}

// group inserts a group of a school with a key of its own.
func (w *world) group(t testing.TB, school models.SchoolID, name string) models.GroupID {
	t.Helper()
	group := newGroup(name)
	w.write(t, school, func(tx *store.Tx) error { return store.Insert(tx, group) })
	return group.ID
}

func newGroup(name string) *models.Group {
	return &models.Group{ID: models.New[models.GroupID](), State: models.PersonActive, Details: models.GroupDetails{Key: name, Name: name}}
}

func wantKind(t testing.TB, what string, err error, kind errs.Kind) {
	t.Helper()
	if err == nil || errs.KindOf(err) != kind {
		t.Errorf("%s: error %v of kind %d, want kind %d", what, err, errs.KindOf(err), kind)
	}
}

func wantError(t testing.TB, what string, err, want error) {
	t.Helper()
	if !errors.Is(err, want) {
		t.Errorf("%s: error %v, want %v", what, err, want)
	}
}

func wantEqual(t testing.TB, what string, got, want any) {
	t.Helper()
	if !reflect.DeepEqual(got, want) {
		t.Errorf("%s:\n got %+v\nwant %+v", what, got, want)
	}
}

// must gives a value or fails the test; it is for values that a test needs and does not test.
func must[T any](t testing.TB) func(value T, err error) T {
	return func(value T, err error) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return value
	}
}
