package store_test

import (
	"context"
	"database/sql"
	"encoding/binary"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/errs"
	"github.com/ouderavond/ouderavond/models/store"
	"github.com/ouderavond/ouderavond/models/store/migrate"
	"github.com/ouderavond/ouderavond/models/store/storetest"
)

// filled is a PostgreSQL database with one school in it, filled.
func filled(t *testing.T) (*storetest.Database, store.Scope) {
	t.Helper()
	db := storetest.NewPostgreSQL(t)
	school := storetest.School(t, db.Store, "here")
	storetest.Fill(t, db.Store, school, storetest.NewSample("Kwartel", 0))
	return db, db.Store.For(storetest.As(school))
}

// with gives the address with a setting of the server's in it.
func with(t *testing.T, address, name, value string) string {
	t.Helper()
	parsed, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	query := parsed.Query()
	query.Set(name, value)
	parsed.RawQuery = query.Encode()
	return parsed.String()
}

// eventually asks until something is so.
func eventually(t *testing.T, what string, is func() bool) {
	t.Helper()
	deadline := time.NewTimer(20 * time.Second)
	defer deadline.Stop()
	for !is() {
		select {
		case <-deadline.C:
			t.Fatalf("never: %s", what)
		case <-time.After(5 * time.Millisecond):
		}
	}
}

// waitsForLock tells how many sessions of the database wait for a lock.
func waitsForLock(t *testing.T, db *sql.DB) int {
	t.Helper()
	var waiting int
	query := "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
	if err := db.QueryRow(query).Scan(&waiting); err != nil {
		t.Fatal(err)
	}
	return waiting
}

func TestWritersBesideOneAnotherAreInsideTogetherAndAnOrdinaryOneAlone(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	_, here := filled(t)
	var inside, alone atomic.Int32
	both := make(chan struct{})
	var writers sync.WaitGroup
	for range 2 {
		writers.Go(func() {
			err := here.WriteConcurrent(ctx, func(*store.Tx) error {
				if inside.Add(1) == 2 {
					close(both)
				}
				<-both
				return nil
			})
			if err != nil {
				t.Error(err)
			}
		})
	}
	writers.Wait()
	for i := range 8 {
		write := here.Write
		if i%2 == 1 {
			write = here.WriteConcurrent
		}
		writers.Go(func() {
			err := write(ctx, func(tx *store.Tx) error {
				if i%2 == 1 {
					return nil
				}
				if alone.Add(1) != 1 {
					t.Error("two ordinary writers are inside")
				}
				defer alone.Add(-1)
				return tx.Audited("test", [16]byte{1}, nil)
			})
			if err != nil {
				t.Error(err)
			}
		})
	}
	writers.Wait()
}

// A school's roster and conferences are held in memory by version; whoever changes them keeps the others away.
func TestWhatEverybodyHoldsInMemoryIsNotChangedBesideOthers(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	for name, open := range map[string]storetest.Opener{"SQLite": storetest.NewSQLite, "PostgreSQL": storetest.NewPostgreSQL} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			db := open(t)
			here := db.Store.For(storetest.As(storetest.School(t, db.Store, "here")))
			for what, change := range map[string]func(*store.Tx) error{
				"a pupil's group": func(tx *store.Tx) error {
					return store.Insert(tx, &models.Group{ID: models.New[models.GroupID](), State: models.PersonActive})
				},
				"a room":     func(tx *store.Tx) error { return store.Insert(tx, &models.Room{ID: models.New[models.RoomID]()}) },
				"the school": func(tx *store.Tx) error { return tx.UpdateSchool("zone") },
			} {
				if err := here.WriteConcurrent(ctx, change); err == nil {
					t.Errorf("%s was changed beside others", what)
				}
				if err := here.Write(ctx, change); err != nil {
					t.Errorf("%s: %v", what, err)
				}
			}
		})
	}
}

