package store

import (
	"fmt"
	"reflect"
	"strings"
	"sync"
	"time"

	"github.com/ouderavond/ouderavond/models"
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

// shape is where a type of row has what every write looks at. It is found out once: a booking writes some thirty rows.
type shape struct {
	school                       int // -1 for rows that belong to no school
	keys, times, pointers, lists []int
}

var shapes sync.Map // of *shape, by reflect.Type

func shapeOf(row reflect.Type) *shape {
	if held, ok := shapes.Load(row); ok {
		return held.(*shape)
	}
	made := &shape{school: -1}
	for i := range row.NumField() {
		field := row.Field(i)
		tag := field.Tag.Get("gorm")
		switch field.Type {
		case reflect.TypeFor[models.SchoolID]():
			if field.Name == "SchoolID" {
				made.school = i
			}
		case reflect.TypeFor[time.Time]():
			made.times = append(made.times, i)
		case reflect.TypeFor[*time.Time]():
			made.pointers = append(made.pointers, i)
		}
		if strings.Contains(tag, "primaryKey") {
			made.keys = append(made.keys, i)
		}
		if tag == "serializer:json" {
			made.lists = append(made.lists, i)
		}
	}
	shapes.Store(row, made)
	return made
}

// complete brings a row to the form in which it is stored.
func complete(row reflect.Value) {
	looks := shapeOf(row.Type())
	storeTimes(row, looks)
	fillLists(row, looks)
}

// storeTimes brings the times of a row to the form of stored. What a pointer leads to is left alone: the caller may still use it.
func storeTimes(row reflect.Value, looks *shape) {
	for _, i := range looks.times {
		instant := row.Field(i).Addr().Interface().(*time.Time)
		*instant = inUTC(*instant)
	}
	for _, i := range looks.pointers {
		if instant := row.Field(i).Addr().Interface().(**time.Time); *instant != nil {
			changed := inUTC(**instant)
			*instant = &changed
		}
	}
}

// keyed refuses a row that lacks a part of its key.
func keyed(row any) error {
	fields := reflect.ValueOf(row).Elem()
	for _, i := range shapeOf(fields.Type()).keys {
		if fields.Field(i).IsZero() {
			return fmt.Errorf("%T without its %s", row, fields.Type().Field(i).Name)
		}
	}
	return nil
}

// fillLists makes empty lists and maps of missing ones in columns kept as JSON: an empty list is a value, and no such column may be without one.
func fillLists(row reflect.Value, looks *shape) {
	for _, i := range looks.lists {
		field := row.Field(i)
		switch {
		case field.Kind() == reflect.Slice && field.IsNil():
			field.Set(reflect.MakeSlice(field.Type(), 0, 0))
		case field.Kind() == reflect.Map && field.IsNil():
			field.Set(reflect.MakeMap(field.Type()))
		}
	}
}
