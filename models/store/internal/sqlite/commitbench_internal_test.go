package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"net/url"
	"path/filepath"
	"runtime"
	"slices"
	"testing"
	"time"

	"github.com/mattn/go-sqlite3"
	"gorm.io/gorm"

	"github.com/ouderavond/ouderavond/models/store/internal/engine"
)

// bench is a committer on a file with one table of numbers.
type bench struct {
	*committer
	t      *testing.T
	writer *sqliteWriter
	other  *sql.DB
	groups chan engine.Group
}

func newBench(t *testing.T, limit int) *bench {
	t.Helper()
	path := filepath.Join(t.TempDir(), "bench.db")
	pool, err := sql.Open("sqlite3", dsn(path, url.Values{"_txlock": {"immediate"}}))
	if err != nil {
		t.Fatal(err)
	}
	pool.SetMaxOpenConns(1)
	taken, err := pool.Conn(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	writer, err := writerOn(engine.Options{Now: time.Now}, pool, taken)
	if err != nil {
		t.Fatal(err)
	}
	b := &bench{t: t, writer: writer, groups: make(chan engine.Group, 1000)}
	if err := b.writer.command("CREATE TABLE numbers (number INTEGER PRIMARY KEY)"); err != nil {
		t.Fatal(err)
	}
	if b.other, err = sql.Open("sqlite3", dsn(path, nil)); err != nil {
		t.Fatal(err)
	}
	b.committer = newCommitter(b.writer, limit, func(g engine.Group) { b.groups <- g })
	t.Cleanup(func() {
		if err := errors.Join(b.close(), b.other.Close()); err != nil {
			t.Error(err)
		}
	})
	return b
}

// on reaches the driver's connection that writes.
func (b *bench) on(work func(*sqlite3.SQLiteConn) error) {
	b.t.Helper()
	if err := b.writer.taken.Raw(func(driver any) error { return work(driver.(*sqlite3.SQLiteConn)) }); err != nil {
		b.t.Fatal(err)
	}
}

// inserted is a write function that inserts a number.
func inserted(number int) func(*gorm.DB) error {
	return func(db *gorm.DB) error { return db.Exec("INSERT INTO numbers VALUES (?)", number).Error }
}

// waits waits until so many jobs are in the queues.
func (b *bench) waits(count int) {
	b.t.Helper()
	for deadline := time.Now().Add(10 * time.Second); ; runtime.Gosched() {
		waiting := b.count()
		if waiting == count {
			return
		}
		if time.Now().After(deadline) {
			b.t.Fatalf("%d jobs wait, want %d", waiting, count)
		}
	}
}

// hold keeps the committer busy, in a group that writes nothing, until the function that it gives is called; that gives the group.
func (b *bench) hold() (release func() engine.Group) {
	b.t.Helper()
	began, end, ended := make(chan struct{}), make(chan struct{}), make(chan error, 1)
	go func() {
		ended <- b.do(context.Background(), engine.Manner{Queue: engine.OtherQueue}, func(*gorm.DB) error {
			close(began)
			<-end
			return nil
		})
	}()
	<-began
	return func() engine.Group {
		close(end)
		if err := <-ended; err != nil {
			b.t.Error(err)
		}
		return <-b.groups
	}
}

// call is one write of a group.
type call struct {
	ctx  context.Context
	how  engine.Manner
	work func(*gorm.DB) error
}

// together runs calls in one group and gives what each was told, and what the group was.
func (b *bench) together(calls ...call) ([]error, engine.Group) {
	b.t.Helper()
	release := b.hold()
	told := make([]chan error, len(calls))
	for i, one := range calls {
		told[i] = make(chan error, 1)
		if one.ctx == nil {
			one.ctx = context.Background()
		}
		go func() {
			defer close(told[i])
			defer func() {
				if caught := recover(); caught != nil {
					told[i] <- errUnfinished
				}
			}()
			told[i] <- b.do(one.ctx, one.how, one.work)
		}()
		b.waits(i + 1)
	}
	release()
	results := make([]error, len(calls))
	for i := range told {
		results[i] = <-told[i]
	}
	return results, <-b.groups
}

// want checks what is on disk, as another connection sees it.
func (b *bench) want(numbers ...int) {
	b.t.Helper()
	rows, err := b.other.Query("SELECT number FROM numbers ORDER BY number")
	if err != nil {
		b.t.Fatal(err)
	}
	defer func() { _ = rows.Close() }()
	var found []int
	for rows.Next() {
		var number int
		if err := rows.Scan(&number); err != nil {
			b.t.Fatal(err)
		}
		found = append(found, number)
	}
	if err := rows.Err(); err != nil || !slices.Equal(found, numbers) {
		b.t.Errorf("on disk %v (%v), want %v", found, err, numbers)
	}
}

func (b *bench) wantTold(got []error, want ...error) {
	b.t.Helper()
	for i := range got {
		if !errors.Is(got[i], want[i]) {
			b.t.Errorf("caller %d was told %v, want %v", i, got[i], want[i])
		}
	}
}
