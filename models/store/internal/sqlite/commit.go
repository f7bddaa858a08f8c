package sqlite

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"slices"
	"sync"

	"gorm.io/gorm"

	"github.com/ouderavond/ouderavond/models/errs"
	"github.com/ouderavond/ouderavond/models/store/internal/engine"
	"github.com/ouderavond/ouderavond/models/store/internal/memory"
)

const (
	// groupSize is how many write functions share a transaction at most: enough that a flush to disk costs each of them little, few enough that none waits
	// long for the others.
	groupSize = 64
	// othersShare is how many of a group are no parent's when more parents wait than a group takes.
	othersShare = 16
	// longWaiting is how many long writes may wait; each of them can take seconds.
	longWaiting = 32
	// carefulFor is how many groups have savepoints from the start after one that had to run again for want of them.
	carefulFor = 64
)

// errUnfinished stands for what a write function returns that panicked or ended its goroutine: the caller sees the panic itself.
var errUnfinished = errors.New("the write function did not return")

// pendingWrite is a write that waits for its turn.
type pendingWrite struct {
	ctx  context.Context
	how  engine.Manner
	work func(*gorm.DB) error
	// turn tells the caller's goroutine to run the work on the handle, ran what the work returned, done what became of the transaction.
	turn chan *gorm.DB
	ran  chan error
	done chan error
	// failed is what the work returned in the last run; it is told after the commit, because it may rest on what a neighbour of the same transaction wrote.
	failed error
	// ended tells that the work panicked or ended its goroutine: nobody is there to run it again.
	ended bool
}

// run runs the work in the caller's goroutine, so that a panic passes to who caused it.
func (j *pendingWrite) run(db *gorm.DB) {
	err := errUnfinished
	defer func() {
		j.ended = errors.Is(err, errUnfinished)
		j.ran <- err
	}()
	err = j.work(db)
}

// keep lets the next functions of the transaction know what this one did.
func (j *pendingWrite) keep(shared *memory.Shared) {
	if j.failed == nil && j.how.Kept != nil {
		j.how.Kept(shared)
	}
}

// tell tells the caller what became of its work.
func (j *pendingWrite) tell(err error) {
	if err == nil && j.how.Committed != nil {
		j.how.Committed()
	}
	j.done <- err
}

// committer lets waiting write functions share transactions, so that one flush to disk serves many: group commit. It owns the only connection that writes.
//
// Each function is acknowledged after the commit. Statements run under a context without the caller's cancellation: a cancelled statement makes SQLite roll
// back the whole transaction, with what the neighbours wrote. After each function the connection is asked whether the transaction is still open; if it is
// not, nobody is acknowledged and each function runs again in a transaction of its own.
//
// A function that fails has nearly always written nothing: it found a time taken and said so. So a group runs without savepoints at first, which cost a
// tenth of a booking; only if one fails that has written is the transaction rolled back, and the group runs again with a savepoint for each function.
type committer struct {
	connection connection
	limit      int
	observe    func(engine.Group)
	// careful is how many groups are still to run with savepoints from the start. It belongs to the loop.
	careful int

	mutex   sync.Mutex
	arrived *sync.Cond
	waiting [engine.Queues][]*pendingWrite
	longDue bool
	refused int
	closed  bool
	stopped chan struct{}
}

// connection is the writing connection as the committer uses it.
type connection interface {
	// handle gives the GORM handle on the connection.
	handle() *gorm.DB
	// command runs a statement that steers the transaction.
	command(statement string) error
	// open tells whether a transaction is open.
	open() (bool, error)
	// writes counts the statements that may have written something.
	writes() int
	close() error
}

func newCommitter(on connection, limit int, observe func(engine.Group)) *committer {
	c := &committer{connection: on, limit: limit, observe: observe, stopped: make(chan struct{})}
	c.arrived = sync.NewCond(&c.mutex)
	go c.loop()
	return c
}

