package store

import (
	"fmt"
	"reflect"

	"gorm.io/gorm"

	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/errs"
	"github.com/ouderavond/ouderavond/models/store/internal/engine"
)

// create inserts rows, with newOnly those whose keys are not taken, and tells how many came in. It does what GORM's Create does. The school's predicate needs no
// clause of GORM here: ready has filled in the school of every row, and refused others.
func create[T any](tx *Tx, rows []*T, newOnly bool) (int64, error) {
	of := form{verb: inserting, row: reflect.TypeFor[T](), count: len(rows)}
	if newOnly {
		of.verb = insertingNew
	}
	one, err := tx.store.statements.get(tx.db, of, writeInsertion)
	if err != nil {
		return 0, err
	}
	values := make([]any, 0, len(rows)*len(one.fields))
	for _, row := range rows {
		fields := reflect.ValueOf(row).Elem()
		for _, field := range one.fields {
			value, zero := field.ValueOf(tx.db.Statement.Context, fields)
			if zero && field.AutoCreateTime > 0 {
				value = tx.db.NowFunc()
				if err := field.Set(tx.db.Statement.Context, fields, value); err != nil {
					return 0, err
				}
			}
			values = append(values, value)
		}
	}
	result, err := tx.db.Statement.ConnPool.ExecContext(tx.db.Statement.Context, one.text, values...)
	if err != nil {
		return 0, engine.Translate(err)
	}
	return result.RowsAffected()
}

func writeInsertion(w *writer, of form) error {
	w.text("INSERT INTO ").table().text(" (").columns().text(") VALUES ")
	for _, field := range w.fields {
		if field.HasDefaultValue || !field.Creatable {
			return fmt.Errorf("%s: the column %s is filled in by the database, which this program does not use", of.row, field.DBName)
		}
	}
	for n := range of.count {
		if n > 0 {
			w.text(",")
		}
		w.text("(").places(len(w.fields)).text(")")
	}
	if of.verb == insertingNew {
		w.text(" ON CONFLICT DO NOTHING")
	}
	return nil
}

// AddExternalKey keeps the school's own key of a thing; the empty key is none. A key that another thing of the same kind has is errs.Conflict, code
// "key-taken".
func (tx *Tx) AddExternalKey(kind models.SubjectKind, key string, subject [16]byte) error {
	if key == "" {
		return nil
	}
	err := Insert(tx, &models.ExternalKey{Kind: kind, KeyIndex: tx.Index(string(kind), key), Subject: models.RowID(subject)})
	if errs.CodeOf(err) == errs.CodeExists {
		return errs.Because(errs.Conflict, errs.CodeKeyTaken, err)
	}
	return err
}

// AddToBudget adds a row's count to the row that is there with the same key, in one statement.
func (tx *Tx) AddToBudget(row *models.Budget) error {
	if err := tx.mayWrite(); err != nil {
		return err
	}
	return engine.Translate(tx.where([]Condition{Eq("name", row.Name), Eq("subject", row.Subject), Eq("window", row.Window)}).
		Model(&models.Budget{}).UpdateColumn("spent", gorm.Expr("spent + ?", row.Spent)).Error)
}
