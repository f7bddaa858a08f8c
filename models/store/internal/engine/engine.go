package engine

import (
	"context"
	"fmt"
	"time"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"
	"gorm.io/gorm/logger"

	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/store/internal/memory"
)

// Manner is how a writing transaction lives beside others. On an engine with several writers school tells what it keeps others of the school from; on one with
// a single writer queue tells in which queue it waits.
type Manner struct {
	Of     models.SchoolID // zero for what belongs to no school
	School Sharing
	Queue  Queue
	Alone  aloneness
	// Committed, if not nil, is called once the work is on disk, in the order of the commits and before the caller is told. Only the engine with a single
	// writer can and does.
	Committed func()
	// Kept, if not nil, is called once the work's part of a transaction stands, before the next function of the transaction runs.
	Kept func(*memory.Shared)
}

// Sharing is what a writing transaction does with the turn of its school. The turn is no lock of a row: a row of the table of schools may be one that several
// schools share, where the database is spread over machines.
type Sharing int

const (
	// Exclusively keeps every other writer of the school away.
	Exclusively Sharing = iota
	// Shared lets others write that share too; the transaction locks the rows it depends on itself.
	Shared
)

// aloneness is why a write may not share its transaction with others; zero if it may.
type aloneness int

const (
	_ aloneness = iota
	// Lone changes how its transaction works, so it has one of its own.
	Lone
	// Bare is work on the writing connection outside any transaction.
	Bare
)

// Reading is what a reading transaction is expected to be.
type Reading int

const (
	// Lengthy may take seconds: reports, checks, exports.
	Lengthy Reading = iota
	// Brief is over in a moment: what a family looks at, and what the program asks itself for a request.
	Brief
)

// Engine is what differs between the databases. It is an interface for the two of this package, not for others.
type Engine interface {
	// Reader gives a handle for single queries outside a transaction.
	Reader() *gorm.DB
	// Read runs work in a transaction that sees one moment.
	Read(ctx context.Context, how Reading, work func(*gorm.DB) error) error
	// Write runs work in a transaction and returns once it is on disk. The work may run more than once.
	Write(ctx context.Context, how Manner, work func(*gorm.DB) error) error
	// Try runs a small write that waits for nobody longer than its context lives, for who wants to know whether writes are kept.
	Try(ctx context.Context, work func(*gorm.DB) error) error
	// LockRows makes other writers that lock the same rows wait.
	LockRows() []clause.Expression
	// InTurn makes other writers that name one of the same numbers wait. Two subjects may by chance have one number.
	InTurn(db *gorm.DB, numbers []int32) error
	// ScopedTables lists the tables with a school_id, those that refer to others before them: in that order a school's rows can be deleted.
	ScopedTables(db *gorm.DB) ([]string, error)
	// Scrub makes the bytes of deleted rows go from the database's files, waiting with the given function for who is in the way.
	Scrub(ctx context.Context, tables []string, wait func(context.Context, time.Duration) error) error
	// ScrubLog makes the bytes of a person's deleted rows go from the files that are the program's own; without a function to wait with it is tried once.
	ScrubLog(ctx context.Context, wait func(context.Context, time.Duration) error) error
	// TurnToWipe gives the turn to wipe schools, which one program on the database has at a time; nil while another has it.
	TurnToWipe(ctx context.Context) (*Turn, error)
	// Close ends all connections. Transactions under way fail.
	Close() error
}

// Options are what an engine needs of the store's Config.
type Options struct {
	// Path is the file of a SQLite database, url the address of a PostgreSQL database.
	Path, URL string
	// Readers and writers are how many connections may read and write at once, waiting how many short writes of a kind may wait for their turn.
	Readers, Writers, Waiting int
	// Committed, if not nil, is told of every transaction of group commit.
	Committed func(Group)
	// Shared are the tables that have a school's id and belong to no school.
	Shared []string
	// Now is a transaction's one timestamp.
	Now func() time.Time
}

// NewGORM opens a handle the way that all of the store's are.
func (c Options) NewGORM(dialect gorm.Dialector) (*gorm.DB, error) {
	db, err := gorm.Open(dialect, &gorm.Config{
		Logger:                 logger.Discard, // GORM's log holds values of rows
		NowFunc:                c.Now,          // fills in a CreatedAt that was left out
		SkipDefaultTransaction: true,
		AllowGlobalUpdate:      false,
	})
	if err != nil {
		return nil, fmt.Errorf("open database: %w", err)
	}
	return db, nil
}

// Queue is one of those that writes wait in; they take turns so that none starves.
type Queue int

// The queues. FamilyQueue is of somebody who waits with a telephone in hand, OtherQueue of everybody else, LongQueue of whoever writes much; Queues is how many
// there are.
const (
	FamilyQueue Queue = iota // somebody waits with a telephone in hand: bookings, log-ins
	OtherQueue
	LongQueue
	Queues
)

// Group tells of one transaction of group commit, for metrics.
type Group struct {
	// Writes is how many functions took part, Again how many of them had to run a second time.
	Writes, Again int
	// Waiting is how many were waiting when it ended.
	Waiting int
	// Refused is how many were turned away since the last group because too many waited.
	Refused int
}

// MaxReadAge bounds a reading transaction, so that no reader keeps old pages of a wiped school alive.
const MaxReadAge = 20 * time.Second

// ClosePool closes the connections behind a handle of GORM.
func ClosePool(db *gorm.DB) error {
	pool, err := db.DB()
	if err != nil {
		return err
	}
	return pool.Close()
}