func TestLockedRowsMakeOthersWaitUntilTheEnd(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	db, here := filled(t)
	household := []models.HouseholdID{storetest.ID[models.HouseholdID]("household")}
	pupil := []models.PupilID{storetest.ID[models.PupilID]("pupil")}
	staff := []models.StaffID{storetest.ID[models.StaffID]("staff")}
	ways := map[string]func(*store.Tx) error{
		"a household": func(tx *store.Tx) error { _, err := tx.Lock(household, nil, nil); return err },
		"a pupil":     func(tx *store.Tx) error { _, err := tx.Lock(nil, pupil, nil); return err },
		"a teacher":   func(tx *store.Tx) error { _, err := tx.Lock(nil, nil, staff); return err },
		"a subject":   func(tx *store.Tx) error { return tx.InTurn(tx.Index("turn", "one")) },
		"a session": func(tx *store.Tx) error {
			_, err := store.GetLocked[models.Session](tx, storetest.ID[models.SessionID]("session"))
			return err
		},
	}
	watched := db.Raw(t)
	for name, lock := range ways {
		locked, end, ended := make(chan struct{}), make(chan struct{}), make(chan error, 2)
		var order []string
		go func() {
			ended <- here.WriteConcurrent(ctx, func(tx *store.Tx) error {
				err := lock(tx)
				close(locked)
				<-end
				order = append(order, "first")
				return err
			})
		}()
		<-locked
		go func() {
			ended <- here.WriteConcurrent(ctx, func(tx *store.Tx) error {
				err := lock(tx)
				order = append(order, "second")
				return err
			})
		}()
		eventually(t, name+" is waited for", func() bool { return waitsForLock(t, watched) == 1 })
		close(end)
		if err := errors.Join(<-ended, <-ended); err != nil || strings.Join(order, " ") != "first second" {
			t.Errorf("%s: %v, %v", name, order, err)
		}
	}
}

func TestALostRaceIsRunAgainAndToldAtLast(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	_, here := filled(t)
	runs := 0
	err := here.WriteConcurrent(ctx, func(tx *store.Tx) error {
		if err := tx.Audited("lost", [16]byte{1}, nil); err != nil {
			return err
		}
		if runs++; runs < 3 {
			return store.Again(errs.New(errs.Conflict, "booking.try-again"))
		}
		return nil
	})
	if err != nil || runs != 3 {
		t.Errorf("%d runs, %v", runs, err)
	}
	runs = 0
	err = here.WriteConcurrent(ctx, func(*store.Tx) error { runs++; return store.Again(errs.New(errs.Conflict, "booking.try-again")) })
	if errs.CodeOf(err) != "booking.try-again" || runs < 3 || runs > 20 {
		t.Errorf("%d runs, %v", runs, err)
	}
	if err := here.Read(ctx, wantCount[models.Audit](t, 1, store.Eq("action", "lost"))); err != nil {
		t.Error(err)
	}
}

func wantCount[T any](t *testing.T, want int64, conditions ...store.Condition) func(*store.Tx) error {
	return func(tx *store.Tx) error {
		t.Helper()
		count, err := store.Count[T](tx, conditions...)
		if count != want {
			t.Errorf("%d rows, want %d", count, want)
		}
		return err
	}
}

func TestACircleOfWaitsIsBrokenAndRunAgain(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	_, here := filled(t)
	var meet sync.WaitGroup
	meet.Add(2)
	claims := []*models.Claim{
		{Holder: storetest.ID[models.HolderID]("one"), Tick: 1, AppointmentID: storetest.ID[models.AppointmentID]("appointment")},
		{Holder: storetest.ID[models.HolderID]("two"), Tick: 1, AppointmentID: storetest.ID[models.AppointmentID]("appointment")},
	}
	ended := make(chan error, 2)
	for i := range 2 {
		go func() {
			runs := 0
			ended <- here.WriteConcurrent(ctx, func(tx *store.Tx) error {
				runs++
				for n := range 2 {
					claim := *claims[(i+n)%2]
					claim.Tick += models.Tick(10 * (runs - 1)) // whoever runs again goes out of the way
					if _, err := store.InsertNew(tx, &claim); err != nil {
						return err
					}
					if n == 0 && runs == 1 {
						meet.Done()
						meet.Wait()
					}
				}
				return nil
			})
		}()
	}
	if err := errors.Join(<-ended, <-ended); err != nil {
		t.Error(err)
	}
}

