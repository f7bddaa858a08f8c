package store

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"time"

	"gorm.io/gorm"

	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/errs"
	"github.com/ouderavond/ouderavond/models/seal"
	"github.com/ouderavond/ouderavond/models/store/internal/engine"
	"github.com/ouderavond/ouderavond/models/store/internal/memory"
	"github.com/ouderavond/ouderavond/models/store/internal/postgres"
	"github.com/ouderavond/ouderavond/models/store/internal/sqlite"
)

// ErrWrongMasterKey tells that the database belongs to another master key than the one given.
var ErrWrongMasterKey = errors.New("the master key is not the one that this database was made with")

// Config says where the rows are and with what they are sealed.
type Config struct {
	// Path is the file of a SQLite database, URL the address of a PostgreSQL database (postgres://user:password@host:port/name); one of them.
	Path, URL string
	// Master is the installation's master key.
	Master *seal.Master
	// Clock gives each transaction its one timestamp.
	Clock models.Clock
	// Readers is how many connections may read at once; 0 means 8.
	Readers int
	// Writers is how many connections may write at once on PostgreSQL, beside those that read; 0 means 16.
	Writers int
	// Waiting is how many short writes of a kind may wait for their turn before others are turned away as errs.Unavailable, code "busy"; 0 means 2,000.
	Waiting int
	// Committed, if not nil, is told of every transaction of group commit.
	Committed func(Group)
	// SnapshotBytes bounds the opened rosters kept in memory; a quarter of it bounds the conferences, and another the indexes for looking families up. 0 means 64 MiB.
	SnapshotBytes int64
}

func (c *Config) complete() {
	if c.Readers == 0 {
		c.Readers = 8
	}
	if c.Writers == 0 {
		c.Writers = 16
	}
	if c.Waiting == 0 {
		c.Waiting = 2000
	}
	if c.SnapshotBytes == 0 {
		c.SnapshotBytes = 64 << 20
	}
}

// Group tells of one transaction of group commit.
type Group = engine.Group

// Store is an open database. It is safe for concurrent use.
type Store struct {
	config  Config
	engine  engine.Engine
	keys    *memory.Keyring
	rosters *memory.Snapshots
	plans   *memory.Snapshots
	lookups *memory.Snapshots
	slugs   memory.Slugs
	// statements are those that were written so far.
	statements *statements
	// recorded are the tables of which an import can be taken back.
	recorded *recordedTables
	// occupancy is nil where other programs write the database too.
	occupancy *memory.Occupancy
	// sessions is nil where other programs write the database too.
	sessions *memory.Sessions
	closed   atomic.Bool
	// written counts the writes of schools that were kept, and trying is what Ready is at.
	written atomic.Int64
	trying  atomic.Pointer[readiness]
	// wiping is held by who is in WipeAlone.
	wiping sync.Mutex
}

// Open opens the database, brings its schema up to date and ties it to the master key. It refuses a schema newer than the program and a database of
// another master key; the errors say which.
func Open(ctx context.Context, config Config) (*Store, error) {
	config.complete()
	store := &Store{
		config: config, keys: memory.NewKeyring(), statements: newStatements(), recorded: newRecordedTables(),
		rosters: memory.NewSnapshots(config.SnapshotBytes), plans: memory.NewSnapshots(config.SnapshotBytes / 4),
		lookups: memory.NewSnapshots(config.SnapshotBytes / 4),
	}
	if config.URL == "" {
		store.occupancy = memory.NewOccupancy()
		store.sessions = memory.NewSessions()
	}
	var err error
	if store.engine, err = config.engine(ctx); err != nil {
		return nil, err
	}
	if err := store.claim(ctx); err != nil {
		return nil, errors.Join(err, store.Close())
	}
	return store, nil
}

// claim ties a new database to the master key and checks that of one that is there.
func (s *Store) claim(ctx context.Context) error {
	return s.engine.Write(ctx, engine.Manner{Queue: engine.OtherQueue}, func(db *gorm.DB) error {
		var present models.Installation
		err := db.First(&present).Error
		switch {
		case errors.Is(err, gorm.ErrRecordNotFound):
			row := models.Installation{ID: 1, Fingerprint: s.config.Master.Fingerprint(), CreatedAt: s.now()}
			return db.Create(&row).Error
		case err != nil:
			return err
		case present.Fingerprint != s.config.Master.Fingerprint():
			return ErrWrongMasterKey
		}
		return nil
	})
}

