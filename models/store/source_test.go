package store_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/ouderavond/ouderavond/models/store/storetest"
)

// forbidden are GORM's calls that the school's predicate does not reach, and why.
var forbidden = map[string]string{
	"Save":          "overwrites the row of another school: without a hit it inserts or updates by primary key",
	"Table":         "names a table past the type that carries the predicate",
	"Unscoped":      "takes clauses away",
	"Preload":       "runs a query of its own",
	"Joins":         "a text is joined as it is",
	"InnerJoins":    "a text is joined as it is",
	"Association":   "runs queries of its own",
	"FirstOrCreate": "looks first and inserts then",
	"FirstOrInit":   "looks first",
	"Raw":           "carries no predicate",
	"Exec":          "carries no predicate",
	"ExecContext":   "carries no predicate",
	"QueryContext":  "carries no predicate",
	"Pluck":         "runs on whatever model the statement has",
	"DoUpdates":     "changes the row that is there, of whichever school",
	"UpdateAll":     "overwrites the row of another school",
	"school_id":     "a row never changes its school",
}

// allowed says where a forbidden call may stand: a file, and within it a function, or * for all.
var allowed = map[string][]string{
	"schools.go *": {"Raw", "DoUpdates"},
	"erase.go *":   {"Raw", "Exec"},
	// Statements that are written once; each names the school itself, or inserts rows that do.
	"insert.go execute":       {"ExecContext"},
	"select.go selectRows":    {"QueryContext"},
	"schoolrow.go readSchool": {"QueryContext"},
	"claims.go askBusy":       {"QueryContext"},
	"concurrent.go lockRows":  {"ExecContext"},
	// The engines: what the server is asked of itself and of its schema, and the driver's own, which steer a transaction.
	"internal/sqlite/sqlite.go *":              {"Raw", "Exec"},
	"internal/sqlite/counted.go ExecContext":   {"ExecContext"},
	"internal/sqlite/counted.go QueryContext":  {"QueryContext"},
	"internal/postgres/postgres.go prepare":    {"Raw"},
	"internal/postgres/schema.go *":            {"Raw", "Exec"},
	"internal/postgres/write.go command":       {"Raw", "Exec"},
	"internal/postgres/write.go InTurn":        {"Exec"},
	"internal/postgres/write.go rollback":      {"Raw", "Exec"},
	"internal/postgres/wipes.go giveBack":      {"Exec"},
	"internal/postgres/distribute.go *":        {"Exec"}, // tables as a whole, by names from the catalogue
	"internal/engine/pipeline.go send":         {"Raw", "Exec"},
	"internal/engine/pipeline.go ExecContext":  {"ExecContext"},
	"internal/engine/pipeline.go QueryContext": {"QueryContext"},
}

func TestDangerousCallsStandInTheTwoFilesOnly(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for _, file := range sources(t, ".", "internal/engine", "internal/memory", "internal/postgres", "internal/sqlite") {
		for _, declared := range file.tree.Decls {
			function := "-"
			if one, ok := declared.(*ast.FuncDecl); ok {
				function = one.Name.Name
			}
			ast.Inspect(declared, func(node ast.Node) bool {
				name := dangerous(node)
				if _, is := forbidden[name]; !is {
					return true
				}
				if slices.Contains(allowed[file.name+" *"], name) || slices.Contains(allowed[file.name+" "+function], name) {
					seen[file.name] = true
					return true
				}
				t.Errorf("%s, %s: %s: %s", file.name, function, name, forbidden[name])
				return true
			})
		}
	}
	if !seen["erase.go"] || !seen["schools.go"] || !seen["insert.go"] {
		t.Errorf("the search found nothing where something is: %v", seen)
	}
}

// dangerous gives the name of what a node calls, sets or writes in text, if that could be forbidden.
func dangerous(node ast.Node) string {
	switch node := node.(type) {
	case *ast.CallExpr:
		if selector, ok := node.Fun.(*ast.SelectorExpr); ok {
			if len(node.Args) > 0 && strings.HasPrefix(selector.Sel.Name, "Update") {
				if text, ok := node.Args[0].(*ast.BasicLit); ok && strings.Contains(text.Value, "school_id") {
					return "school_id"
				}
			}
			return selector.Sel.Name
		}
	case *ast.KeyValueExpr:
		if name, ok := node.Key.(*ast.Ident); ok && (name.Name == "UpdateAll" || name.Name == "DoUpdates") {
			return name.Name
		}
		if text, ok := node.Key.(*ast.BasicLit); ok && strings.Trim(text.Value, "`\"") == "school_id" {
			return "school_id"
		}
	}
	return ""
}

