package postgres

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgconn/ctxwatch"
	"github.com/jackc/pgx/v5/pgtype"
	"github.com/jackc/pgx/v5/stdlib"
	"gorm.io/driver/postgres"
	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"github.com/ouderavond/ouderavond/models/store/internal/engine"
	"github.com/ouderavond/ouderavond/models/store/migrate"
)

const (
	// lockWait is how long a statement waits for a lock. It is short, because who waits holds a connection that other schools need: the transaction is then
	// begun again, behind those.
	lockWait = 2 * time.Second
	// longestWrite bounds one statement of a writing transaction, and how long the transaction may stand idle between two.
	longestWrite = time.Minute
	// idleConnection is how long a connection that nobody uses is kept.
	idleConnection = 5 * time.Minute
	// cancelDelay is how long the server has to stop a query whose caller has gone before the connection is given up.
	cancelDelay = 2 * time.Second
)

// always are the settings of every connection. What the address itself says comes first.
var always = map[string]string{
	"application_name":   "ouderavond",
	"timezone":           "UTC",
	"synchronous_commit": "on",
	"lock_timeout":       milliseconds(lockWait),
	// A statement that was planned while its table was small reads it from end to end until new figures are gathered: the rush of an opening is over by then.
	// Every statement has an index that begins with the school.
	"enable_seqscan": "off",
}

var ofWriters = map[string]string{
	"default_transaction_isolation":       "read committed",
	"statement_timeout":                   milliseconds(longestWrite),
	"idle_in_transaction_session_timeout": milliseconds(longestWrite),
}

var ofReaders = map[string]string{
	"default_transaction_isolation":       "repeatable read",
	"default_transaction_read_only":       "on",
	"statement_timeout":                   milliseconds(engine.MaxReadAge),
	"idle_in_transaction_session_timeout": milliseconds(engine.MaxReadAge),
}

// ofMigrations let a step take its time: it runs before anybody is served.
var ofMigrations = map[string]string{"statement_timeout": "0", "lock_timeout": "0"}

func milliseconds(span time.Duration) string { return fmt.Sprint(span.Milliseconds()) }

// Engine keeps the rows in a server's database, which several programs may use at once. Writers and readers have connections of their own, so that
// those who wait for a lock keep nobody from looking.
type Engine struct {
	writers, readers *gorm.DB
	entrances        *entrances
	url              string // for the session of who wipes
}

// Open opens a server's database.
func Open(ctx context.Context, config engine.Options) (engine.Engine, error) {
	if err := prepare(ctx, config); err != nil {
		return nil, err
	}
	if err := distributedWhole(ctx, config); err != nil {
		return nil, err
	}
	e := &Engine{entrances: newEntrances(config.Writers, config.Waiting), url: config.URL}
	var err error
	if e.writers, err = openPool(config, config.Writers, ofWriters); err != nil {
		return nil, err
	}
	if e.readers, err = openPool(config, config.Readers, ofReaders); err != nil {
		return nil, errors.Join(err, e.Close())
	}
	return e, nil
}

// openPool makes the handle of a pool; no connection is opened yet.
func openPool(c engine.Options, connections int, settings map[string]string) (*gorm.DB, error) {
	server, err := pgx.ParseConfig(c.URL)
	if err != nil {
		return nil, fmt.Errorf("address of the database: %w", err) // the driver leaves the password out
	}
	for _, values := range []map[string]string{settings, always} {
		for name, value := range values {
			if _, given := server.RuntimeParams[name]; !given {
				server.RuntimeParams[name] = value
			}
		}
	}
	// A caller who has gone costs a query, and not a connection.
	server.BuildContextWatcherHandler = func(conn *pgconn.PgConn) ctxwatch.Handler {
		return &pgconn.CancelRequestContextWatcherHandler{Conn: conn, DeadlineDelay: cancelDelay}
	}
	pool := stdlib.OpenDB(*server, stdlib.OptionAfterConnect(instantsInUTC))
	pool.SetMaxOpenConns(connections)
	pool.SetMaxIdleConns(connections)
	pool.SetConnMaxIdleTime(idleConnection)
	db, err := c.NewGORM(postgres.New(postgres.Config{Conn: pool}))
	if err != nil {
		return nil, errors.Join(err, pool.Close())
	}
	return db, nil
}

// instantsInUTC makes the driver give instants in UTC and not in the zone of the machine.
func instantsInUTC(_ context.Context, conn *pgx.Conn) error {
	conn.TypeMap().RegisterType(&pgtype.Type{Name: "timestamptz", OID: pgtype.TimestamptzOID, Codec: &pgtype.TimestamptzCodec{ScanLocation: time.UTC}})
	return nil
}

// prepare checks that the database can hold what is written, and brings its schema up to date.
func prepare(ctx context.Context, c engine.Options) (err error) {
	db, err := openPool(c, 2, ofMigrations) // one holds the lock
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, engine.ClosePool(db)) }()
	var encoding string
	if err := db.WithContext(ctx).Raw("SHOW server_encoding").Scan(&encoding).Error; err != nil {
		return fmt.Errorf("open database: %w", engine.Translate(err))
	}
	if err := RightEncoding(encoding); err != nil {
		return err
	}
	pool, err := db.DB()
	if err != nil {
		return err
	}
	return migrate.Up(ctx, migrate.PostgreSQL, pool)
}

// Reader implements engine.Engine.
func (e *Engine) Reader() *gorm.DB { return e.readers }

func (e *Engine) Read(ctx context.Context, _ engine.Reading, work func(*gorm.DB) error) error {
	return e.readers.WithContext(ctx).Transaction(work, &sql.TxOptions{Isolation: sql.LevelRepeatableRead, ReadOnly: true})
}

// Try runs the work's statements each by itself, on a connection that is given up if the server is silent: a transaction would wait for it as long as the network
// allows, and whoever tries next behind it.
func (e *Engine) Try(ctx context.Context, work func(*gorm.DB) error) error {
	return work(e.writers.WithContext(ctx))
}

// LockRows is the weakest lock that two of it exclude one another: rows may still be referred to.
func (e *Engine) LockRows() []clause.Expression {
	return []clause.Expression{clause.Locking{Strength: "NO KEY UPDATE"}}
}

// Close implements engine.Engine.
func (e *Engine) Close() error {
	var failed []error
	for _, db := range []*gorm.DB{e.readers, e.writers} {
		if db != nil {
			failed = append(failed, engine.ClosePool(db))
		}
	}
	return errors.Join(failed...)
}

// RightEncoding refuses a database that cannot hold every text.
func RightEncoding(encoding string) error {
	if encoding != "UTF8" {
		return fmt.Errorf("the database keeps text as %s; it must be made with ENCODING 'UTF8'", encoding)
	}
	return nil
}
