package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"strconv"
	"sync/atomic"
	"time"

	"gorm.io/driver/sqlite"
	"gorm.io/gorm"
	"gorm.io/gorm/logger"

	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/seal"
	"github.com/ouderavond/ouderavond/models/store/migrate"
)

// ErrWrongMasterKey tells that the database belongs to another master key than the one given.
var ErrWrongMasterKey = errors.New("the master key is not the one that this database was made with")

// Config says where the rows are and with what they are sealed.
type Config struct {
	// Path is the file of the SQLite database.
	Path string
	// Master is the installation's master key.
	Master *seal.Master
	// Clock gives each transaction its one timestamp.
	Clock models.Clock
	// Readers is how many reading connections may be open at once; 0 means 8.
	Readers int
	// SnapshotBytes bounds the opened rosters and conferences kept in memory; 0 means 128 MiB.
	SnapshotBytes int64
}

// Store is an open database. It is safe for concurrent use.
type Store struct {
	config  Config
	writer  *gorm.DB
	reader  *gorm.DB
	keys    *keyring
	rosters *snapshots
	plans   *snapshots
	closed  atomic.Bool
}

// Open opens the database, brings its schema up to date and ties it to the master key. It refuses a schema newer than the program and a database of
// another master key; the errors say which.
func Open(ctx context.Context, config Config) (*Store, error) {
	if config.Readers == 0 {
		config.Readers = 8
	}
	if config.SnapshotBytes == 0 {
		config.SnapshotBytes = 128 << 20
	}
	store := &Store{config: config, keys: newKeyring(), rosters: newSnapshots(config.SnapshotBytes), plans: newSnapshots(config.SnapshotBytes / 4)}
	var err error
	if store.writer, err = store.open(url.Values{"_txlock": {"immediate"}}, 1); err != nil {
		return nil, err
	}
	if err := store.prepare(ctx); err != nil {
		_ = store.Close()
		return nil, err
	}
	store.reader, err = store.open(url.Values{"_txlock": {"deferred"}, "_query_only": {"true"}}, config.Readers)
	if err != nil {
		_ = store.Close()
		return nil, err
	}
	return store, nil
}

// busyTimeout is how long a connection waits for another program that writes; within the program the writer's pool of one keeps the order.
const busyTimeout = 10 * time.Second

// dsn puts every pragma into the data source name: one set by a statement reaches a single connection of the pool.
func dsn(path string, more url.Values) string {
	query := url.Values{
		"_busy_timeout":  {strconv.Itoa(int(busyTimeout / time.Millisecond))},
		"_journal_mode":  {"WAL"},
		"_foreign_keys":  {"on"},
		"_synchronous":   {"FULL"},
		"_secure_delete": {"on"},
		"_loc":           {"UTC"},
	}
	for name, values := range more {
		query[name] = values
	}
	return "file:" + (&url.URL{Path: path}).EscapedPath() + "?" + query.Encode()
}

func (s *Store) open(more url.Values, connections int) (*gorm.DB, error) {
	db, err := gorm.Open(sqlite.Open(dsn(s.config.Path, more)), &gorm.Config{
		Logger:                 logger.Discard, // GORM's log holds values of rows
		NowFunc:                s.now,          // fills in a CreatedAt that was left out
		SkipDefaultTransaction: true,
		AllowGlobalUpdate:      false,
	})
	if err != nil {
		return nil, fmt.Errorf("open database: %w", err)
	}
	pool, err := db.DB()
	if err != nil {
		return nil, fmt.Errorf("open database: %w", err)
	}
	pool.SetMaxOpenConns(connections)
	pool.SetMaxIdleConns(connections)
	return db, nil
}

func (s *Store) prepare(ctx context.Context) error {
	pool, err := s.writer.DB()
	if err != nil {
		return err
	}
	if err := migrate.Up(ctx, pool); err != nil {
		return err
	}
	var present models.Installation
	err = s.writer.WithContext(ctx).First(&present).Error
	switch {
	case errors.Is(err, gorm.ErrRecordNotFound):
		row := models.Installation{ID: 1, Fingerprint: s.config.Master.Fingerprint(), CreatedAt: s.now()}
		return s.writer.WithContext(ctx).Create(&row).Error
	case err != nil:
		return err
	case present.Fingerprint != s.config.Master.Fingerprint():
		return ErrWrongMasterKey
	}
	return nil
}

// now is a transaction's one timestamp: UTC, in the microseconds that every engine keeps.
func (s *Store) now() time.Time { return s.config.Clock.Now().UTC().Truncate(time.Microsecond) }

// Now is the clock's present instant as a transaction would take it.
func (s *Store) Now() time.Time { return s.now() }

// Master gives the installation's master key, for receipts and operator's keys.
func (s *Store) Master() *seal.Master { return s.config.Master }

// Ping tells whether the database answers, for readiness.
func (s *Store) Ping(ctx context.Context) error {
	var one int
	return s.failure(s.reader.WithContext(ctx).Raw("SELECT 1").Scan(&one).Error)
}

// Close closes both pools. Transactions under way fail.
func (s *Store) Close() error {
	s.closed.Store(true)
	var failed []error
	for _, db := range []*gorm.DB{s.reader, s.writer} {
		if db == nil {
			continue
		}
		var pool *sql.DB
		pool, err := db.DB()
		if err == nil {
			err = pool.Close()
		}
		failed = append(failed, err)
	}
	return errors.Join(failed...)
}
