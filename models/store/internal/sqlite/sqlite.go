package sqlite

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"net/url"
	"os"
	"runtime"
	"strconv"
	"time"

	"github.com/mattn/go-sqlite3"
	"gorm.io/driver/sqlite"
	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"github.com/ouderavond/ouderavond/models/errs"
	"github.com/ouderavond/ouderavond/models/store/internal/engine"
	"github.com/ouderavond/ouderavond/models/store/migrate"
)

const (
	// busyTimeout is how long a connection waits for another program that writes; within the program the committer keeps the order.
	busyTimeout = 10 * time.Second
	// heldStatements is how many compiled statements a connection keeps.
	heldStatements = 200
	// writerCache is how much the connection that writes keeps of the file in memory, in KiB (negative says KiB, positive pages). Readers have to look
	// again after every commit, so theirs stays small.
	writerCache = "-16384"
	// checkpointAt is how long the write-ahead log grows before a commit copies it into the database, in pages of 4 KiB. A group of an opening evening writes
	// some six hundred pages, many of them the same as the group before, so SQLite's own thousand would copy after every other group.
	checkpointAt = 4000
	// roomSuffix ends the name of the file by which it is tried whether the disk has room, and roomBytes is its size: some hundred bookings.
	roomSuffix, roomBytes = "-room", 256 << 10
	// scrubPause is how long is waited between tries of emptying the write-ahead log.
	scrubPause = 50 * time.Millisecond
)

// dsn puts every pragma into the data source name: one set by a statement reaches a single connection of the pool.
func dsn(path string, more url.Values) string {
	query := url.Values{
		"_busy_timeout":    {strconv.Itoa(int(busyTimeout / time.Millisecond))},
		"_journal_mode":    {"WAL"},
		"_foreign_keys":    {"on"},
		"_synchronous":     {"FULL"},
		"_secure_delete":   {"on"},
		"_stmt_cache_size": {strconv.Itoa(heldStatements)},
		"_mutex":           {"no"}, // a connection is used by one goroutine at a time: database/sql sees to that
		"_loc":             {"UTC"},
	}
	for name, values := range more {
		query[name] = values
	}
	return "file:" + (&url.URL{Path: path}).EscapedPath() + "?" + query.Encode()
}

// sqliteConnector opens connections to a data source name, and sets what a name cannot say: in memory is kept what SQLite would put into a temporary file,
// sorted rows and for every savepoint the pages as they were before it. Those files lie outside the data folder, and writing them took a tenth of a booking.
type sqliteConnector struct{ name string }

func (c sqliteConnector) Connect(context.Context) (driver.Conn, error) {
	return c.Driver().Open(c.name)
}

func (c sqliteConnector) Driver() driver.Driver {
	return &sqlite3.SQLiteDriver{ConnectHook: func(connection *sqlite3.SQLiteConn) error {
		_, err := connection.Exec(fmt.Sprintf("PRAGMA temp_store = MEMORY; PRAGMA wal_autocheckpoint = %d", checkpointAt), nil)
		return err
	}}
}

// Engine keeps the rows in a file: one connection that writes, owned by the committer, and several that read.
type Engine struct {
	readers *gorm.DB
	writes  *committer
	path    string
	// brief has room for the brief readers at once: one more than there are processors. More threads within SQLite than that take the processor from one
	// another and from the writer, for whom everybody waits.
	brief chan struct{}
}

// Open opens the database's file, and makes it if there is none. Errors name no content.
func Open(ctx context.Context, config engine.Options) (engine.Engine, error) {
	configureSQLite()
	pool := sql.OpenDB(sqliteConnector{dsn(config.Path, url.Values{"_txlock": {"immediate"}, "_cache_size": {writerCache}})})
	writer, err := newSQLiteWriter(ctx, config, pool)
	if err != nil {
		return nil, errors.Join(err, pool.Close())
	}
	e := &Engine{path: config.Path, writes: newCommitter(writer, config.Waiting, config.Committed), brief: make(chan struct{}, min(runtime.GOMAXPROCS(0)+1, config.Readers))}
	readers := sql.OpenDB(sqliteConnector{dsn(config.Path, url.Values{"_txlock": {"deferred"}, "_query_only": {"true"}})})
	readers.SetMaxOpenConns(config.Readers)
	readers.SetMaxIdleConns(config.Readers)
	if e.readers, err = config.NewGORM(sqlite.New(sqlite.Config{Conn: readers})); err != nil {
		return nil, errors.Join(err, readers.Close(), e.Close())
	}
	return e, nil
}

// newSQLiteWriter brings the schema up to date and takes the connection that writes from then on.
func newSQLiteWriter(ctx context.Context, config engine.Options, pool *sql.DB) (*sqliteWriter, error) {
	if err := migrate.Up(ctx, migrate.SQLite, pool); err != nil {
		return nil, err
	}
	pool.SetMaxOpenConns(1)
	taken, err := pool.Conn(context.WithoutCancel(ctx))
	if err != nil {
		return nil, fmt.Errorf("open database: %w", err)
	}
	writer, err := writerOn(config, pool, taken)
	if err != nil {
		return nil, errors.Join(err, taken.Close())
	}
	return writer, nil
}

func writerOn(config engine.Options, pool *sql.DB, taken *sql.Conn) (*sqliteWriter, error) {
	counted := &countedWrites{Conn: taken}
	db, err := config.NewGORM(sqlite.New(sqlite.Config{Conn: counted}))
	return &sqliteWriter{pool, counted, db}, err
}

// Waiting returns how many writes wait for their turn.
func (e *Engine) Waiting() int { return e.writes.count() }

// Reader is a handle for single queries outside a transaction.
func (e *Engine) Reader() *gorm.DB { return e.readers }

