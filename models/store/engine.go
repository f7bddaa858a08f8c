package store

import (
	"context"
	"fmt"
	"time"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"
	"gorm.io/gorm/logger"

	"github.com/ouderavond/ouderavond/models"
)

// manner is how a writing transaction lives beside others. On an engine with several writers school tells what it keeps others of the school from; on one with
// a single writer queue tells in which queue it waits.
type manner struct {
	of     models.SchoolID // zero for what belongs to no school
	school sharing
	queue  queue
	alone  aloneness
	// committed, if not nil, is called once the work is on disk, in the order of the commits and before the caller is told. Only the engine with a single
	// writer can and does.
	committed func()
	// kept, if not nil, is called once the work's part of a transaction stands, before the next function of the transaction runs.
	kept func(*sharedReads)
}

// sharing is what a writing transaction does with its school's row.
type sharing int

const (
	// exclusively keeps every other writer of the school away.
	exclusively sharing = iota
	// shared lets others write that share too; the transaction locks the rows it depends on itself.
	shared
)

// aloneness is why a write may not share its transaction with others; zero if it may.
type aloneness int

const (
	_ aloneness = iota
	// lone changes how its transaction works, so it has one of its own.
	lone
	// bare is work on the writing connection outside any transaction.
	bare
)

// mannerOf is how an ordinary write of an actor is done.
func mannerOf(actor models.Actor) manner {
	if actor.Kind == models.ActorParent {
		return manner{of: actor.School, queue: familyQueue}
	}
	return manner{of: actor.School, queue: otherQueue}
}

func besideFor(actor models.Actor) manner {
	return manner{of: actor.School, school: shared, queue: familyQueue}
}

// reading is what a reading transaction is expected to be.
type reading int

const (
	// lengthy may take seconds: reports, checks, exports.
	lengthy reading = iota
	// brief is over in a moment: what a family looks at, and what the program asks itself for a request.
	brief
)

func readingOf(actor models.Actor) reading {
	if actor.Kind == models.ActorParent || actor.Kind == models.ActorSystem {
		return brief
	}
	return lengthy
}

// engine is what differs between the databases. It is an interface for the two of this package, not for others.
type engine interface {
	// reader gives a handle for single queries outside a transaction.
	reader() *gorm.DB
	// read runs work in a transaction that sees one moment.
	read(ctx context.Context, how reading, work func(*gorm.DB) error) error
	// write runs work in a transaction and returns once it is on disk. The work may run more than once.
	write(ctx context.Context, how manner, work func(*gorm.DB) error) error
	// lockSchool makes the school's row, as it is read, keep other writers away as far as the manner asks.
	lockSchool(how manner) []clause.Expression
	// lockRows makes other writers that lock the same rows wait.
	lockRows() []clause.Expression
	// inTurn makes other writers that name one of the same numbers wait. Two subjects may by chance have one number.
	inTurn(db *gorm.DB, numbers []int32) error
	// scopedTables lists the tables with a school_id, those that refer to others before them: in that order a school's rows can be deleted.
	scopedTables(db *gorm.DB) ([]string, error)
	// scrub makes the bytes of deleted rows go from the database's files, waiting with the given function for who is in the way.
	scrub(ctx context.Context, tables []string, wait func(context.Context, time.Duration) error) error
	// turnToWipe gives the turn to wipe schools, which one program on the database has at a time; nil while another has it.
	turnToWipe(ctx context.Context) (*turn, error)
	// close ends all connections. Transactions under way fail.
	close() error
}

// options are what an engine needs of the store's Config.
type options struct {
	// path is the file of a SQLite database, url the address of a PostgreSQL database.
	path, url string
	// readers and writers are how many connections may read and write at once, waiting how many short writes of a kind may wait for their turn.
	readers, writers, waiting int
	// committed, if not nil, is told of every transaction of group commit.
	committed func(commitGroup)
	// now is a transaction's one timestamp.
	now func() time.Time
}

// newGORM opens a handle the way that all of the store's are.
func (c options) newGORM(dialect gorm.Dialector) (*gorm.DB, error) {
	db, err := gorm.Open(dialect, &gorm.Config{
		Logger:                 logger.Discard, // GORM's log holds values of rows
		NowFunc:                c.now,          // fills in a CreatedAt that was left out
		SkipDefaultTransaction: true,
		AllowGlobalUpdate:      false,
	})
	if err != nil {
		return nil, fmt.Errorf("open database: %w", err)
	}
	return db, nil
}
