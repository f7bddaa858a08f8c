// Package task runs work for a school that takes longer than a request: it is a row, so that it survives the program, and is done by one program at a time. A
// program takes a task for a while and says how far it has come; if it is not heard of any more, another one takes the task, in a new epoch. Each write of a
// running task checks its epoch in the same transaction, so that two programs never both write.
//
// What a task does is the affair of whoever runs it. Nothing about a person stands in a task but in its sealed input.
package task

import (
	"context"
	"encoding/json"
	"errors"
	"time"

	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/store"
)

// Lease is how long a task that was taken, or written to, is left to its program.
const Lease = time.Minute

// ErrLost tells that another program has taken the task, or that it has ended: nothing was written.
var ErrLost = errors.New("the task is another program's by now")

// Add queues a task, in the caller's transaction. The input is kept sealed.
func Add(tx *store.Tx, kind models.TaskKind, input any) (models.TaskID, error) {
	text, err := json.Marshal(input)
	if err != nil {
		return models.TaskID{}, err
	}
	row := &models.Task{ID: models.New[models.TaskID](), Kind: kind, State: models.TaskWaiting, CreatedAt: tx.Now(), Input: text}
	return row.ID, store.Insert(tx, row)
}

// Running is a task that this program has taken. It is used by one goroutine at a time.
type Running struct {
	models.Task
	scope store.Scope
}

// Take takes the oldest task of a school that nobody runs; nil if there is none.
func Take(ctx context.Context, rows *store.Store, school models.SchoolID) (*Running, error) {
	scope := rows.For(models.System(school, "task"))
	waits := false
	err := scope.Read(ctx, func(tx *store.Tx) error { // mostly there is none, and nobody's turn to write is taken for that
		open, err := tx.OpenTasks(1)
		waits = len(open) > 0
		return err
	})
	if err != nil || !waits {
		return nil, err
	}
	var taken *Running
	err = scope.WriteConcurrent(ctx, func(tx *store.Tx) error {
		taken = nil
		open, err := tx.OpenTasks(1)
		if err != nil || len(open) == 0 {
			return err
		}
		one := open[0]
		epoch := one.Epoch
		one.State, one.Epoch, one.Attempt, one.LeasedUntil = models.TaskRunning, epoch+1, one.Attempt+1, new(tx.Now().Add(Lease))
		mine, err := tx.AdvanceTask(epoch, &one, "state", "epoch", "attempt", "leased_until")
		if err == nil && mine {
			taken = &Running{Task: one, scope: scope}
		}
		return err
	})
	return taken, err
}

// Write runs work in a transaction of the task's school while the task is still this program's, and keeps it for another while. ErrLost if it is not.
func (r *Running) Write(ctx context.Context, work func(*store.Tx) error) error {
	return r.write(ctx, work, func(tx *store.Tx, row *models.Task) []string {
		row.LeasedUntil = new(tx.Now().Add(Lease))
		return []string{"leased_until"}
	})
}

// Progress says that so many of so many steps are done. ErrLost if the task is not this program's any more.
func (r *Running) Progress(ctx context.Context, done, total int) error {
	return r.write(ctx, nil, func(tx *store.Tx, row *models.Task) []string {
		row.Done, row.Total, row.LeasedUntil = done, total, new(tx.Now().Add(Lease))
		return []string{"done", "total", "leased_until"}
	})
}

// Finish ends the task together with its last work, which may be nil. ErrLost if it is not this program's any more.
func (r *Running) Finish(ctx context.Context, work func(*store.Tx) error) error {
	return r.end(ctx, models.TaskDone, "", work)
}

// Fail ends the task with the stable code of what was wrong.
func (r *Running) Fail(ctx context.Context, problem string) error {
	return r.end(ctx, models.TaskFailed, problem, nil)
}

func (r *Running) end(ctx context.Context, state models.TaskState, problem string, work func(*store.Tx) error) error {
	return r.write(ctx, work, func(tx *store.Tx, row *models.Task) []string {
		row.State, row.Problem, row.LeasedUntil, row.EndedAt = state, problem, nil, new(tx.Now())
		return []string{"state", "problem", "leased_until", "ended_at"}
	})
}

// write changes the task's row and does the work in one transaction, if the row is still in this program's epoch.
func (r *Running) write(ctx context.Context, work func(*store.Tx) error, change func(*store.Tx, *models.Task) []string) error {
	var row models.Task
	err := r.scope.Write(ctx, func(tx *store.Tx) error {
		row = r.Task
		mine, err := tx.AdvanceTask(r.Epoch, &row, change(tx, &row)...)
		if err != nil {
			return err
		}
		if !mine {
			return ErrLost
		}
		if work == nil {
			return nil
		}
		return work(tx)
	})
	if err == nil {
		r.Task = row
	}
	return err
}