func TestAFailedStatementThatWasNotToldFailsTheCommit(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	db, here := filled(t)
	err := here.Write(ctx, func(tx *store.Tx) error {
		if err := tx.Audited("before", [16]byte{1}, nil); err != nil {
			return err
		}
		again := &models.Group{ID: storetest.ID[models.GroupID]("group"), State: models.PersonActive}
		if err := store.Insert(tx, again); errs.CodeOf(err) != "exists" {
			t.Errorf("inserted twice: %v", err)
		}
		return nil // as if nothing had been
	})
	if err == nil {
		t.Error("what was undone is acknowledged")
	}
	if err := here.Read(ctx, wantCount[models.Audit](t, 0, store.Eq("action", "before"))); err != nil {
		t.Error(err)
	}
	_ = db
}

func TestAServerThatIsAwayIsToldAndComesBack(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	db, between := storetest.NewHeard(t)
	school := storetest.School(t, db.Store, "here")
	here := db.Store.For(storetest.As(school))
	audited := func(tx *store.Tx) error { return tx.Audited("test", [16]byte{1}, nil) }
	for _, at := range []string{"BEGIN", `FROM "schools"`, `INSERT INTO "audits"`, "COMMIT"} {
		fresh := storetest.Open(t, db.Config()) // no statement is prepared yet
		between.Watch(func(statement string) bool { return !strings.Contains(statement, at) })
		if err := fresh.For(storetest.As(school)).Write(ctx, audited); errs.KindOf(err) != errs.Unavailable {
			t.Errorf("cut at %s: %v", at, err)
		}
		between.Watch(nil)
	}
	between.Cut()
	eventually(t, "it writes again", func() bool { return here.Write(ctx, audited) == nil })
	eventually(t, "it reads again", func() bool { return db.Store.Ready(ctx) == nil })
	// Of the four that were cut none was acknowledged; a commit whose answer is lost may have been kept.
	err := here.Read(ctx, func(tx *store.Tx) error {
		count, err := store.Count[models.Audit](tx)
		if count < 1 || count > 2 {
			t.Errorf("%d rows", count)
		}
		return err
	})
	if err != nil {
		t.Error(err)
	}
}

func schoolOf(t *testing.T, db *storetest.Database) models.SchoolID {
	t.Helper()
	schools, err := db.Store.Installation(storetest.Operator()).Schools(context.Background())
	if err != nil || len(schools) == 0 {
		t.Fatalf("%d schools, %v", len(schools), err)
	}
	return schools[0].ID
}

func TestACallerWhoGoesCostsNoConnectionAndKeepsNothing(t *testing.T) {
	t.Parallel()
	db, here := filled(t)
	ctx, cancel := context.WithCancel(context.Background())
	err := here.Write(ctx, func(tx *store.Tx) error {
		cancel()
		return tx.Audited("gone", [16]byte{1}, nil)
	})
	if !errors.Is(err, context.Canceled) || errs.KindOf(err) != errs.Unavailable {
		t.Errorf("error %v", err)
	}
	if err := here.Read(context.Background(), wantCount[models.Audit](t, 0, store.Eq("action", "gone"))); err != nil {
		t.Error(err)
	}
	ctx, cancel = context.WithTimeout(context.Background(), 50*time.Millisecond)
	defer cancel()
	err = db.Store.For(storetest.As(schoolOf(t, db))).Read(ctx, func(tx *store.Tx) error {
		<-ctx.Done()
		for range 10_000 { // the end of a context reaches those made from it a moment later
			if _, err := store.List[models.Pupil](tx); err != nil {
				return err
			}
		}
		return nil
	})
	if errs.KindOf(err) != errs.Unavailable {
		t.Errorf("error %v", err)
	}
}

