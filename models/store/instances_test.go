package store_test

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/errs"
	"github.com/ouderavond/ouderavond/models/store"
	"github.com/ouderavond/ouderavond/models/store/storetest"
)

// two gives a database with a school, as two programs have it open at once.
func two(t *testing.T) (db *storetest.Database, school models.SchoolID, stores [2]*store.Store) {
	t.Helper()
	db = storetest.NewPostgreSQL(t)
	school = storetest.School(t, db.Store, "here")
	return db, school, [2]*store.Store{db.Store, storetest.Open(t, db.Config())}
}

func TestWhatOneProgramChangesTheNextTransactionOfTheOtherSees(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	_, school, stores := two(t)
	for round := 1; round <= 6; round++ {
		writer, reader := stores[round%2].For(storetest.As(school)), stores[1-round%2].For(storetest.As(school))
		err := writer.Write(ctx, func(tx *store.Tx) error {
			if err := store.Insert(tx, &models.Group{ID: models.New[models.GroupID](), State: models.PersonActive}); err != nil {
				return err
			}
			return store.Insert(tx, &models.Room{ID: models.New[models.RoomID]()})
		})
		if err != nil {
			t.Fatal(err)
		}
		for name, way := range map[string]func(context.Context, func(*store.Tx) error) error{"reading": reader.Read, "writing": reader.Write, "writing beside": reader.WriteConcurrent} {
			err := way(ctx, func(tx *store.Tx) error {
				people, err := tx.Directory()
				if err != nil {
					return err
				}
				plans, err := tx.Programme()
				if len(people.Groups()) != round || len(plans.Rooms()) != round {
					t.Errorf("round %d, %s: %d groups, %d rooms", round, name, len(people.Groups()), len(plans.Rooms()))
				}
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
		}
	}
}

func TestCountsOfTwoProgramsAddUp(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	_, school, stores := two(t)
	budget := func() *models.Budget {
		return &models.Budget{Name: "child", Subject: []byte("subject"), Window: storetest.Start(), Spent: 1}
	}
	var spenders sync.WaitGroup
	const each = 40
	for i := range 4 {
		spenders.Go(func() {
			for range each {
				err := stores[i%2].For(storetest.As(school)).WriteConcurrent(ctx, func(tx *store.Tx) error {
					added, err := store.InsertNew(tx, budget())
					if err != nil || added == 1 {
						return err
					}
					return tx.AddToBudget(budget())
				})
				if err != nil {
					t.Error(err)
				}
			}
		})
	}
	spenders.Wait()
	err := stores[0].For(storetest.As(school)).Read(ctx, func(tx *store.Tx) error {
		rows, err := store.List[models.Budget](tx)
		if err == nil && (len(rows) != 1 || rows[0].Spent != 4*each) {
			t.Errorf("budgets %+v", rows)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// What is looked at first and written then is exact only in turn.
func TestWhoStandsInTurnSpendsNoMoreThanThereIs(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	_, school, stores := two(t)
	const most = 5
	var spent atomic.Int32
	var spenders sync.WaitGroup
	for i := range 24 {
		spenders.Go(func() {
			err := stores[i%2].For(storetest.As(school)).WriteConcurrent(ctx, func(tx *store.Tx) error {
				if err := tx.InTurn(tx.Index("budget", "one")); err != nil {
					return err
				}
				count, err := store.Count[models.Audit](tx, store.Eq("action", "spent"))
				if err != nil || count >= most {
					return err
				}
				tx.AfterCommit(func() { spent.Add(1) })
				return tx.Audited("spent", [16]byte{1}, nil)
			})
			if err != nil {
				t.Error(err)
			}
		})
	}
	spenders.Wait()
	if spent.Load() != most {
		t.Errorf("%d were spent of %d", spent.Load(), most)
	}
}

func TestAMessageIsLeasedByOneOfTwoPrograms(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	_, school, stores := two(t)
	const messages = 60
	err := stores[0].For(storetest.As(school)).Write(ctx, func(tx *store.Tx) error {
		rows := make([]*models.Message, messages)
		for i := range rows {
			rows[i] = &models.Message{ID: models.New[models.MessageID](), Kind: models.MessageTest, Channel: models.ChannelMail, State: models.MessageQueued, DueAt: tx.Now()}
		}
		return store.Insert(tx, rows...)
	})
	if err != nil {
		t.Fatal(err)
	}
	var mutex sync.Mutex
	leased := map[models.MessageID]int{}
	var workers sync.WaitGroup
	for i := range 4 {
		workers.Go(func() {
			for {
				var mine []models.MessageID
				seen := 0
				err := stores[i%2].For(storetest.As(school)).WriteConcurrent(ctx, func(tx *store.Tx) error {
					due, err := tx.DueMessages(7)
					mine, seen = nil, len(due)
					until := tx.Now().Add(time.Minute)
					for n := range due {
						after := due[n]
						after.LeasedUntil = &until
						advanced, err := tx.Advance(due[n], &after, "leased_until")
						if err != nil {
							return err
						}
						if advanced {
							mine = append(mine, after.ID)
						}
					}
					return err
				})
				if err != nil {
					t.Error(err)
					return
				}
				mutex.Lock()
				for _, id := range mine {
					leased[id]++
				}
				mutex.Unlock()
				if seen == 0 {
					return
				}
			}
		})
	}
	workers.Wait()
	twice := 0
	for _, times := range leased {
		if times > 1 {
			twice++
		}
	}
	if len(leased) != messages || twice > 0 {
		t.Errorf("%d of %d were leased, %d more than once", len(leased), messages, twice)
	}
}

func TestASchoolThatOneProgramWipedIsGoneForTheOther(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	db, school, stores := two(t)
	storetest.Fill(t, stores[0], school, storetest.NewSample("Kwartel", 0))
	other := stores[1].For(storetest.As(school))
	look := func(tx *store.Tx) error { _, err := tx.Directory(); return err }
	if err := other.Read(ctx, look); err != nil {
		t.Fatal(err)
	}
	if _, err := stores[0].Installation(storetest.Operator()).EraseSchool(ctx, school); err != nil {
		t.Fatal(err)
	}
	for name, way := range map[string]func(context.Context, func(*store.Tx) error) error{"reading": other.Read, "writing": other.Write, "beside": other.WriteConcurrent} {
		if err := way(ctx, look); errs.KindOf(err) != errs.NotFound {
			t.Errorf("%s: %v", name, err)
		}
	}
	// Made again under the same id, with another key, it has nothing of the old one.
	again := storetest.NewSchool("again")
	again.ID = school
	if err := stores[0].Installation(storetest.Operator()).CreateSchool(ctx, again); err != nil {
		t.Fatal(err)
	}
	err := other.Read(ctx, func(tx *store.Tx) error {
		people, err := tx.Directory()
		if err == nil && (len(people.Pupils()) != 0 || tx.School().Slug != "again") {
			t.Errorf("%d pupils of %s", len(people.Pupils()), tx.School().Slug)
		}
		return err
	})
	if err != nil {
		t.Error(err)
	}
	_ = db
}

// A stream of writers who share the school, in one program, must not keep one of another program from having it alone: who comes after that one waits for it.
func TestWhoWantsTheSchoolAloneIsNotPassedByWhoComesLater(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	db, school, stores := two(t)
	watched := db.Raw(t)
	stop := make(chan struct{})
	var entered atomic.Int32
	var stream sync.WaitGroup
	for range 4 {
		stream.Go(func() {
			for {
				select {
				case <-stop:
					return
				default:
				}
				err := stores[0].For(storetest.As(school)).WriteConcurrent(ctx, func(tx *store.Tx) error {
					n := entered.Add(1)
					return tx.InTurn([]byte{byte(n), byte(n >> 8), 2, 3}) // a little time passes, and nobody of the stream waits for another's turn
				})
				if err != nil {
					t.Error(err)
					return
				}
			}
		})
	}
	for range 3 {
		holding, end, ended := make(chan struct{}), make(chan struct{}), make(chan error, 2)
		go func() {
			ended <- stores[0].For(storetest.As(school)).WriteConcurrent(ctx, func(*store.Tx) error { close(holding); <-end; return nil })
		}()
		<-holding
		go func() {
			ended <- stores[1].For(storetest.As(school)).Write(ctx, func(*store.Tx) error { return nil })
		}()
		eventually(t, "it waits", func() bool { return waitsForLock(t, watched) > 0 })
		before := entered.Load()
		// The stream has all the time that this takes, and the holder is still inside.
		for range 20 {
			_ = waitsForLock(t, watched)
		}
		if passed := entered.Load() - before; passed > 8 {
			t.Errorf("%d passed by", passed)
		}
		close(end)
		if err := errors.Join(<-ended, <-ended); err != nil {
			t.Error(err)
		}
	}
	close(stop)
	stream.Wait()
}

// One school's writers, however many, leave the connections to those of another.
func TestASchoolWhoseWritersWaitDoesNotKeepAnotherWaiting(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	db, school, stores := two(t)
	other := storetest.School(t, db.Store, "there")
	holding, end := make(chan struct{}), make(chan struct{})
	var waiting sync.WaitGroup
	waiting.Go(func() {
		_ = stores[0].For(storetest.As(school)).Write(ctx, func(*store.Tx) error { close(holding); <-end; return nil })
	})
	<-holding
	for i := range 60 {
		waiting.Go(func() {
			write := stores[0].For(storetest.As(school)).WriteConcurrent
			if i%3 == 0 {
				write = stores[0].For(storetest.As(school)).Write
			}
			if err := write(ctx, func(tx *store.Tx) error { return nil }); err != nil {
				t.Error(err)
			}
		})
	}
	for range 20 {
		if err := stores[0].For(storetest.As(other)).WriteConcurrent(ctx, func(tx *store.Tx) error { return tx.Audited("test", [16]byte{1}, nil) }); err != nil {
			t.Error(err)
		}
	}
	close(end)
	waiting.Wait()
}

func TestTwoProgramsThatStartAtOnceOnAnEmptyDatabaseBothServe(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	db := storetest.NewPostgreSQL(t)
	admin := db.Raw(t)
	name := fmt.Sprintf("ouderavond_empty_%x", models.New[models.RowID]())
	exec(t, admin, "CREATE DATABASE "+name+" TEMPLATE template0 ENCODING 'UTF8'")
	parsed, err := url.Parse(db.URL)
	if err != nil {
		t.Fatal(err)
	}
	parsed.Path = "/" + name
	t.Cleanup(func() { exec(t, admin, "DROP DATABASE "+name+" WITH (FORCE)") })
	stores, failures := make([]*store.Store, 4), make([]error, 4)
	var starting sync.WaitGroup
	for i := range stores {
		starting.Go(func() {
			config := store.Config{URL: parsed.String(), Master: storetest.Master(t), Clock: db.Clock}
			stores[i], failures[i] = store.Open(ctx, config)
		})
	}
	starting.Wait()
	for i, opened := range stores {
		if failures[i] != nil {
			t.Errorf("start %d: %v", i, failures[i])
			continue
		}
		t.Cleanup(func() { _ = opened.Close() })
		storetest.School(t, opened, fmt.Sprintf("school-%d", i))
	}
	if slices.ContainsFunc(failures, func(err error) bool { return err != nil }) {
		return
	}
	if schools, err := stores[0].Installation(storetest.Operator()).Schools(ctx); err != nil || len(schools) != len(stores) {
		t.Errorf("%d schools, %v", len(schools), err)
	}
}

func TestAWipeWaitsForWhoStillSeesTheRowsAndVacuums(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	db, school, stores := two(t)
	other := storetest.School(t, db.Store, "there")
	storetest.Fill(t, stores[0], school, storetest.NewSample("planted", 0))
	inspect := db.Raw(t)
	var before, after uint32
	scan(t, inspect, &before, "SELECT pg_relation_filenode('schools')")
	reading, end, ended := make(chan struct{}), make(chan struct{}), make(chan struct{})
	go func() {
		defer close(ended)
		_ = stores[1].For(storetest.As(other)).Read(ctx, func(*store.Tx) error { close(reading); <-end; return nil })
	}()
	<-reading
	in := stores[0].Installation(models.System(school, "wipe"))
	if _, err := in.EraseSchool(ctx, school); err != nil {
		t.Fatal(err)
	}
	waits := 0
	err := in.Truncate(ctx, func(context.Context, time.Duration) error {
		if waits++; waits == 3 {
			if err := stores[0].For(storetest.As(other)).Write(ctx, func(tx *store.Tx) error { return tx.Audited("test", [16]byte{1}, nil) }); err != nil {
				t.Error(err)
			}
			close(end)
			<-ended
		}
		return nil
	})
	if err != nil || waits < 3 {
		t.Errorf("vacuumed after %d waits: %v", waits, err)
	}
	if scan(t, inspect, &after, "SELECT pg_relation_filenode('schools')"); after == before {
		t.Error("the file with the wiped key is still there")
	}
	var vacuumed int
	scan(t, inspect, &vacuumed, "SELECT count(*) FROM pg_stat_user_tables WHERE relname IN ('pupils', 'households', 'guardians', 'contacts') AND vacuum_count > 0")
	if vacuumed != 4 {
		t.Errorf("%d tables were vacuumed", vacuumed)
	}
	reading, end, ended = make(chan struct{}), make(chan struct{}), make(chan struct{})
	go func() {
		defer close(ended)
		_ = stores[1].For(storetest.As(other)).Read(ctx, func(*store.Tx) error { close(reading); <-end; return nil })
	}()
	<-reading
	// So that there is something that the reader sees and others do not.
	if err := stores[0].For(storetest.As(other)).Write(ctx, func(tx *store.Tx) error { return tx.Audited("test", [16]byte{1}, nil) }); err != nil {
		t.Error(err)
	}
	err = in.Truncate(ctx, func(context.Context, time.Duration) error { return nil })
	if errs.CodeOf(err) != "readers-busy" {
		t.Errorf("error %v", err)
	}
	stopped := errors.New("stopped waiting")
	if err := in.Truncate(ctx, func(context.Context, time.Duration) error { return stopped }); !errors.Is(err, stopped) {
		t.Errorf("error %v", err)
	}
	close(end)
	<-ended
}

func scan(t *testing.T, db *sql.DB, into any, query string) {
	t.Helper()
	if err := db.QueryRow(query).Scan(into); err != nil {
		t.Fatal(err)
	}
}
