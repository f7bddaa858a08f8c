package store

import (
	"bytes"
	"errors"
	"reflect"
	"slices"
	"strings"
	"sync"
	"time"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"
	"gorm.io/gorm/schema"

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

// schoolQueries holds the statement that reads a school's row, by dialect and lock.
var schoolQueries sync.Map // of *selection, by selectionKey

func schoolQuery(db *gorm.DB, lock []clause.Expression) (*selection, error) {
	var strength string
	for _, one := range lock {
		strength += " FOR " + one.(clause.Locking).Strength
	}
	key := selectionKey{dialect: db.Name(), form: strength}
	if held, ok := schoolQueries.Load(key); ok {
		return held.(*selection), nil
	}
	known, err := schema.Parse(&models.School{}, &schemas, db.NamingStrategy)
	if err != nil {
		return nil, err
	}
	made := &selection{}
	var names []string
	for _, name := range known.DBNames {
		made.fields, names = append(made.fields, known.FieldsByDBName[name]), append(names, db.Statement.Quote(name))
	}
	var text strings.Builder
	text.WriteString("SELECT " + strings.Join(names, ",") + " FROM " + db.Statement.Quote(known.Table) + " WHERE " + db.Statement.Quote("id") + " = ")
	db.BindVarTo(&text, &gorm.Statement{DB: db, Vars: []any{nil}}, nil)
	made.statement = text.String() + strength
	schoolQueries.Store(key, made)
	return made, nil
}

// readSchool reads the row of the transaction's school, and opens it unless it is the one that memory has a copy of. It gives gorm.ErrRecordNotFound if there is none.
func (tx *Tx) readSchool(lock []clause.Expression) error {
	one, err := schoolQuery(tx.db, lock)
	if err != nil {
		return err
	}
	ctx, id := tx.db.Statement.Context, tx.actor.School
	found, err := tx.db.Statement.ConnPool.QueryContext(ctx, one.statement, id)
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
