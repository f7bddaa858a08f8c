package store_test

import (
	"context"
	"database/sql"
	"reflect"
	"slices"
	"testing"

	"github.com/ouderavond/ouderavond/models/directory"
	"github.com/ouderavond/ouderavond/models/programme"
	"github.com/ouderavond/ouderavond/models/store/storetest"
)

// texts gives the first column of a query.
func texts(t *testing.T, db *sql.DB, query string, values ...any) []string {
	t.Helper()
	rows, err := db.Query(query, values...)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = rows.Close() }()
	var all []string
	for rows.Next() {
		var text string
		if err := rows.Scan(&text); err != nil {
			t.Fatal(err)
		}
		all = append(all, text)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return all
}

func TestEveryKeyAndReferenceOfAScopedTableStartsWithTheSchool(t *testing.T) {
	t.Parallel()
	for name, open := range map[string]storetest.Opener{"SQLite": storetest.NewSQLite, "PostgreSQL": storetest.NewPostgreSQL} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			db := open(t)
			describe := describeSQLite
			if db.URL != "" {
				describe = describePostgreSQL
			}
			schema := describe(t, db.Raw(t))
			tables, err := db.Store.ScopedTables(context.Background())
			if err != nil || len(tables) < 30 {
				t.Fatalf("tables %v, %v", tables, err)
			}
			for _, table := range tables {
				wantSchoolFirst(t, table, schema[table])
			}
		})
	}
}

func wantSchoolFirst(t *testing.T, name string, table *describedTable) {
	t.Helper()
	keys := append([][]string{table.primary}, table.uniques...)
	toSchools := 0
	for _, reference := range table.references {
		keys = append(keys, reference.columns)
		if reference.parent == "schools" {
			toSchools++
		}
	}
	for _, key := range keys {
		if len(key) == 0 || key[0] != "school_id" {
			t.Errorf("a key or reference of %s is %v", name, key)
		}
	}
	if toSchools != 1 {
		t.Errorf("%s refers to schools %d times", name, toSchools)
	}
}

// tablesOf gives the tables of which a snapshot is made.
func tablesOf(rows any) []string {
	var tables []string
	for i := range reflect.TypeOf(rows).NumField() {
		row := reflect.New(reflect.TypeOf(rows).Field(i).Type.Elem()).Interface()
		tables = append(tables, row.(interface{ TableName() string }).TableName())
	}
	return tables
}

// A deletion of a row of the roster that takes rows of the conferences along must make their opened copies out of date too. The store names the tables; this
// test says when the list is no longer whole.
func TestTheRosterTakesRowsOfTheProgrammeAlongFromKnownTablesOnly(t *testing.T) {
	t.Parallel()
	schema := raw(t, storetest.NewSQLite(t).Path)
	roster := tablesOf(directory.Rows{})
	var parents []string
	for _, table := range tablesOf(programme.Rows{}) {
		for _, parent := range texts(t, schema, "SELECT \"table\" FROM pragma_foreign_key_list(?) WHERE on_delete <> 'NO ACTION' AND seq = 0", table) {
			if slices.Contains(roster, parent) {
				parents = append(parents, parent)
			}
		}
	}
	slices.Sort(parents)
	if want := []string{"groups", "pupils", "staff"}; !slices.Equal(slices.Compact(parents), want) {
		t.Errorf("tables %v, the store knows %v", parents, want)
	}
	for _, table := range roster {
		for _, parent := range texts(t, schema, "SELECT \"table\" FROM pragma_foreign_key_list(?) WHERE on_delete <> 'NO ACTION' AND seq = 0", table) {
			if !slices.Contains(roster, parent) {
				t.Errorf("a deletion from %s takes rows of %s along, and the opened roster does not notice", parent, table)
			}
		}
	}
}