type source struct {
	name string
	tree *ast.File
}

// sources parses the files of folders that are no tests.
func sources(t *testing.T, folders ...string) []source {
	t.Helper()
	var paths []string
	for _, folder := range folders {
		found, err := filepath.Glob(filepath.Join(folder, "*.go"))
		if err != nil || len(found) < 2 {
			t.Fatalf("%s: %d files, %v", folder, len(found), err)
		}
		paths = append(paths, found...)
	}
	var all []source
	for _, path := range paths {
		if strings.HasSuffix(path, "_test.go") {
			continue
		}
		tree, err := parser.ParseFile(token.NewFileSet(), path, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, source{filepath.ToSlash(path), tree})
	}
	if len(all) < 5 {
		t.Fatalf("only %d files in %v", len(all), folders)
	}
	return all
}

// receivers gives the types that have a method of a name.
func receivers(t *testing.T, folder, method string) []string {
	t.Helper()
	names := map[string]bool{}
	for _, file := range sources(t, folder) {
		for _, declared := range file.tree.Decls {
			if function, ok := declared.(*ast.FuncDecl); ok && function.Recv != nil && function.Name.Name == method {
				names[receiver(function)] = true
			}
		}
	}
	return slices.Sorted(maps.Keys(names))
}

func receiver(function *ast.FuncDecl) string {
	of := function.Recv.List[0].Type
	if pointer, ok := of.(*ast.StarExpr); ok {
		of = pointer.X
	}
	if name, ok := of.(*ast.Ident); ok {
		return name.Name
	}
	return ""
}

// unscopedTypes are the row types that belong to no school.
var unscopedTypes = []string{"School", "CarrierRecord", "Erasure", "Installation", "Job", "OperatorKey", "SchoolSlug"}

func TestEveryRowTypeIsInTheSample(t *testing.T) {
	t.Parallel()
	sampled := slices.Clone(unscopedTypes)
	for _, row := range storetest.NewSample("", 0).Rows {
		sampled = append(sampled, row.Type)
	}
	slices.Sort(sampled)
	if declared := receivers(t, "..", "TableName"); !slices.Equal(declared, slices.Compact(sampled)) {
		t.Errorf("types with a table: %v\nin the sample:      %v", declared, sampled)
	}
}

func TestEveryGenericFunctionIsInTheSweep(t *testing.T) {
	t.Parallel()
	var generic []string
	for _, file := range sources(t, ".") {
		for _, declared := range file.tree.Decls {
			function, ok := declared.(*ast.FuncDecl)
			if ok && function.Recv == nil && function.Name.IsExported() && takesTransaction(function) {
				generic = append(generic, function.Name.Name)
			}
		}
	}
	slices.Sort(generic)
	if swept := storetest.SweptFunctions(); !slices.Equal(generic, swept) {
		t.Errorf("exported functions of a transaction: %v\nin the sweep:                        %v", generic, swept)
	}
}

func takesTransaction(function *ast.FuncDecl) bool {
	for _, parameter := range function.Type.Params.List {
		if pointer, ok := parameter.Type.(*ast.StarExpr); ok {
			if name, ok := pointer.X.(*ast.Ident); ok && name.Name == "Tx" {
				return true
			}
		}
	}
	return false
}

// storeMethods are the exported methods of an open store, and why none of them shows a row of a school.
var storeMethods = map[string]string{
	"For":           "gives a scope, which the sweep tests",
	"Installation":  "refuses everybody but the operator and jobs, which the sweep tests",
	"SchoolBySlug":  "gives an id, which is in the address of every page",
	"Session":       "gives a session to whoever has its token, and auth tests that nobody else",
	"OperatorKey":   "gives the id of a key to whoever has the key",
	"ScopedTables":  "reads the schema",
	"Master":        "the installation's own key",
	"Now":           "the clock",
	"Ready":         "writes when it was asked, and nothing of a school",
	"RostersOpened": "a number for the whole program",
	"Close":         "reads nothing",
}

func TestEveryMethodOfTheStoreWasThoughtAbout(t *testing.T) {
	t.Parallel()
	var exported []string
	for _, file := range sources(t, ".") {
		for _, declared := range file.tree.Decls {
			function, ok := declared.(*ast.FuncDecl)
			if ok && function.Recv != nil && receiver(function) == "Store" && function.Name.IsExported() {
				exported = append(exported, function.Name.Name)
			}
		}
	}
	slices.Sort(exported)
	if known := slices.Sorted(maps.Keys(storeMethods)); !slices.Equal(exported, known) {
		t.Errorf("methods of the store: %v\nthought about:        %v", exported, known)
	}
}