func (e *Engine) Read(ctx context.Context, how engine.Reading, work func(*gorm.DB) error) error {
	if how == engine.Brief {
		select {
		case e.brief <- struct{}{}:
			defer func() { <-e.brief }()
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	return e.readers.WithContext(ctx).Transaction(work)
}

func (e *Engine) Write(ctx context.Context, how engine.Manner, work func(*gorm.DB) error) error {
	return e.writes.do(ctx, how, work)
}

// Try is a write as those of families are. One row may find room in files that are there, where an evening's bookings would not: so it is tried first whether
// files can grow.
func (e *Engine) Try(ctx context.Context, work func(*gorm.DB) error) error {
	file := e.path + roomSuffix
	err := os.WriteFile(file, make([]byte, roomBytes), 0o600)
	if err = errors.Join(err, os.Remove(file)); err != nil {
		return errs.Because(errs.Unavailable, errs.CodeDatabase, err)
	}
	return e.writes.do(ctx, engine.Manner{Queue: engine.FamilyQueue}, work)
}

// LockRows asks for nothing: a writing transaction has everything locked.
func (e *Engine) LockRows() []clause.Expression { return nil }

// InTurn asks for nothing: writing transactions come one after another.
func (e *Engine) InTurn(*gorm.DB, []int32) error { return nil }

// ScopedTables implements engine.Engine.
func (e *Engine) ScopedTables(db *gorm.DB) ([]string, error) {
	const scoped = "sqlite_master m JOIN pragma_table_info(m.name) c ON c.name = 'school_id'"
	var tables []string
	err := db.Session(&gorm.Session{NewDB: true}).Raw("SELECT m.name FROM " + scoped + " WHERE m.type = 'table' ORDER BY m.name").Scan(&tables).Error
	if err != nil {
		return nil, err
	}
	var references []engine.Reference
	err = db.Session(&gorm.Session{NewDB: true}).Raw(`SELECT DISTINCT m.name AS child, f."table" AS parent FROM ` + scoped +
		` JOIN pragma_foreign_key_list(m.name) f WHERE m.type = 'table' AND f."table" <> m.name`).Scan(&references).Error
	if err != nil {
		return nil, err
	}
	return engine.ChildrenFirst(tables, references)
}

// Scrub copies the write-ahead log into the database and empties it, so that nothing deleted remains in either. A reader that is still in an old moment
// makes it busy; it is tried until the readers' greatest age has passed. Other writers go on between the tries.
func (e *Engine) Scrub(ctx context.Context, _ []string, wait func(context.Context, time.Duration) error) error {
	return e.ScrubLog(ctx, wait)
}

// ScrubLog does all that Scrub does: secure_delete has overwritten what was deleted, and only the log still has it.
func (e *Engine) ScrubLog(ctx context.Context, wait func(context.Context, time.Duration) error) error {
	for range int(2*engine.MaxReadAge/scrubPause) + 1 {
		done, err := e.checkpoint(ctx)
		if err != nil || done {
			return err
		}
		if wait == nil {
			break
		}
		if err := wait(ctx, scrubPause); err != nil {
			return err
		}
	}
	return errs.New(errs.Unavailable, "readers-busy")
}

// checkpoint tries once and does not wait for readers: the writer's only connection would be held, and every booking with it.
func (e *Engine) checkpoint(ctx context.Context) (done bool, err error) {
	err = e.writes.do(ctx, engine.Manner{Queue: engine.LongQueue, Alone: engine.Bare}, func(db *gorm.DB) error {
		if err := db.Exec("PRAGMA busy_timeout = 0").Error; err != nil {
			return err
		}
		var result struct{ Busy, Log, Checkpointed int }
		failed := db.Raw("PRAGMA wal_checkpoint(TRUNCATE)").Scan(&result).Error
		again := db.Exec(fmt.Sprintf("PRAGMA busy_timeout = %d", busyTimeout/time.Millisecond)).Error
		if failed != nil && !isBusy(failed) {
			return errors.Join(failed, again)
		}
		done = failed == nil && result.Busy == 0
		return again
	})
	return done, err
}

// isBusy tells that somebody reads or writes, which passes by itself, from a disk that fails.
func isBusy(err error) bool {
	var engine sqlite3.Error
	return errors.As(err, &engine) && (engine.Code == sqlite3.ErrBusy || engine.Code == sqlite3.ErrLocked)
}

// Close implements engine.Engine.
func (e *Engine) Close() error {
	var failed error
	if e.readers != nil {
		failed = engine.ClosePool(e.readers)
	}
	return errors.Join(failed, e.writes.close())
}

// sqliteWriter is the one connection that writes. Everything on it runs without a context that can end: see committer.
type sqliteWriter struct {
	pool  *sql.DB
	taken *countedWrites
	db    *gorm.DB
}

func (w *sqliteWriter) handle() *gorm.DB { return w.db }

func (w *sqliteWriter) writes() int { return w.taken.count }

func (w *sqliteWriter) command(statement string) error {
	return w.taken.Raw(func(raw any) error {
		_, err := raw.(*sqlite3.SQLiteConn).Exec(statement, nil)
		return err
	})
}

func (w *sqliteWriter) open() (open bool, err error) {
	err = w.taken.Raw(func(raw any) error {
		open = !raw.(*sqlite3.SQLiteConn).AutoCommit()
		return nil
	})
	return open, err
}

func (w *sqliteWriter) close() error { return errors.Join(w.taken.Close(), w.pool.Close()) }

// TurnToWipe is there always: a file is open in one program only.
func (e *Engine) TurnToWipe(ctx context.Context) (*engine.Turn, error) {
	return &engine.Turn{Ctx: ctx, End: func() {}}, nil
}
