package store_test

import (
	"context"
	"flag"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/ouderavond/ouderavond/models/kept"
	"github.com/ouderavond/ouderavond/models/store/storetest"
)

var updateKept = flag.Bool("update-kept", false, "write the list of what is kept into docs/data-model.md")

// A table that somebody adds without saying why it is there, when its rows go and what erases a person from it, is red here.
func TestEveryTableHasAPurposeAnAgeAndAnEraser(t *testing.T) {
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
			scoped, err := db.Store.ScopedTables(context.Background())
			if err != nil {
				t.Fatal(err)
			}
			for _, fault := range keptFaults(kept.Tables, schema, scoped) {
				t.Error(fault)
			}
		})
	}
}

// keptFaults compares the list with a schema.
func keptFaults(list []kept.Table, schema described, scoped []string) (faults []string) {
	say := func(format string, values ...any) { faults = append(faults, fmt.Sprintf(format, values...)) }
	listed := map[string]bool{}
	for _, table := range list {
		if listed[table.Name] {
			say("%s is listed twice", table.Name)
		}
		listed[table.Name] = true
		present := schema[table.Name]
		if present == nil {
			say("%s is listed in models/kept and not in the schema", table.Name)
			continue
		}
		if table.Purpose == "" || table.Until == "" {
			say("%s has no purpose or no age", table.Name)
		}
		if wiped := slices.Contains(scoped, table.Name) || table.Name == "schools"; wiped == (table.Outlives != "") {
			say("%s: the wipe takes its rows: %v; the list says that it outlives the school because %q", table.Name, wiped, table.Outlives)
		}
		faults = append(faults, eraserFaults(table, present)...)
	}
	for name := range schema {
		if !listed[name] {
			say("%s has no purpose, age and eraser: give it a line in models/kept/tables.go", name)
		}
	}
	return faults
}

func eraserFaults(table kept.Table, present *describedTable) []string {
	cascades := func(reference describedReference) bool {
		return reference.parent == table.With && reference.deletes == "CASCADE"
	}
	switch table.Erased {
	case kept.WithParent:
		if !slices.ContainsFunc(present.references, cascades) {
			return []string{fmt.Sprintf("%s does not go with %s: no reference cascades", table.Name, table.With)}
		}
	case kept.ByHand:
	case kept.Untouched:
		person := func(reference describedReference) bool { return slices.Contains(kept.Persons, reference.parent) }
		if slices.ContainsFunc(present.references, person) {
			return []string{fmt.Sprintf("%s refers to a person, so something must erase it", table.Name)}
		}
		if table.Why == "" {
			return []string{fmt.Sprintf("%s: why does the erasing of a person leave it?", table.Name)}
		}
	default:
		return []string{fmt.Sprintf("%s has no eraser", table.Name)}
	}
	return nil
}

// The test above must be able to fail: each omission that it is for is tried on a schema.
func TestATableWithoutPurposeAgeOrEraserIsFound(t *testing.T) {
	t.Parallel()
	db := storetest.NewSQLite(t)
	schema := describeSQLite(t, db.Raw(t))
	scoped, err := db.Store.ScopedTables(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	for name, spoil := range map[string]func(*kept.Table){
		"a table that is not listed":           func(table *kept.Table) { table.Name = "diaries" },
		"no purpose":                           func(table *kept.Table) { table.Purpose = "" },
		"no age":                               func(table *kept.Table) { table.Until = "" },
		"no eraser":                            func(table *kept.Table) { table.Erased = "" },
		"a reference that is not there":        func(table *kept.Table) { table.With = "rooms" },
		"left, though it refers to a person":   func(table *kept.Table) { table.Erased, table.Why = kept.Untouched, "no reason" },
		"said to outlive the school, does not": func(table *kept.Table) { table.Outlives = "no reason" },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			list := slices.Clone(kept.Tables)
			at := slices.IndexFunc(list, func(table kept.Table) bool { return table.Name == "contacts" })
			spoil(&list[at])
			if len(keptFaults(list, schema, scoped)) == 0 {
				t.Error("nobody notices")
			}
		})
	}
}

// The documents show the list as it is in the program: go test ./models/store -run WhatIsKept -update-kept
func TestTheDocumentsSayWhatIsKept(t *testing.T) {
	t.Parallel()
	const path, begin, end = "../../docs/data-model.md", "<!-- what is kept: written by a test -->\n", "<!-- end of what is kept -->\n"
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	before, rest, found := strings.Cut(string(text), begin)
	present, after, closed := strings.Cut(rest, end)
	if !found || !closed {
		t.Fatalf("%s has lost its marks", path)
	}
	want := "\n" + keptDocument() + "\n"
	if present == want {
		return
	}
	if !*updateKept {
		t.Fatalf("%s says something else than models/kept: run go test ./models/store -run WhatIsKept -update-kept", path)
	}
	if err := os.WriteFile(path, []byte(before+begin+want+end+after), 0o644); err != nil {
		t.Fatal(err)
	}
}

func keptDocument() string {
	var text strings.Builder
	text.WriteString("| table | what for | its rows go by themselves | when a person is erased | when the school is wiped |\n|---|---|---|---|---|\n")
	for _, table := range kept.Tables {
		erased := map[kept.Eraser]string{kept.WithParent: "go with `" + table.With + "`", kept.ByHand: "are deleted", kept.Untouched: "stay: " + table.Why}[table.Erased]
		wiped := "go"
		if table.Outlives != "" {
			wiped = "stay: " + table.Outlives
		}
		fmt.Fprintf(&text, "| `%s` | %s | %s | %s | %s |\n", table.Name, table.Purpose, table.Until, erased, wiped)
	}
	text.WriteString("\n| beside the rows | what is there | goes by itself | when a person is erased | when the school is wiped |\n|---|---|---|---|---|\n")
	for _, place := range kept.Places {
		fmt.Fprintf(&text, "| %s | %s | %s | %s | %s |\n", place.Name, place.Holds, place.Until, place.Erased, place.Wiped)
	}
	return text.String()
}

func TestEveryPlaceBesideTheRowsHasAnAgeAndAnEraser(t *testing.T) {
	t.Parallel()
	for _, place := range kept.Places {
		if place.Name == "" || place.Holds == "" || place.Until == "" || place.Erased == "" || place.Wiped == "" {
			t.Errorf("%+v", place)
		}
	}
}