// do queues the work and returns what became of it. A caller that goes while it waits is taken from the queue; one whose function is under way is told
// the truth.
func (c *committer) do(ctx context.Context, how engine.Manner, work func(*gorm.DB) error) error {
	j := &pendingWrite{ctx: ctx, how: how, work: work, turn: make(chan *gorm.DB), ran: make(chan error, 1), done: make(chan error, 1)}
	if err := c.queue(j); err != nil {
		return err
	}
	gone := ctx.Done()
	for {
		select {
		case <-gone:
			if c.withdraw(j) {
				return ctx.Err()
			}
			gone = nil
		case db := <-j.turn:
			j.run(db)
		case err := <-j.done:
			return err
		}
	}
}

func (c *committer) queue(j *pendingWrite) error {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	in, limit := j.how.Queue, c.limit
	if in == engine.LongQueue {
		limit = longWaiting
	}
	switch {
	case c.closed:
		return errs.Because(errs.Unavailable, "closed", sql.ErrConnDone)
	case j.ctx.Err() != nil:
		return j.ctx.Err()
	case len(c.waiting[in]) >= limit:
		c.refused++
		return errs.New(errs.Unavailable, errs.CodeBusy)
	}
	c.waiting[in] = append(c.waiting[in], j)
	c.arrived.Signal()
	return nil
}

// count is how many writes wait.
func (c *committer) count() (waiting int) {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	for _, queued := range c.waiting {
		waiting += len(queued)
	}
	return waiting
}

// withdraw takes a job from the queue; false if it is under way or done.
func (c *committer) withdraw(j *pendingWrite) bool {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	in := j.how.Queue
	at := slices.Index(c.waiting[in], j)
	if at >= 0 {
		c.waiting[in] = slices.Delete(c.waiting[in], at, at+1)
	}
	return at >= 0
}

// loop serves group after group until the committer is closed.
func (c *committer) loop() {
	defer close(c.stopped)
	for {
		group := c.next()
		if group == nil {
			return
		}
		again := c.serve(group)
		if c.observe != nil {
			c.observe(c.figures(len(group), again))
		}
	}
}

func (c *committer) figures(writes, again int) engine.Group {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	figures := engine.Group{Writes: writes, Again: again, Refused: c.refused}
	for _, jobs := range c.waiting {
		figures.Waiting += len(jobs)
	}
	c.refused = 0
	return figures
}

// next waits for work and gives the jobs of the next transaction; nil when the committer is closed. A long write goes by itself, and after it the short ones
// have their turn before the next.
func (c *committer) next() []*pendingWrite {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	for {
		families, others := len(c.waiting[engine.FamilyQueue]), len(c.waiting[engine.OtherQueue])
		switch {
		case len(c.waiting[engine.LongQueue]) > 0 && (c.longDue || families+others == 0):
			c.longDue = false
			return c.take(engine.LongQueue, 1)
		case families+others > 0:
			c.longDue = true
			ofOthers := min(others, max(othersShare, groupSize-families))
			return append(c.take(engine.FamilyQueue, min(families, groupSize-ofOthers)), c.take(engine.OtherQueue, ofOthers)...)
		case c.closed:
			return nil
		}
		c.arrived.Wait()
	}
}

func (c *committer) take(from engine.Queue, count int) []*pendingWrite {
	taken := slices.Clone(c.waiting[from][:count])
	c.waiting[from] = slices.Delete(c.waiting[from], 0, count)
	return taken
}

// serve runs a group and tells each what became of it, and how many ran a second time.
func (c *committer) serve(group []*pendingWrite) (again int) {
	if len(group) == 1 {
		group[0].tell(c.alone(group[0]))
		return 0
	}
	err := c.together(group, c.careful > 0)
	c.careful = max(c.careful-1, 0)
	if errors.Is(err, errHalfDone) {
		// Who fails so may do it again at once.
		again, c.careful = len(group), carefulFor
		err = c.together(group, true)
	}
	if errors.Is(err, errTransactionLost) {
		for _, j := range group {
			j.tell(c.alone(j))
		}
		return len(group)
	}
	for _, j := range group {
		j.tell(cmp.Or(err, j.failed))
	}
	return again
}

