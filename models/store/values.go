package store

import (
	"fmt"
	"reflect"
	"strings"
	"time"
)

// stored gives a value as a column keeps it. SQLite compares times as text, so an instant in another zone would be before or after by the look of it; and
// PostgreSQL keeps microseconds.
func stored(value any) any {
	switch instant := value.(type) {
	case time.Time:
		return inUTC(instant)
	case *time.Time:
		if instant != nil {
			return inUTC(*instant)
		}
	}
	return value
}

func inUTC(instant time.Time) time.Time { return instant.UTC().Truncate(time.Microsecond) }

// complete brings a row to the form in which it is stored.
func complete(row reflect.Value) {
	storeTimes(row)
	fillLists(row)
}

// storeTimes brings the times of a row to the form of stored. What a pointer leads to is left alone: the caller may still use it.
func storeTimes(row reflect.Value) {
	for i := range row.NumField() {
		switch instant := row.Field(i).Interface().(type) {
		case time.Time:
			row.Field(i).Set(reflect.ValueOf(inUTC(instant)))
		case *time.Time:
			if instant != nil {
				changed := inUTC(*instant)
				row.Field(i).Set(reflect.ValueOf(&changed))
			}
		}
	}
}

// keyed refuses a row that lacks a part of its key.
func keyed(row any) error {
	fields := reflect.ValueOf(row).Elem()
	for i := range fields.NumField() {
		if strings.Contains(fields.Type().Field(i).Tag.Get("gorm"), "primaryKey") && fields.Field(i).IsZero() {
			return fmt.Errorf("%T without its %s", row, fields.Type().Field(i).Name)
		}
	}
	return nil
}

// fillLists makes empty lists and maps of missing ones in columns kept as JSON: an empty list is a value, and no such column may be without one.
func fillLists(row reflect.Value) {
	for i := range row.NumField() {
		field := row.Field(i)
		if row.Type().Field(i).Tag.Get("gorm") != "serializer:json" {
			continue
		}
		switch {
		case field.Kind() == reflect.Slice && field.IsNil():
			field.Set(reflect.MakeSlice(field.Type(), 0, 0))
		case field.Kind() == reflect.Map && field.IsNil():
			field.Set(reflect.MakeMap(field.Type()))
		}
	}
}
