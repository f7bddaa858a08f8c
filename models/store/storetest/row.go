package storetest

import (
	"reflect"
	"strings"
	"unicode"

	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/seal"
	"github.com/ouderavond/ouderavond/models/store"
)

// Row is one row of any type, with the store's generic functions for its type.
type Row struct {
	// Type is the name of the Go type, and Table that of the table.
	Type, Table string
	// Value points to the row: *models.Pupil.
	Value any

	insert      func(*store.Tx) error
	insertLater func(*store.Tx) error
	insertNew   func(*store.Tx) (int, error)
	put         func(*store.Tx) error
	putLater    func(*store.Tx) error
	list        func(*store.Tx, ...store.Condition) ([]any, error)
	first       func(*store.Tx, ...store.Condition) (any, error)
	get         func(*store.Tx, any) (any, error)
	getLocked   func(*store.Tx, any) (any, error)
	opened      func(*store.Tx, ...store.Condition) ([]any, error)
	count       func(*store.Tx, ...store.Condition) (int64, error)
	remove      func(*store.Tx, ...store.Condition) (int64, error)
	update      func(*store.Tx, ...string) error
	empty       func() any

	insertPrepared func(*store.Tx) error
	updatePrepared func(*store.Tx, ...string) error
}

func rowOf[T any](value *T) Row {
	return Row{
		Type: reflect.TypeFor[T]().Name(), Table: any(value).(interface{ TableName() string }).TableName(), Value: value,
		insert:      func(tx *store.Tx) error { return store.Insert(tx, value) },
		insertLater: func(tx *store.Tx) error { return store.InsertLater(tx, value) },
		put:         func(tx *store.Tx) error { return store.Put(tx, value) },
		putLater:    func(tx *store.Tx) error { return store.PutLater(tx, value) },
		insertNew:   func(tx *store.Tx) (int, error) { return store.InsertNew(tx, value) },
		list: func(tx *store.Tx, conditions ...store.Condition) ([]any, error) {
			rows, err := store.List[T](tx, conditions...)
			return pointers(rows), err
		},
		first: func(tx *store.Tx, conditions ...store.Condition) (any, error) {
			return store.First[T](tx, conditions...)
		},
		get:       func(tx *store.Tx, id any) (any, error) { return store.Get[T](tx, id) },
		getLocked: func(tx *store.Tx, id any) (any, error) { return store.GetLocked[T](tx, id) },
		opened: func(tx *store.Tx, conditions ...store.Condition) ([]any, error) {
			rows, err := store.List[T](tx, conditions...)
			if err != nil {
				return nil, err
			}
			return pointers(rows), store.OpenGuarded(tx, rows)
		},
		count: func(tx *store.Tx, conditions ...store.Condition) (int64, error) {
			return store.Count[T](tx, conditions...)
		},
		remove: func(tx *store.Tx, conditions ...store.Condition) (int64, error) {
			return store.Delete[T](tx, conditions...)
		},
		update: func(tx *store.Tx, columns ...string) error { return store.Update(tx, value, columns...) },
		empty:  func() any { return new(T) },
		insertPrepared: func(tx *store.Tx) error {
			ready, err := store.PrepareInsert(tx, value)
			if err != nil {
				return err
			}
			return ready(tx)
		},
		updatePrepared: func(tx *store.Tx, columns ...string) error {
			ready, err := store.PrepareUpdate(tx, value, columns...)
			if err != nil {
				return err
			}
			return ready(tx)
		},
	}
}

func pointers[T any](rows []T) []any {
	all := make([]any, len(rows))
	for i := range rows {
		all[i] = &rows[i]
	}
	return all
}

// field is a stored field of a row: its column, and whether it is part of the key.
type field struct {
	name, column string
	key          bool
	value        any
}

// fields gives the stored fields of a row, without the school's id.
func fields(row any) []field {
	value := reflect.ValueOf(row).Elem()
	var all []field
	for i := range value.NumField() {
		declared := value.Type().Field(i)
		tag := declared.Tag.Get("gorm")
		if tag == "-" || declared.Name == "SchoolID" {
			continue
		}
		column, named := strings.CutPrefix(tag, "column:")
		if !named {
			column = snake(declared.Name)
		}
		all = append(all, field{declared.Name, column, strings.Contains(tag, "primaryKey"), value.Field(i).Interface()})
	}
	return all
}

// snake gives the column of a field: HouseholdID is household_id, PupilIDs is pupil_ids.
func snake(name string) string {
	var out strings.Builder
	letters := []rune(strings.ReplaceAll(name, "IDs", "Ids"))
	for i, letter := range letters {
		border := i > 0 && unicode.IsUpper(letter) && (!unicode.IsUpper(letters[i-1]) || i+1 < len(letters) && unicode.IsLower(letters[i+1]))
		if border {
			out.WriteByte('_')
		}
		out.WriteRune(unicode.ToLower(letter))
	}
	return out.String()
}

// key gives the conditions that find exactly this row within its school.
func key(row any) []store.Condition {
	var conditions []store.Condition
	for _, part := range fields(row) {
		if part.key {
			conditions = append(conditions, store.Eq(part.column, part.value))
		}
	}
	return conditions
}

// columns gives the columns of a row that are not its key.
func columns(row any) []string {
	var names []string
	for _, part := range fields(row) {
		if !part.key {
			names = append(names, part.column)
		}
	}
	return names
}

type sealedRow interface{ Sealed() []seal.Column }

// plain gives a copy of a row without its sealed bytes, which differ each time, and without the values of guarded columns unless they are wanted.
func plain(row any, guarded bool) any {
	copied := reflect.New(reflect.TypeOf(row).Elem())
	copied.Elem().Set(reflect.ValueOf(row).Elem())
	if sealed, ok := copied.Interface().(sealedRow); ok {
		for _, column := range sealed.Sealed() {
			*column.Box = seal.Box{}
			if column.Guarded && !guarded {
				reflect.ValueOf(column.Value).Elem().SetZero()
			}
		}
	}
	return copied.Interface()
}

// setSchool makes a row name a school.
func setSchool(row any, school models.SchoolID) {
	reflect.ValueOf(row).Elem().FieldByName("SchoolID").Set(reflect.ValueOf(school))
}

// updateBy updates every column of a row that can be.
func updateBy(update func(*store.Tx, ...string) error, tx *store.Tx, row Row) (any, error) {
	names := columns(row.Value)
	if len(names) == 0 {
		return "no column", nil
	}
	return nil, update(tx, names...)
}
