package store

import (
	"fmt"
	"reflect"
	"strings"
	"sync"

	"gorm.io/gorm"
	"gorm.io/gorm/schema"
)

// alteration is the statement that writes some columns of a row, and the fields whose values it takes: those columns, then the row's key.
type alteration struct {
	statement string
	fields    []*schema.Field
}

type alterationKey struct {
	dialect string
	row     reflect.Type
	columns string
}

var alterations sync.Map // of *alteration, by alterationKey

// change writes columns of a row, and tells how many rows it found. It does what GORM's Updates does for a row whose columns are named, with a statement that is
// written once. The school is part of every key, and ready has refused a row of another school.
func change[T any](tx *Tx, row *T, columns []string) (int64, error) {
	one, err := alterationFor(tx.db, reflect.TypeFor[T](), columns)
	if err != nil {
		return 0, err
	}
	values := make([]any, len(one.fields))
	for i, field := range one.fields {
		values[i], _ = field.ValueOf(tx.db.Statement.Context, reflect.ValueOf(row).Elem())
	}
	result, err := tx.db.Statement.ConnPool.ExecContext(tx.db.Statement.Context, one.statement, values...)
	if err != nil {
		return 0, translate(err)
	}
	return result.RowsAffected()
}

func alterationFor(db *gorm.DB, row reflect.Type, columns []string) (*alteration, error) {
	key := alterationKey{db.Name(), row, strings.Join(columns, " ")}
	if held, ok := alterations.Load(key); ok {
		return held.(*alteration), nil
	}
	known, err := schema.Parse(reflect.New(row).Interface(), &schemas, db.NamingStrategy)
	if err != nil {
		return nil, err
	}
	made := &alteration{}
	var text strings.Builder
	statement := &gorm.Statement{DB: db}
	equals := func(before string, field *schema.Field) {
		text.WriteString(before + db.Statement.Quote(field.DBName) + " = ")
		statement.Vars = append(statement.Vars, nil) // what numbers the place on PostgreSQL
		db.BindVarTo(&text, statement, nil)
		made.fields = append(made.fields, field)
	}
	text.WriteString("UPDATE " + db.Statement.Quote(known.Table))
	before := " SET "
	for _, name := range columns {
		field := known.FieldsByDBName[name]
		if field == nil || field.PrimaryKey || !field.Updatable {
			return nil, fmt.Errorf("%s has no column %s that can be written", row, name)
		}
		equals(before, field)
		before = ", "
	}
	before = " WHERE "
	for _, field := range known.PrimaryFields {
		equals(before, field)
		before = " AND "
	}
	made.statement = text.String()
	alterations.Store(key, made)
	return made, nil
}