var (
	// errTransactionLost tells that a function left its transaction closed: SQLite rolled it back, and nothing of it is kept.
	errTransactionLost = errors.New("the transaction was rolled back by the database")
	// errHalfDone tells that a function failed after it had written, in a group without savepoints.
	errHalfDone = errors.New("the write function failed half-way")
)

// together runs a group in one transaction, with savepoints if asked, and leaves in each job what its function returned.
func (c *committer) together(group []*pendingWrite, savepoints bool) error {
	if err := c.connection.command("BEGIN IMMEDIATE"); err != nil {
		return err
	}
	within := c.trusting
	if savepoints {
		within = c.within
	}
	shared := memory.NewShared()
	for _, j := range group {
		if err := within(j, shared); err != nil {
			return errors.Join(err, c.rollback())
		}
	}
	if err := c.connection.command("COMMIT"); err != nil {
		return errors.Join(err, c.rollback())
	}
	return nil
}

// trusting runs one function of a group that is not undone by itself. It fails where the transaction did, and where the function failed half-way.
func (c *committer) trusting(j *pendingWrite, shared *memory.Shared) error {
	before := c.connection.writes()
	j.failed = c.call(j, shared)
	if open, err := c.connection.open(); err != nil || !open {
		return errors.Join(errTransactionLost, err)
	}
	if j.failed != nil && c.connection.writes() != before {
		return errHalfDone
	}
	j.keep(shared)
	return nil
}

// within runs one function of a group within a savepoint. It fails only where the transaction did.
func (c *committer) within(j *pendingWrite, shared *memory.Shared) error {
	if err := c.connection.command("SAVEPOINT work"); err != nil {
		return err
	}
	j.failed = c.call(j, shared)
	if open, err := c.connection.open(); err != nil || !open {
		return errors.Join(errTransactionLost, err)
	}
	end := "RELEASE work"
	if j.failed != nil {
		end = "ROLLBACK TO work; RELEASE work"
	}
	j.keep(shared)
	return c.connection.command(end)
}

// call has the caller's goroutine run its function.
func (c *committer) call(j *pendingWrite, shared *memory.Shared) error {
	if j.ended {
		return errUnfinished
	}
	if err := j.ctx.Err(); err != nil {
		return err
	}
	j.turn <- c.connection.handle().WithContext(memory.WithShared(context.WithoutCancel(j.ctx), shared))
	if err := <-j.ran; err != nil {
		return err
	}
	return j.ctx.Err() // who has gone is not served: nobody would learn of it
}

// alone runs a function in a transaction of its own, or outside any if it asks for that.
func (c *committer) alone(j *pendingWrite) error {
	if err := j.ctx.Err(); err != nil {
		return err
	}
	if j.how.Alone == engine.Bare {
		return c.call(j, nil)
	}
	if err := c.connection.command("BEGIN IMMEDIATE"); err != nil {
		return err
	}
	if err := c.call(j, nil); err != nil {
		return errors.Join(err, c.rollback())
	}
	if open, err := c.connection.open(); err != nil || !open {
		return errors.Join(errTransactionLost, err)
	}
	if err := c.connection.command("COMMIT"); err != nil {
		return errors.Join(err, c.rollback())
	}
	return nil
}

// rollback ends a transaction that may be ended already.
func (c *committer) rollback() error {
	if open, err := c.connection.open(); err != nil || !open {
		return err
	}
	return c.connection.command("ROLLBACK")
}

// close serves what waits, takes nothing new, and gives the connection back.
func (c *committer) close() error {
	c.mutex.Lock()
	first := !c.closed
	c.closed = true
	c.arrived.Signal()
	c.mutex.Unlock()
	<-c.stopped
	if !first {
		return nil
	}
	return c.connection.close()
}
