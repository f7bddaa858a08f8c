package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"runtime"
	"slices"
	"testing"

	"github.com/mattn/go-sqlite3"
	"gorm.io/gorm"

	"github.com/ouderavond/ouderavond/models/errs"
	"github.com/ouderavond/ouderavond/models/store/internal/engine"
)

func TestWaitingWritesShareOneFlush(t *testing.T) {
	t.Parallel()
	b := newBench(t, 100)
	commits := 0
	b.on(func(c *sqlite3.SQLiteConn) error {
		c.RegisterCommitHook(func() int { commits++; return 0 })
		return nil
	})
	told, group := b.together(call{work: inserted(1)}, call{work: inserted(2)}, call{work: inserted(3)})
	b.wantTold(told, nil, nil, nil)
	b.want(1, 2, 3)
	if commits != 1+1 || group.Writes != 3 || group.Again != 0 {
		t.Errorf("%d commits, one of them of who held the others up; group %+v", commits, group)
	}
}

func TestAFailureUndoesOnlyWhatItsOwnFunctionWrote(t *testing.T) {
	t.Parallel()
	for name, savepoints := range map[string]int{"with savepoints from the start": 1, "with savepoints for want of them": 0} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newBench(t, 100)
			b.careful = savepoints
			failed := errors.New("work failed")
			told, group := b.together(
				call{work: inserted(1)},
				call{work: func(db *gorm.DB) error { return errors.Join(inserted(2)(db), failed) }},
				call{work: func(db *gorm.DB) error { _ = inserted(3)(db); panic("work failed") }},
				call{work: func(db *gorm.DB) error { _ = inserted(4)(db); return db.Exec("INSERT INTO numbers VALUES (1)").Error }},
				call{work: func(db *gorm.DB) error { _ = inserted(5)(db); runtime.Goexit(); return nil }},
				call{work: inserted(6)},
			)
			b.wantTold(told[:3], nil, failed, errUnfinished)
			b.wantTold([]error{told[4], told[5]}, nil, nil) // a goroutine that ended is told nothing
			if errs.CodeOf(engine.Translate(told[3])) != "exists" || group.Again != 6*(1-savepoints) {
				t.Errorf("told %v, group %+v", told[3], group)
			}
			b.want(1, 6)
		})
	}
}

// What failed before it wrote, nearly always a refusal, costs its neighbours nothing.
func TestAFailureThatWroteNothingRunsNobodyAgain(t *testing.T) {
	t.Parallel()
	b := newBench(t, 100)
	refused, asked := errors.New("taken"), 0
	told, group := b.together(
		call{work: inserted(1)},
		call{work: func(db *gorm.DB) error {
			var found int64
			return errors.Join(refused, db.Table("numbers").Count(&found).Error)
		}},
		call{work: func(*gorm.DB) error { panic("work failed") }},
		call{work: func(db *gorm.DB) error { asked++; return inserted(2)(db) }},
	)
	b.wantTold(told, nil, refused, errUnfinished, nil)
	b.want(1, 2)
	if group.Again != 0 || asked != 1 {
		t.Errorf("group %+v, a neighbour ran %d times", group, asked)
	}
}

// A write may hide in a query.
func TestAFailureThatWroteByAQueryIsUndone(t *testing.T) {
	t.Parallel()
	b := newBench(t, 100)
	failed := errors.New("work failed")
	told, _ := b.together(
		call{work: inserted(1)},
		call{work: func(db *gorm.DB) error {
			var number int
			return errors.Join(db.Raw("INSERT INTO numbers VALUES (2) RETURNING number").Scan(&number).Error, failed)
		}},
	)
	b.wantTold(told, nil, failed)
	b.want(1)
}

// Who makes groups run twice is given savepoints from the start for a while, so that the work of others is not done twice again and again.
func TestAfterAGroupThatRanTwiceTheNextRunsOnce(t *testing.T) {
	t.Parallel()
	b := newBench(t, 100)
	failed := errors.New("work failed")
	half := func(number int) call {
		return call{work: func(db *gorm.DB) error { return errors.Join(inserted(number)(db), failed) }}
	}
	if _, group := b.together(half(1), call{work: inserted(2)}); group.Again != 2 {
		t.Errorf("the first: %+v", group)
	}
	if _, group := b.together(half(3), call{work: inserted(4)}); group.Again != 0 {
		t.Errorf("the next: %+v", group)
	}
	b.want(2, 4)
}