func (s *Store) now() time.Time { return s.config.now() }

// Now is the clock's present instant as a transaction would take it.
func (s *Store) Now() time.Time { return s.now() }

// Master gives the installation's master key, for receipts and operator's keys.
func (s *Store) Master() *seal.Master { return s.config.Master }

// reader gives a handle for a single query outside a transaction.
func (s *Store) reader(ctx context.Context) *gorm.DB { return s.engine.Reader().WithContext(ctx) }

const (
	// readyWithin is how long Ready takes at most.
	readyWithin = 2 * time.Second
	// readyFor is how long what Ready found is told to others who ask.
	readyFor = 250 * time.Millisecond
)

// readiness is one try of Ready, which all who ask meanwhile share.
type readiness struct {
	done chan struct{}
	err  error
}

// Ready tries what is vouched for to monitors, and tells within two seconds whether it works: that the database answers and keeps what is written, which one on a
// full disk does not. Where a write of somebody else was kept meanwhile the database works, and the try only waits for its turn.
func (s *Store) Ready(ctx context.Context) error {
	if s.closed.Load() {
		return errs.New(errs.Unavailable, "closed")
	}
	before := s.written.Load()
	try := s.tryReady()
	late := time.NewTimer(readyWithin)
	defer late.Stop()
	select {
	case <-try.done:
		if errs.CodeOf(try.err) != "cancelled" {
			return try.err
		}
	case <-late.C:
		s.trying.CompareAndSwap(try, nil) // it hangs: who asks next tries anew
	case <-ctx.Done():
		return s.failure(ctx.Err())
	}
	if s.written.Load() != before {
		return nil
	}
	return errs.New(errs.Unavailable, errs.CodeDatabase)
}

// tryReady joins the try that is under way, or begins one.
func (s *Store) tryReady() *readiness {
	try := &readiness{done: make(chan struct{})}
	for !s.trying.CompareAndSwap(nil, try) {
		if present := s.trying.Load(); present != nil {
			return present
		}
	}
	go func() {
		ctx, cancel := context.WithTimeout(context.Background(), readyWithin)
		defer cancel()
		try.err = s.failure(s.engine.Try(ctx, func(db *gorm.DB) error { return note(db, models.Job{Name: "ready", NextAt: s.now()}) }))
		close(try.done)
		if try.err == nil {
			<-time.After(readyFor)
		}
		s.trying.CompareAndSwap(try, nil)
	}()
	return try
}

// Close closes all connections, after the writes that wait. Readings under way fail.
func (s *Store) Close() error {
	s.closed.Store(true)
	return s.engine.Close()
}

func (c Config) engine(ctx context.Context) (engine.Engine, error) {
	switch {
	case c.Path != "" && c.URL != "":
		return nil, errors.New("a file and a server are given: the rows can be in one of them only")
	case c.URL != "":
		return postgres.Open(ctx, c.options())
	}
	return sqlite.Open(ctx, c.options())
}

// Distribute spreads a PostgreSQL database that has Citus over its nodes by school, and tells what it does; docs/operating.md says when. It may be run again, and
// is to be after migrations that add tables. No program may run on the database meanwhile.
func Distribute(ctx context.Context, config Config, say func(format string, values ...any)) error {
	config.complete()
	return postgres.Distribute(ctx, config.options(), sharedTables, say)
}

func (c Config) options() engine.Options {
	return engine.Options{
		Path: c.Path, URL: c.URL, Readers: c.Readers, Writers: c.Writers, Waiting: c.Waiting, Committed: c.Committed, Shared: sharedTables, Now: c.now,
	}
}

// now is a transaction's one timestamp: UTC, in the microseconds that every engine keeps.
func (c Config) now() time.Time { return c.Clock.Now().UTC().Truncate(time.Microsecond) }

// failure is translate for what may have failed because the store was closed, of which the pool tells by a text only.
func (s *Store) failure(err error) error {
	err = engine.Translate(err)
	if _, known := errs.As(err); err != nil && !known && s.closed.Load() {
		return errs.Because(errs.Unavailable, "closed", err)
	}
	return err
}
