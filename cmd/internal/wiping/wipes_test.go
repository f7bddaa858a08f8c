package wiping

import (
	"context"
	"database/sql"
	"errors"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/ouderavond/ouderavond/booking"
	"github.com/ouderavond/ouderavond/booking/erasure"
	"github.com/ouderavond/ouderavond/cmd/internal/datafolder"
	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/errs"
	"github.com/ouderavond/ouderavond/models/store/storetest"
)

// wiper is a program on a database, as far as it wipes, with a data folder of its own.
type wiper struct {
	Wipes
	data datafolder.Folder
}

func newWiper(t *testing.T, db *storetest.Database) wiper {
	t.Helper()
	data := datafolder.Folder{Path: t.TempDir()}
	rows := storetest.Open(t, db.Config())
	return wiper{Wipes{rows, booking.New(rows, booking.Options{External: datafolder.External{Folder: data}})}, data}
}

// cancel wipes a school as the operator asks for it. The wipe calls wait wherever it has to wait for who still sees the rows.
func (w wiper) cancel(school models.SchoolID, slug string, wait func(context.Context) error) (receipt *erasure.Receipt, err error) {
	err = w.Alone(context.Background(), func(ctx context.Context) (err error) {
		receipt, err = w.Booking.Erasures.CancelSchool(ctx, storetest.Operator(), school, slug, func(ctx context.Context, _ time.Duration) error { return wait(ctx) })
		return err
	})
	return receipt, err
}

func (w wiper) finishes(t *testing.T, want int) {
	t.Helper()
	if finished, err := w.TakeOver(context.Background()); err != nil || finished != want {
		t.Errorf("%d wipes were finished, not %d: %v", finished, want, err)
	}
}

// receipts gives the receipts in the program's folder, checked.
func (w wiper) receipts(t *testing.T) (receipts []*erasure.Receipt) {
	t.Helper()
	paths, err := filepath.Glob(filepath.Join(w.data.Receipts(), "*"+datafolder.ReceiptSuffix))
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range paths {
		document, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		receipt, err := erasure.ReadReceipt(document, w.Rows.Master().PublicKey())
		if err != nil {
			t.Fatal(err)
		}
		receipts = append(receipts, receipt)
	}
	return receipts
}

// halfWiped is a database with a school that the first of two programs is wiping: its rows are gone, and it waits for who still sees them. What is told to
// resume it is what its wait ends with.
func halfWiped(t *testing.T) (db *storetest.Database, first, second wiper, resume chan error, ended chan error) {
	t.Helper()
	db = storetest.NewPostgreSQL(t)
	school := storetest.School(t, db.Store, "here")
	storetest.Fill(t, db.Store, school, storetest.NewSample("Kwartel", 0))
	first, second = newWiper(t, db), newWiper(t, db)
	release := olderMoment(t, db.Raw(t))
	waiting, begun := make(chan struct{}), sync.Once{}
	resume, ended = make(chan error), make(chan error, 1)
	go func() {
		_, err := first.cancel(school, "here", func(ctx context.Context) error {
			begun.Do(func() { close(waiting) })
			select {
			case err := <-resume:
				release()
				return err
			case <-ctx.Done():
				release()
				return ctx.Err()
			}
		})
		ended <- err
	}()
	select {
	case <-waiting:
	case err := <-ended:
		t.Fatalf("it did not wait: %v", err)
	}
	return db, first, second, resume, ended
}

// olderMoment keeps a transaction open that sees the database as it is now.
func olderMoment(t *testing.T, raw *sql.DB) (release func()) {
	t.Helper()
	tx, err := raw.BeginTx(context.Background(), &sql.TxOptions{Isolation: sql.LevelRepeatableRead})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = tx.Rollback() })
	var schools int
	if err := tx.QueryRow("SELECT count(*) FROM schools").Scan(&schools); err != nil {
		t.Fatal(err)
	}
	return func() { _ = tx.Rollback() }
}

// dies ends the session by which a program holds its turn to wipe, as its death does.
func dies(t *testing.T, raw *sql.DB) {
	t.Helper()
	const sessions = "FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'ouderavond wipe'"
	var ended int
	// The time is the server's greatest patience: it waits for the end.
	if err := raw.QueryRow("SELECT count(pg_terminate_backend(pid, 20000)) " + sessions).Scan(&ended); err != nil || ended != 1 {
		t.Fatalf("%d programs wiped: %v", ended, err)
	}
}

func TestTheWipeOfAProgramThatDiedIsFinishedByAnother(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	db, first, second, _, ended := halfWiped(t)
	second.finishes(t, 0) // the first one is at it
	if lines, err := second.Booking.Erasures.Unfinished(ctx); err != nil || len(lines) != 1 || len(second.receipts(t)) != 0 {
		t.Fatalf("%d wipes are unfinished, %d receipts, %v", len(lines), len(second.receipts(t)), err)
	}
	dies(t, db.Raw(t))
	if err := <-ended; errs.KindOf(err) != errs.Unavailable {
		t.Errorf("the dead one: %v", err)
	}
	db.Clock.Advance(time.Minute)
	second.finishes(t, 1)
	receipts := second.receipts(t)
	if len(receipts) != 1 || receipts[0].Rows["pupils"] == 0 || !receipts[0].FinishedAt.Equal(db.Clock.Now()) || !receipts[0].AskedAt.Before(db.Clock.Now()) {
		t.Fatalf("receipts %+v", receipts)
	}
	if lines, err := second.Booking.Erasures.Unfinished(ctx); err != nil || len(lines) != 0 || len(first.receipts(t)) != 0 {
		t.Errorf("%d wipes are unfinished, the dead one has %d receipts, %v", len(lines), len(first.receipts(t)), err)
	}
	second.finishes(t, 0)
	first.finishes(t, 0) // once it is back
	if _, err := first.Booking.Erasures.KeepReceipts(ctx); err != nil || len(first.receipts(t)) != 1 {
		t.Errorf("%d receipts, %v", len(first.receipts(t)), err)
	}
}

func TestAWipeThatIsUnderWayIsLeftToWhoDoesIt(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	db, first, second, resume, ended := halfWiped(t)
	db.Clock.Advance(time.Hour) // however long it takes
	second.finishes(t, 0)
	told := make(chan struct{})
	starts := make(chan error, 1)
	go func() { starts <- second.Finish(ctx, func() { close(told); <-told }) }()
	select {
	case err := <-starts:
		t.Fatalf("a start did not wait: %v", err)
	default:
	}
	close(resume)
	if err := errors.Join(<-ended, <-starts); err != nil {
		t.Error(err)
	}
	second.finishes(t, 0)
	if len(first.receipts(t)) != 1 || len(second.receipts(t)) != 0 {
		t.Errorf("%d and %d receipts", len(first.receipts(t)), len(second.receipts(t)))
	}
}

func TestASchoolThatWasOnlyClosedIsWipedByAnother(t *testing.T) {
	t.Parallel()
	db := storetest.NewPostgreSQL(t)
	storetest.School(t, db.Store, "here")
	other := storetest.School(t, db.Store, "there")
	// What the first step of a wipe leaves behind, and the program has gone.
	if _, err := db.Raw(t).Exec("UPDATE schools SET state = 'closing' WHERE slug = 'here'"); err != nil {
		t.Fatal(err)
	}
	second := newWiper(t, db)
	second.finishes(t, 1)
	schools, err := second.installation().Schools(context.Background())
	if err != nil || len(schools) != 1 || schools[0].ID != other || len(second.receipts(t)) != 1 {
		t.Errorf("schools %v, %d receipts, %v", schools, len(second.receipts(t)), err)
	}
}
