package store

import (
	"fmt"
	"reflect"
	"strings"

	"github.com/ouderavond/ouderavond/models/store/internal/engine"
)

// change writes columns of a row, and tells how many rows it found. It does what GORM's Updates does for a row whose columns are named. The school is part of
// every key, and ready has refused a row of another school.
func change[T any](tx *Tx, row *T, columns []string) (int64, error) {
	one, err := tx.store.statements.get(tx.db, form{verb: updating, row: reflect.TypeFor[T](), words: strings.Join(columns, " ")}, writeUpdate)
	if err != nil {
		return 0, err
	}
	values := make([]any, len(one.fields))
	for i, field := range one.fields {
		values[i], _ = field.ValueOf(tx.db.Statement.Context, reflect.ValueOf(row).Elem())
	}
	result, err := tx.db.Statement.ConnPool.ExecContext(tx.db.Statement.Context, one.text, values...)
	if err != nil {
		return 0, engine.Translate(err)
	}
	return result.RowsAffected()
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