// A statement under a context that ends is interrupted, and SQLite then rolls back the whole transaction, with what the neighbours wrote: each would then
// run alone, and commit alone.
func TestACallerThatGoesDuringItsStatementTakesNoNeighbourAlong(t *testing.T) {
	t.Parallel()
	for name, savepoints := range map[string]int{"with savepoints from the start": 1, "with savepoints for want of them": 0} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newBench(t, 100)
			b.careful = savepoints
			ctx, cancel := context.WithCancel(context.Background())
			commits := 0
			b.on(func(c *sqlite3.SQLiteConn) error {
				c.RegisterCommitHook(func() int { commits++; return 0 })
				return c.RegisterFunc("caller_goes", func() int { cancel(); <-ctx.Done(); return 0 }, false)
			})
			told, _ := b.together(
				call{work: inserted(1)},
				call{ctx: ctx, work: func(db *gorm.DB) error {
					return db.WithContext(db.Statement.Context).Exec(
						"INSERT INTO numbers WITH RECURSIVE c (n) AS (SELECT 1000 + caller_goes() UNION ALL SELECT n + 1 FROM c WHERE n < 300000) SELECT n FROM c").Error
				}},
				call{work: inserted(3)},
			)
			b.wantTold(told, nil, context.Canceled, nil)
			b.want(1, 3)
			if commits != 1+1 {
				t.Errorf("the statement was interrupted: %d commits, one of them of who held the others up", commits)
			}
		})
	}
}

func TestNobodyIsToldOfATransactionThatIsGone(t *testing.T) {
	t.Parallel()
	for name, savepoints := range map[string]int{"with savepoints": 1, "without": 0} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newBench(t, 100)
			b.careful = savepoints
			runs := 0
			told, group := b.together(
				call{work: func(db *gorm.DB) error { runs++; return inserted(1)(db) }},
				call{work: func(db *gorm.DB) error { return db.Exec("ROLLBACK").Error }}, // as SQLite does by itself when a disk fails
				call{work: inserted(3)},
			)
			b.wantTold(told, nil, errTransactionLost, nil)
			b.want(1, 3)
			if runs != 2 || group.Again != 3 {
				t.Errorf("%d runs, group %+v", runs, group)
			}
		})
	}
}

func TestNobodyIsToldOfACommitThatFailed(t *testing.T) {
	t.Parallel()
	b := newBench(t, 100)
	commits := 0
	b.on(func(c *sqlite3.SQLiteConn) error {
		c.RegisterCommitHook(func() int {
			if commits++; commits == 1+1 { // the first is of who holds the others up
				return 1
			}
			return 0
		})
		return nil
	})
	refused := errors.New("refused because of what a neighbour wrote")
	told, _ := b.together(call{work: inserted(1)}, call{work: func(*gorm.DB) error { return refused }})
	for i, err := range told {
		if err == nil || errors.Is(err, refused) {
			t.Errorf("caller %d was told %v", i, err)
		}
	}
	b.want()
	if err := b.do(context.Background(), engine.Manner{}, inserted(2)); err != nil {
		t.Errorf("the next write: %v", err)
	}
	b.want(2)
}

func TestAWriteAloneWhoseCommitFailsIsTold(t *testing.T) {
	t.Parallel()
	b := newBench(t, 100)
	commits := 0
	b.on(func(c *sqlite3.SQLiteConn) error {
		c.RegisterCommitHook(func() int { commits++; return 2 - min(commits, 2) }) // the first fails
		return nil
	})
	if err := b.do(context.Background(), engine.Manner{Alone: engine.Lone}, inserted(1)); err == nil {
		t.Error("it was acknowledged")
	}
	b.want()
	b.wantTold([]error{b.do(context.Background(), engine.Manner{Alone: engine.Lone}, inserted(2))}, nil)
	b.want(2)
}

func TestAWriteAloneIsToldTheTruthToo(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		work func(*gorm.DB) error
		want error
	}{
		"of a transaction that is gone": {func(db *gorm.DB) error { return errors.Join(inserted(1)(db), db.Exec("ROLLBACK").Error) }, errTransactionLost},
		"of its own error after it":     {func(db *gorm.DB) error { return errors.Join(db.Exec("ROLLBACK").Error, sql.ErrNoRows) }, sql.ErrNoRows},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newBench(t, 100)
			b.wantTold([]error{b.do(context.Background(), engine.Manner{}, tt.work)}, tt.want)
			b.want()
			b.wantTold([]error{b.do(context.Background(), engine.Manner{}, inserted(2))}, nil)
			b.want(2)
		})
	}
}