func TestWhoWaitsTooLongForALockIsToldThatItIsBusy(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	db, _ := filled(t)
	config := db.Config()
	config.URL = with(t, config.URL, "lock_timeout", "20") // milliseconds
	config.Waiting = 1
	impatient := storetest.Open(t, config)
	school := schoolOf(t, db)
	holder, err := db.Raw(t).Begin()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := holder.Exec(fmt.Sprintf("SELECT pg_advisory_xact_lock(%d, %d)", 0x6f756465, int32(binary.BigEndian.Uint32(school[12:])))); err != nil {
		t.Fatal(err)
	}
	runs := 0
	err = impatient.For(storetest.As(school)).Write(ctx, func(*store.Tx) error { runs++; return nil })
	if errs.KindOf(err) != errs.Unavailable || errs.CodeOf(err) != "busy" || runs != 0 {
		t.Errorf("%d runs, %v", runs, err)
	}
	if err := holder.Rollback(); err != nil {
		t.Fatal(err)
	}
	if err := impatient.For(storetest.As(school)).Write(ctx, func(*store.Tx) error { return nil }); err != nil {
		t.Errorf("after it: %v", err)
	}
}

func TestADatabaseThatCannotHoldEveryTextIsRefused(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	db := storetest.NewPostgreSQL(t)
	admin := db.Raw(t)
	name := fmt.Sprintf("ouderavond_ascii_%x", models.New[models.RowID]())
	exec(t, admin, "CREATE DATABASE "+name+" TEMPLATE template0 ENCODING 'SQL_ASCII' LC_COLLATE 'C' LC_CTYPE 'C'")
	t.Cleanup(func() { exec(t, admin, "DROP DATABASE "+name+" WITH (FORCE)") })
	parsed, err := url.Parse(db.URL)
	if err != nil {
		t.Fatal(err)
	}
	parsed.Path = "/" + name
	_, err = store.Open(ctx, store.Config{URL: parsed.String(), Master: storetest.Master(t), Clock: db.Clock})
	if err == nil || !strings.Contains(err.Error(), "UTF8") {
		t.Errorf("error %v", err)
	}
}

func TestANewerSchemaOfAServerIsRefusedUnchanged(t *testing.T) {
	t.Parallel()
	db := storetest.NewPostgreSQL(t)
	exec(t, db.Raw(t), "INSERT INTO goose_db_version (version_id, is_applied) VALUES (99999, true)")
	config := db.Config()
	config.Master = storetest.Master(t)
	if _, err := store.Open(context.Background(), config); !errors.Is(err, migrate.ErrNewerSchema) {
		t.Errorf("error %v", err)
	}
}

func TestAnAddressIsNotRepeatedWithItsPassword(t *testing.T) {
	t.Parallel()
	for _, address := range []string{"postgres://root:geheim@127.0.0.1:1/x?sslmode=disable", "postgres://root:geheim@%zz/x", "postgres://root:geheim@127.0.0.1:x/x"} {
		_, err := store.Open(context.Background(), store.Config{URL: address, Master: storetest.Master(t), Clock: storetest.NewClock(storetest.Start())})
		if err == nil || strings.Contains(err.Error(), "geheim") {
			t.Errorf("error %v", err)
		}
	}
}

func TestWhatATextCannotHoldIsTheCallersFault(t *testing.T) {
	t.Parallel()
	_, here := filled(t)
	for _, text := range []string{"a\x00b", "\xff"} {
		err := here.Write(context.Background(), func(tx *store.Tx) error {
			return store.Insert(tx, &models.Group{ID: models.New[models.GroupID](), State: models.PersonActive, Year: text})
		})
		if errs.KindOf(err) != errs.Invalid {
			t.Errorf("%q: %v", text, err)
		}
	}
}
