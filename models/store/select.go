package store

import (
	"context"
	"database/sql/driver"
	"reflect"
	"strings"

	"gorm.io/gorm/clause"
	"gorm.io/gorm/schema"
)

// maxHeldValues is up to how many values a statement that reads rows is kept: a booking's, not a report's.
const maxHeldValues = 16

// selectRows reads rows as GORM's Find does. It tells false where the conditions are of a form that is left to GORM.
func selectRows[T any](tx *Tx, conditions []Condition) (rows []T, done bool, err error) {
	words, values, ok := wordsOf(conditions)
	if !ok || len(values) > maxHeldValues {
		return nil, false, nil
	}
	one, err := tx.store.statements.get(tx.db, form{verb: selecting, row: reflect.TypeFor[T](), words: words}, writeSelection)
	if err != nil {
		return nil, false, err
	}
	ctx := tx.db.Statement.Context
	found, err := tx.db.Statement.ConnPool.QueryContext(ctx, one.text, append(values, tx.actor.School)...)
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

// wordsOf gives what tells conditions of one form from others, and their values.
func wordsOf(conditions []Condition) (words string, values []any, ok bool) {
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

// writeSelection writes the statement that takes the values of the conditions that its words name, then the school.
func writeSelection(w *writer, of form) error {
	w.text("SELECT ").columns().text(" FROM ").table().text(" WHERE ")
	for asked := range strings.FieldsSeq(of.words) {
		name := strings.TrimLeft(asked, "=<>?")
		how := strings.TrimSuffix(asked, name)
		if count := strings.Count(how, "?"); count > 0 {
			w.name(name).text(" IN (").places(count).text(")")
		} else {
			w.name(name).text(" " + how + " ").places(1)
		}
		w.text(" AND ")
	}
	// The school stands in the text of every statement, whatever is asked.
	w.name("school_id").text(" = ").places(1)
	return nil
}