func TestACallerThatGoesWhileItWaitsIsNotServed(t *testing.T) {
	t.Parallel()
	b := newBench(t, 100)
	release := b.hold()
	ctx, cancel := context.WithCancel(context.Background())
	told := make(chan error, 1)
	go func() { told <- b.do(ctx, engine.Manner{}, func(*gorm.DB) error { t.Error("ran"); return nil }) }()
	b.waits(1)
	cancel()
	b.wantTold([]error{<-told}, context.Canceled)
	b.waits(0)
	release()
	b.wantTold([]error{b.do(ctx, engine.Manner{}, inserted(1))}, context.Canceled)
	b.want()
}

func TestTooManyWhoWaitAreTurnedAwayAtOnce(t *testing.T) {
	t.Parallel()
	b := newBench(t, 2)
	release := b.hold()
	told := make(chan error, 2)
	for i := range 2 {
		go func() { told <- b.do(context.Background(), engine.Manner{Queue: engine.FamilyQueue}, inserted(i)) }()
		b.waits(i + 1)
	}
	err := b.do(context.Background(), engine.Manner{Queue: engine.FamilyQueue}, inserted(9))
	if errs.KindOf(err) != errs.Unavailable || errs.CodeOf(err) != "busy" {
		t.Errorf("told %v", err)
	}
	staff := make(chan error, 1)
	go func() { staff <- b.do(context.Background(), engine.Manner{Queue: engine.OtherQueue}, inserted(2)) }()
	b.waits(3) // another lane still has room
	if group := release(); group.Refused != 1 {
		t.Errorf("group %+v", group)
	}
	b.wantTold([]error{<-told, <-told, <-staff}, nil, nil, nil)
	b.want(0, 1, 2)
}

func TestLanesTakeTurns(t *testing.T) {
	t.Parallel()
	b := newBench(t, 1000)
	release := b.hold()
	var order []engine.Queue // written in the committer's order: one function runs at a time
	done := make(chan error, 1000)
	count := 0
	queue := func(in engine.Queue, jobs int) {
		for range jobs {
			go func() {
				done <- b.do(context.Background(), engine.Manner{Queue: in}, func(*gorm.DB) error { order = append(order, in); return nil })
			}()
			count++
			b.waits(count)
		}
	}
	queue(engine.LongQueue, 3)
	queue(engine.OtherQueue, 40)
	queue(engine.FamilyQueue, 100)
	release()
	for range count {
		if err := <-done; err != nil {
			t.Fatal(err)
		}
	}
	var figures []engine.Group
	for range 6 {
		figures = append(figures, <-b.groups)
	}
	sizes := []int{}
	for _, group := range figures {
		sizes = append(sizes, group.Writes)
	}
	// A group of short writes was served last, so the first long one comes first; then always one long between groups.
	if want := []int{1, 64, 1, 64, 1, 12}; !slices.Equal(sizes, want) {
		t.Errorf("groups of %v, want %v", sizes, want)
	}
	first := order[1:65]
	others := 0
	for _, in := range first {
		if in == engine.OtherQueue {
			others++
		}
	}
	if others != othersShare {
		t.Errorf("%d of the first group are no parents', want %d", others, othersShare)
	}
}

func TestClosingServesWhoWaits(t *testing.T) {
	t.Parallel()
	b := newBench(t, 100)
	release := b.hold()
	told := make(chan error, 1)
	go func() { told <- b.do(context.Background(), engine.Manner{}, inserted(1)) }()
	b.waits(1)
	closed := make(chan error, 1)
	go func() { closed <- b.close() }()
	for {
		b.mutex.Lock()
		closing := b.closed
		b.mutex.Unlock()
		if closing {
			break
		}
		runtime.Gosched()
	}
	if err := b.do(context.Background(), engine.Manner{}, inserted(2)); errs.CodeOf(err) != "closed" {
		t.Errorf("told %v", err)
	}
	release()
	b.wantTold([]error{<-told, <-closed}, nil, nil)
	b.want(1)
}
