package store

import (
	"fmt"
	"reflect"
	"strings"
	"sync"

	"gorm.io/gorm"
	"gorm.io/gorm/schema"
)

// heldInsertions is up to how many rows the statement that inserts them is kept: a booking's, not an import's.
const heldInsertions = 64

// insertion is the statement that inserts so many rows of a type, and the fields whose values it takes of each.
type insertion struct {
	statement string
	fields    []*schema.Field
}

type insertionKey struct {
	dialect string
	row     reflect.Type
	rows    int
	newOnly bool
}

var (
	insertions sync.Map // of *insertion, by insertionKey
	schemas    sync.Map // GORM's
)

// create inserts rows, with newOnly those whose keys are not taken, and tells how many came in. It does what GORM's Create does, from GORM's own knowledge of
// the type, but writes each statement once instead of anew for every booking, which took longer than to run it. The school's predicate needs no clause of
// GORM here: ready has filled in the school of every row, and refused others.
func create[T any](tx *Tx, rows []*T, newOnly bool) (int64, error) {
	one, err := insertionFor(tx.db, reflect.TypeFor[T](), len(rows), newOnly)
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
	result, err := tx.db.Statement.ConnPool.ExecContext(tx.db.Statement.Context, one.statement, values...)
	if err != nil {
		return 0, translate(err)
	}
	return result.RowsAffected()
}

func insertionFor(db *gorm.DB, row reflect.Type, rows int, newOnly bool) (*insertion, error) {
	key := insertionKey{db.Name(), row, rows, newOnly}
	if held, ok := insertions.Load(key); ok {
		return held.(*insertion), nil
	}
	made, err := newInsertion(db, row, rows, newOnly)
	if err == nil && rows <= heldInsertions {
		insertions.Store(key, made)
	}
	return made, err
}

func newInsertion(db *gorm.DB, row reflect.Type, rows int, newOnly bool) (*insertion, error) {
	known, err := schema.Parse(reflect.New(row).Interface(), &schemas, db.NamingStrategy)
	if err != nil {
		return nil, err
	}
	made := &insertion{}
	var names []string
	for _, name := range known.DBNames {
		field := known.FieldsByDBName[name]
		if field.HasDefaultValue || !field.Creatable {
			return nil, fmt.Errorf("%s: the column %s is filled in by the database, which this program does not use", row, name)
		}
		made.fields, names = append(made.fields, field), append(names, db.Statement.Quote(name))
	}
	var text strings.Builder
	fmt.Fprintf(&text, "INSERT INTO %s (%s) VALUES ", db.Statement.Quote(known.Table), strings.Join(names, ","))
	statement := &gorm.Statement{DB: db}
	for n := range rows {
		if n > 0 {
			text.WriteByte(',')
		}
		text.WriteByte('(')
		for i := range made.fields {
			if i > 0 {
				text.WriteByte(',')
			}
			statement.Vars = append(statement.Vars, nil) // what numbers the place on PostgreSQL
			db.BindVarTo(&text, statement, nil)
		}
		text.WriteByte(')')
	}
	if newOnly {
		text.WriteString(" ON CONFLICT DO NOTHING")
	}
	made.statement = text.String()
	return made, nil
}
