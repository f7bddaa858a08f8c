package store

import (
	"encoding/binary"
	"errors"
	"slices"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/errs"
	"github.com/ouderavond/ouderavond/models/store/internal/engine"
)

// What WriteBeside is made of: several writers of one school at the same time, where the engine can.

// errConcurrent refuses a change that every reader of the school must notice at once: it is for Write, which keeps the others away.
var errConcurrent = errors.New("the school, its roster, its contacts on file or its conferences were changed beside others")

// Lock makes other writers that lock the same rows wait until this transaction ends. They are locked in the order households, pupils, staff, each by id, so
// that two writers never wait for one another; so it is called once in a transaction, with everything. Ids may be there twice, or name nothing.
//
// It tells whether others may have written meanwhile: then what was read before is to be read again. Where one writer holds the whole database nothing is
// left to lock, and nobody has.
func (tx *Tx) Lock(households []models.HouseholdID, pupils []models.PupilID, staff []models.StaffID) (others bool, err error) {
	if err := tx.mayWrite(); err != nil {
		return false, err
	}
	how := tx.store.engine.LockRows()
	if how == nil || !tx.concurrent {
		return false, nil
	}
	if err := lockRows[models.Household](tx, how, households); err != nil {
		return false, err
	}
	if err := lockRows[models.Pupil](tx, how, pupils); err != nil {
		return false, err
	}
	if err := lockRows[models.Staff](tx, how, staff); err != nil {
		return false, err
	}
	through, ok := tx.db.Statement.ConnPool.(*engine.Pipeline)
	if !ok {
		return true, nil
	}
	return true, engine.Translate(through.Flush(tx.db.Statement.Context))
}

// lockRows asks for the rows with their lock. The answer is of no use, so the three kinds go to the server together.
func lockRows[T any, ID any](tx *Tx, how []clause.Expression, ids []ID) error {
	for batch := range slices.Chunk(ids, maxValues) {
		var locked []T
		db := tx.where([]Condition{In("id", batch)}).Clauses(how...).Order(clause.OrderByColumn{Column: column("id")}).Session(&gorm.Session{DryRun: true})
		asked := db.Select("id").Find(&locked)
		if asked.Error != nil {
			return engine.Translate(asked.Error)
		}
		err := tx.later(func() error {
			_, err := tx.db.Statement.ConnPool.ExecContext(tx.db.Statement.Context, asked.Statement.SQL.String(), asked.Statement.Vars...)
			return err
		})
		if err != nil {
			return engine.Translate(err)
		}
	}
	return nil
}

// later runs work whose statements may wait until something is asked whose answer is needed, where the engine gains by it.
func (tx *Tx) later(work func() error) error {
	if through, ok := tx.db.Statement.ConnPool.(*engine.Pipeline); ok {
		through.Later = true
		defer func() { through.Later = false }()
	}
	return work()
}

// InsertLater is Insert for who does not ask what went wrong: that may be told by a later call of the transaction or fail its commit. Where the database is
// another machine, rows of several kinds go there together.
func InsertLater[T any](tx *Tx, rows ...*T) error {
	return tx.later(func() error { return Insert(tx, rows...) })
}

// PutLater is Put in the manner of InsertLater.
func PutLater[T any](tx *Tx, rows ...*T) error {
	return tx.later(func() error { return Put(tx, rows...) })
}

// GetLocked is Get for a row that is going to be written: other writers that get it so wait until this transaction ends. It comes after Lock.
func GetLocked[T any](tx *Tx, id any) (*T, error) {
	if err := scoped[T](); err != nil {
		return nil, err
	}
	if err := tx.mayWrite(); err != nil {
		return nil, err
	}
	lock := tx.store.engine.LockRows()
	if len(lock) == 0 {
		return Get[T](tx, id)
	}
	var rows []T
	if err := tx.where([]Condition{Eq("id", id)}).Clauses(lock...).Find(&rows).Error; err != nil {
		return nil, engine.Translate(err)
	}
	if len(rows) == 0 {
		return nil, errs.New(errs.NotFound, errs.CodeNotFound)
	}
	return &rows[0], openRow(tx, &rows[0], false)
}

// InTurn makes other writers that name one of the same subjects wait until this transaction ends, for what no row stands for, such as a budget of which nothing
// is spent yet. Subjects are keyed indexes. It is called once in a transaction, before Lock, with all of them.
func (tx *Tx) InTurn(subjects ...[]byte) error {
	if err := tx.mayWrite(); err != nil {
		return err
	}
	if !tx.concurrent || len(subjects) == 0 {
		return nil
	}
	numbers := make([]int32, len(subjects))
	for i, subject := range subjects {
		if len(subject) < 4 {
			return errors.New("the subject of a turn is no index")
		}
		numbers[i] = int32(binary.BigEndian.Uint32(subject))
	}
	slices.Sort(numbers)
	return engine.Translate(tx.store.engine.InTurn(tx.db, slices.Compact(numbers)))
}

// Again is what a write function returns when somebody who writes beside it was quicker: everything is undone and the function runs once more, and sees what
// that one wrote. After some tries in vain the error itself is returned. Where writers come one after another nobody is quicker, and it is returned at once.
func Again(err error) error { return engine.LostRace{Cause: err} }
