package store

import (
	"bytes"
	"errors"
	"reflect"
	"slices"
	"time"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"github.com/ouderavond/ouderavond/models"
)

// schoolCopy is a school's row as it came from the database, and what it was opened to. Every transaction reads the row, and nearly always it is the same.
type schoolCopy struct {
	columns []any
	school  models.School
}

// same tells whether a row that was read is the one that the copy was made of.
func (c *schoolCopy) same(columns []any) bool {
	return c != nil && slices.EqualFunc(c.columns, columns, func(a, b any) bool {
		if left, ok := a.([]byte); ok {
			right, ok := b.([]byte)
			return ok && bytes.Equal(left, right)
		}
		if left, ok := a.(time.Time); ok {
			right, ok := b.(time.Time)
			return ok && left.Equal(right)
		}
		return a == b
	})
}

// writeSchoolRow writes the statement that reads a school's row, with the lock that its words name.
func writeSchoolRow(w *writer, of form) error {
	w.text("SELECT ").columns().text(" FROM ").table().text(" WHERE ").name("id").text(" = ").places(1).text(of.words)
	return nil
}

// readSchool reads the row of the transaction's school, and opens it unless it is the one that memory has a copy of. It gives gorm.ErrRecordNotFound if there is none.
func (tx *Tx) readSchool(lock []clause.Expression) error {
	of := form{verb: readingSchool, row: reflect.TypeFor[models.School]()}
	for _, one := range lock {
		of.words += " FOR " + one.(clause.Locking).Strength
	}
	one, err := tx.store.statements.get(tx.db, of, writeSchoolRow)
	if err != nil {
		return err
	}
	ctx, id := tx.db.Statement.Context, tx.actor.School
	found, err := tx.db.Statement.ConnPool.QueryContext(ctx, one.text, id)
	if err != nil {
		return err
	}
	defer func() { _ = found.Close() }()
	if !found.Next() {
		if err := found.Err(); err != nil {
			return err
		}
		return gorm.ErrRecordNotFound
	}
	columns, places := make([]any, len(one.fields)), make([]any, len(one.fields))
	for i := range columns {
		places[i] = &columns[i]
	}
	if err := found.Scan(places...); err != nil {
		return err
	}
	if held := tx.store.keys.copyOf(id); held.same(columns) {
		*tx.school = held.school
		return errors.Join(found.Close(), tx.open())
	}
	if err := fill(ctx, reflect.ValueOf(tx.school).Elem(), one.fields, places, found.Scan); err != nil {
		return err
	}
	if err := errors.Join(found.Close(), tx.open()); err != nil {
		return err
	}
	if err := openRow(tx, tx.school, false); err != nil {
		return err
	}
	tx.store.keys.keepCopy(&schoolCopy{columns, *tx.school})
	return nil
}
