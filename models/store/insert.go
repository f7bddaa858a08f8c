package store

import (
	"fmt"
	"reflect"

	"gorm.io/gorm"

	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/errs"
	"github.com/ouderavond/ouderavond/models/store/internal/engine"
)

// create inserts rows, all of them, only those whose keys are not taken, or over those whose keys are, and tells how many came in. It does what GORM's Create does. The school's predicate needs no
// clause of GORM here: ready has filled in the school of every row, and refused others.
func create[T any](tx *Tx, rows []*T, how verb) (int64, error) {
	text, values, err := insertion(tx, rows, how)
	if err != nil {
		return 0, err
	}
	return tx.execute(text, values)
}

func (tx *Tx) execute(text string, values []any) (int64, error) {
	result, err := tx.db.Statement.ConnPool.ExecContext(tx.db.Statement.Context, text, values...)
	if err != nil {
		return 0, engine.Translate(err)
	}
	return result.RowsAffected()
}

// insertion returns the statement that inserts rows, and its values.
func insertion[T any](tx *Tx, rows []*T, how verb) (text string, values []any, err error) {
	of := form{verb: how, row: reflect.TypeFor[T](), count: len(rows)}
	one, err := tx.store.statements.get(tx.db, of, writeInsertion)
	if err != nil {
		return "", nil, err
	}
	values = make([]any, 0, len(rows)*len(one.fields))
	for _, row := range rows {
		fields := reflect.ValueOf(row).Elem()
		for _, field := range one.fields {
			value, zero := field.ValueOf(tx.db.Statement.Context, fields)
			if zero && field.AutoCreateTime > 0 {
				value = tx.db.NowFunc()
				if err := field.Set(tx.db.Statement.Context, fields, value); err != nil {
					return "", nil, err
				}
			}
			values = append(values, value)
		}
	}
	return one.text, values, nil
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
	if of.verb == putting {
		writeOverwriting(w)
	}
	return nil
}

// writeOverwriting takes the new values into the row that has the key. The key begins with the school, so it is never another school's row.
func writeOverwriting(w *writer) {
	before := " ON CONFLICT ("
	for _, field := range w.statement.Schema.PrimaryFields {
		w.text(before).name(field.DBName)
		before = ","
	}
	before = ") DO UPDATE SET "
	for _, field := range w.fields {
		if !field.PrimaryKey {
			w.text(before).name(field.DBName).text(" = excluded.").name(field.DBName)
			before = ", "
		}
	}
}

// Put adds rows, or overwrites those of the school that have their keys. It is for rows that are their key: one that has an id is refused, because other rows and copies
// in memory name it.
func Put[T any](tx *Tx, rows ...*T) error {
	if _, named := reflect.TypeFor[T]().FieldByName("ID"); named {
		return fmt.Errorf("%s has an id: it is not overwritten", reflect.TypeFor[T]())
	}
	if err := readyAll(tx, rows); err != nil {
		return err
	}
	if err := noteInserting(tx, rows, true); err != nil {
		return err
	}
	_, err := create(tx, rows, putting)
	tx.touch(tableOf[T]())
	return err
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
