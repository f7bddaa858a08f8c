package store

import (
	"context"
	"database/sql/driver"
	"reflect"
	"strings"
	"sync"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"
	"gorm.io/gorm/schema"
)

// mostHeldValues is up to how many values a statement that reads rows is kept: a booking's, not a report's.
const mostHeldValues = 16

// selection is the statement that reads the rows of a type by conditions of some form, and the fields that it fills.
type selection struct {
	statement string
	fields    []*schema.Field
}

type selectionKey struct {
	dialect string
	row     reflect.Type
	form    string
}

var selections sync.Map // of *selection, by selectionKey

// selectRows reads rows as GORM's Find does, from GORM's own knowledge of the type, with a statement that is written once for each form of conditions. It tells
// false where the conditions are of a form that is left to GORM.
func selectRows[T any](tx *Tx, conditions []Condition) (rows []T, done bool, err error) {
	form, values, ok := formOf(conditions)
	if !ok || len(values) > mostHeldValues {
		return nil, false, nil
	}
	one, err := selectionFor(tx.db, reflect.TypeFor[T](), form)
	if err != nil {
		return nil, false, err
	}
	ctx := tx.db.Statement.Context
	found, err := tx.db.Statement.ConnPool.QueryContext(ctx, one.statement, append(values, tx.actor.School)...)
	if err != nil {
		return nil, true, err
	}
	defer func() { _ = found.Close() }()
	places := make([]any, len(one.fields))
	for found.Next() {
		var row T
		if err := fill(ctx, reflect.ValueOf(&row).Elem(), one.fields, places, found.Scan); err != nil {
			return nil, true, err
		}
		rows = append(rows, row)
	}
	return rows, true, found.Err()
}

// fill scans one row into the fields. What GORM keeps in a form of its own (JSON) goes through it, everything else straight into the row.
func fill(ctx context.Context, row reflect.Value, fields []*schema.Field, places []any, scan func(...any) error) error {
	for i, field := range fields {
		if field.Serializer != nil {
			places[i] = field.NewValuePool.Get()
			continue
		}
		places[i] = field.ReflectValueOf(ctx, row).Addr().Interface()
	}
	if err := scan(places...); err != nil {
		return err
	}
	for i, field := range fields {
		if field.Serializer == nil {
			continue
		}
		if err := field.Set(ctx, row, places[i]); err != nil {
			return err
		}
		field.NewValuePool.Put(places[i])
	}
	return nil
}

// formOf gives what tells one form of conditions from another, and their values.
func formOf(conditions []Condition) (form string, values []any, ok bool) {
	var text strings.Builder
	for _, condition := range conditions {
		var of any
		switch asked := condition.expression.(type) {
		case clause.Eq:
			text.WriteString("=")
			of, values = asked.Column, append(values, asked.Value)
		case clause.Lt:
			text.WriteString("<")
			of, values = asked.Column, append(values, asked.Value)
		case clause.Gte:
			text.WriteString(">=")
			of, values = asked.Column, append(values, asked.Value)
		case clause.IN:
			text.WriteString(strings.Repeat("?", len(asked.Values)))
			of, values = asked.Column, append(values, asked.Values...)
		default:
			return "", nil, false
		}
		text.WriteString(of.(clause.Column).Name)
		text.WriteByte(' ')
	}
	for _, value := range values {
		if isNone(value) {
			return "", nil, false
		}
	}
	return text.String(), values, true
}

// isNone tells what is no value to the database, and so is asked for in other words.
func isNone(value any) bool {
	if value == nil {
		return true
	}
	if valuer, ok := value.(driver.Valuer); ok {
		given, err := valuer.Value()
		return given == nil || err != nil
	}
	kind := reflect.ValueOf(value)
	return (kind.Kind() == reflect.Slice || kind.Kind() == reflect.Pointer) && kind.IsNil()
}

func selectionFor(db *gorm.DB, row reflect.Type, form string) (*selection, error) {
	key := selectionKey{db.Name(), row, form}
	if held, ok := selections.Load(key); ok {
		return held.(*selection), nil
	}
	known, err := schema.Parse(reflect.New(row).Interface(), &schemas, db.NamingStrategy)
	if err != nil {
		return nil, err
	}
	made := &selection{}
	var names []string
	for _, name := range known.DBNames {
		made.fields, names = append(made.fields, known.FieldsByDBName[name]), append(names, db.Statement.Quote(name))
	}
	var text strings.Builder
	statement := &gorm.Statement{DB: db}
	place := func() {
		statement.Vars = append(statement.Vars, nil) // what numbers the place on PostgreSQL
		db.BindVarTo(&text, statement, nil)
	}
	text.WriteString("SELECT " + strings.Join(names, ",") + " FROM " + db.Statement.Quote(known.Table) + " WHERE ")
	for asked := range strings.FieldsSeq(form) {
		name := strings.TrimLeft(asked, "=<>?")
		how := strings.TrimSuffix(asked, name)
		text.WriteString(db.Statement.Quote(name))
		if count := strings.Count(how, "?"); count > 0 {
			text.WriteString(" IN (")
			for n := range count {
				if n > 0 {
					text.WriteByte(',')
				}
				place()
			}
			text.WriteByte(')')
		} else {
			text.WriteString(" " + how + " ")
			place()
		}
		text.WriteString(" AND ")
	}
	// The school stands in the text of every statement, whatever is asked.
	text.WriteString(db.Statement.Quote("school_id") + " = ")
	place()
	made.statement = text.String()
	selections.Store(key, made)
	return made, nil
}
