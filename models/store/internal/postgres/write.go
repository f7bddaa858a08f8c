package postgres

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"encoding/binary"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"time"

	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/stdlib"
	"gorm.io/gorm"

	"github.com/ouderavond/ouderavond/models/errs"
	"github.com/ouderavond/ouderavond/models/store/internal/engine"
)

const (
	// maxTries is how often a writing transaction is run at most: with its pauses and waits for locks some ten seconds.
	maxTries = 6
	// firstPause is how long is waited at most before the second run; each further pause is twice as long.
	firstPause = 20 * time.Millisecond
	// longestTransaction bounds a writing transaction as a whole, such as the import of a big school.
	longestTransaction = 10 * time.Minute
	// rollbackWait is how long the server has to undo a transaction before its connection is given up, which undoes it too.
	rollbackWait = 5 * time.Second
)

// again are the conditions after which a transaction is run once more: it could not be put in order with others, was in a circle of waits, or waited too long
// for a lock. Nothing of it was kept.
var again = []string{"40001", "40P01", "55P03"}

// Write runs the work in a transaction of its own. Writers of the same school stand in order before the entrance, first of this program and then, by the advisory
// lock of begin, of all programs on the database.
func (e *Engine) Write(ctx context.Context, how engine.Manner, work func(*gorm.DB) error) error {
	leave, err := e.entrances.enter(ctx, how)
	if err != nil {
		return err
	}
	defer leave()
	for try := 1; ; try++ {
		err := e.once(ctx, how, work)
		if err == nil || !runAgain(err) {
			return err
		}
		if try == maxTries {
			return atLast(err)
		}
		if err := pause(ctx, try); err != nil {
			return err
		}
	}
}

// atLast is what is told after the last try: what the work says of a race it lost, or that the database is busy.
func atLast(err error) error {
	var race engine.LostRace
	if errors.As(err, &race) {
		return race.Cause
	}
	return errs.Because(errs.Unavailable, errs.CodeBusy, err)
}

func runAgain(err error) bool {
	var server *pgconn.PgError
	var race engine.LostRace
	return errors.As(err, &race) || errors.As(err, &server) && slices.Contains(again, server.Code)
}

// pause waits before the next run: longer each time, and each writer differently, so that those who were in one another's way do not meet again.
func pause(ctx context.Context, try int) error {
	timer := time.NewTimer(rand.N(firstPause<<try) + time.Millisecond)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// once runs the work in one transaction. Once that has begun, a caller who goes does not stop it in the middle of a statement, which would cost the connection;
// it is looked at before the commit.
func (e *Engine) once(caller context.Context, how engine.Manner, work func(*gorm.DB) error) error {
	pool, err := e.writers.DB()
	if err != nil {
		return err
	}
	conn, err := pool.Conn(caller)
	if err != nil {
		return err
	}
	defer func() { _ = conn.Close() }() // gives it back to the pool
	ctx, cancel := context.WithTimeout(context.WithoutCancel(caller), longestTransaction)
	defer cancel()
	committed := false
	defer func() {
		if !committed {
			rollback(conn)
		}
	}()
	if err := command(ctx, conn, begin(how), "SELECT 1"); err != nil {
		return err
	}
	through := &engine.Pipeline{Conn: conn}
	db := e.writers.Session(&gorm.Session{NewDB: true, Context: ctx})
	db.Statement.ConnPool = through
	if err := work(db); err != nil {
		return err
	}
	if err := through.Flush(ctx); err != nil {
		return err
	}
	if err := caller.Err(); err != nil {
		return err // nobody would learn of it
	}
	if err := command(ctx, conn, "COMMIT", "COMMIT"); err != nil {
		return err
	}
	committed = true
	return nil
}

// The classes of this program's advisory locks, so that those of other programs in the same database are others.
const (
	advisory     = 0x6f756465 // of schools
	turns        = 0x6f756466 // of what InTurn names
	wipers       = 0x6f756467 // of who wipes schools
	distributors = 0x6f756468 // of who distributes the database
)

// begin gives the statements that begin a transaction: it waits in line for its school's advisory lock, shared or not; for what belongs to no school, that of
// the zero id. The rows' own locks would be enough to be right. But those who share a row's lock pass by who waits to have it alone, so that an import
// would wait for the end of a rush; before an advisory lock everybody waits in the order of arrival.
//
// Two schools whose numbers are the same only wait for one another without need.
func begin(how engine.Manner) string {
	lock := "pg_advisory_xact_lock"
	if how.School == engine.Shared {
		lock = "pg_advisory_xact_lock_shared"
	}
	// The last bytes of an id are random. Numbers, not texts of anybody: nothing to be escaped.
	return fmt.Sprintf("BEGIN; SELECT %s(%d, %d)", lock, advisory, int32(binary.BigEndian.Uint32(how.Of[12:])))
}

// InTurn takes the advisory locks of the numbers, which are in ascending order so that two writers never wait for one another.
func (e *Engine) InTurn(db *gorm.DB, numbers []int32) error {
	values := make([]any, 0, 2*len(numbers))
	for _, number := range numbers {
		values = append(values, turns, number)
	}
	one := ", pg_advisory_xact_lock(?, ?)"
	return db.Session(&gorm.Session{NewDB: true}).Exec("SELECT"+strings.Repeat(one, len(numbers))[1:], values...).Error
}

// errUndone tells that the server undid a transaction instead of committing it: a statement in it had failed, and the work went on.
var errUndone = errors.New("the transaction was rolled back at its commit")

// command runs statements that steer the transaction, in one round trip, and checks that the last of them did what it says.
func command(ctx context.Context, conn *sql.Conn, statements, done string) error {
	return conn.Raw(func(raw any) error {
		results, err := raw.(*stdlib.Conn).Conn().PgConn().Exec(ctx, statements).ReadAll()
		if err != nil {
			return err
		}
		if last := results[len(results)-1]; last.CommandTag.String() != done {
			return fmt.Errorf("%w: %s", errUndone, last.CommandTag)
		}
		return nil
	})
}

// rollback undoes what a connection has begun; one that does not answer is thrown away.
func rollback(conn *sql.Conn) {
	ctx, cancel := context.WithTimeout(context.Background(), rollbackWait)
	defer cancel()
	_ = conn.Raw(func(raw any) error {
		server := raw.(*stdlib.Conn).Conn().PgConn()
		if !server.IsClosed() && server.TxStatus() == 'I' {
			return nil
		}
		if _, err := server.Exec(ctx, "ROLLBACK").ReadAll(); err != nil {
			return driver.ErrBadConn // the pool forgets it, and the server undoes
		}
		return nil
	})
}
