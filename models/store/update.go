package store

import (
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"

	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/errs"
)

// ErrAppendOnly tells that rows of a type are added and never changed.
var ErrAppendOnly = errors.New("rows of this type are never changed")

// alteration returns the statement that writes columns of a row, with the values sealed. It does what GORM's Updates does for a row whose columns are named. The
// school is part of every key, and fit has refused a row of another school.
func alteration[T any](tx *Tx, row *T, columns []string) (text string, values []any, err error) {
	if err := scoped[T](); err != nil {
		return "", nil, err
	}
	if len(columns) == 0 {
		return "", nil, fmt.Errorf("update of %T without a column", row)
	}
	if err := tx.fit(row, columns); err != nil {
		return "", nil, err
	}
	if _, fixed := any(row).(interface{ AppendOnly() }); fixed {
		return "", nil, fmt.Errorf("%T: %w", row, ErrAppendOnly)
	}
	if err := keyed(row); err != nil {
		return "", nil, err
	}
	one, err := tx.store.statements.get(tx.db, form{verb: updating, row: reflect.TypeFor[T](), words: strings.Join(columns, " ")}, writeUpdate)
	if err != nil {
		return "", nil, err
	}
	values = make([]any, len(one.fields))
	for i, field := range one.fields {
		values[i], _ = field.ValueOf(tx.db.Statement.Context, reflect.ValueOf(row).Elem())
	}
	return one.text, values, nil
}

// alter carries out the alteration of a row; errs.NotFound if the school has no such row.
func alter[T any](tx *Tx, row *T, text string, values []any) error {
	changesSession(tx, row)
	if err := noteUpdating(tx, row); err != nil {
		return err
	}
	changed, err := tx.execute(text, values)
	if err != nil {
		return err
	}
	if changed == 0 {
		return errs.New(errs.NotFound, errs.CodeNotFound)
	}
	tx.touch(tableOf[T]())
	touchContacts(tx, []*T{row})
	return nil
}

// writeUpdate writes the statement that takes the values of the columns that its words name, then those of the key.
func writeUpdate(w *writer, of form) error {
	w.text("UPDATE ").table()
	before := " SET "
	for name := range strings.FieldsSeq(of.words) {
		field := w.field(name)
		if field == nil || field.PrimaryKey || !field.Updatable {
			return fmt.Errorf("%s has no column %s that can be written", of.row, name)
		}
		w.text(before).equals(field)
		before = ", "
	}
	before = " WHERE "
	for _, field := range w.statement.Schema.PrimaryFields {
		w.text(before).equals(field)
		before = " AND "
	}
	return nil
}

// Prepared is a write that was made ready in one transaction, usually a reading one, to be carried out in a later one of the same school: its values are sealed
// and its statement is written, so that the turn of the one writer goes to the rows alone. It runs in a writing transaction.
type Prepared func(*Tx) error

// PrepareInsert makes the insertion of rows ready, as Insert carries it out. The rows must not be changed afterwards.
func PrepareInsert[T any](tx *Tx, rows ...*T) (Prepared, error) {
	if err := scoped[T](); err != nil {
		return nil, err
	}
	var batches []Prepared
	for batch := range slices.Chunk(rows, insertBatch) {
		for _, row := range batch {
			if err := tx.fit(row, nil); err != nil {
				return nil, err
			}
		}
		noted, err := addedOf(tx, batch)
		if err != nil {
			return nil, err
		}
		text, values, err := insertion(tx, batch, inserting)
		if err != nil {
			return nil, err
		}
		batches = append(batches, tx.prepared(func(writing *Tx) error {
			if _, err := writing.execute(text, values); err != nil {
				return err
			}
			opensSessions(writing, batch)
			writing.noteAdded(tableOf[T](), noted)
			writing.touch(tableOf[T]())
			touchContacts(writing, batch)
			return nil
		}, func(writing *Tx) error { return Insert(writing, batch...) }))
	}
	return func(writing *Tx) error {
		for _, batch := range batches {
			if err := batch(writing); err != nil {
				return err
			}
		}
		return nil
	}, nil
}

// PrepareUpdate makes the change of a row's columns ready, as Update carries it out. The row must not be changed afterwards.
func PrepareUpdate[T any](tx *Tx, row *T, columns ...string) (Prepared, error) {
	text, values, err := alteration(tx, row, columns)
	if err != nil {
		return nil, err
	}
	return tx.prepared(
		func(writing *Tx) error { return alter(writing, row, text, values) }, func(writing *Tx) error { return Update(writing, row, columns...) },
	), nil
}

// prepared carries out what was sealed in this transaction in a later one. Where the school's key has been replaced meanwhile, it is all done again.
func (tx *Tx) prepared(ready, again func(*Tx) error) Prepared {
	school, key := tx.actor.School, tx.key
	return func(writing *Tx) error {
		if err := writing.mayWrite(); err != nil {
			return err
		}
		if writing.actor.School != school {
			return models.ErrOtherSchool
		}
		if writing.key != key {
			return again(writing)
		}
		return ready(writing)
	}
}
