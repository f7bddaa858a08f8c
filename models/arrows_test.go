package models_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"go/ast"
	"go/parser"
	"go/token"
	"io"
	"io/fs"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// module is the import path before every package of the product.
const module = "github.com/ouderavond/ouderavond/"

// arrow says who may import something. Names of the product's packages are written without the module; a name that ends in /... stands for the package and
// all below it.
type arrow struct {
	what string
	by   []string
	why  string
}

var arrows = []arrow{
	{"gorm.io/...", []string{"models", "models/store/..."}, "only the store talks to the database; models carries the clauses of SchoolID"},
	{"github.com/mattn/go-sqlite3", []string{"models/store/..."}, "only the store talks to the database"},
	{"github.com/jackc/...", []string{"models/store/..."}, "only the store talks to the database"},
	{"github.com/pressly/goose/...", []string{"models/store/migrate"}, "only the store changes the schema"},
	{"database/sql", []string{"models/store/..."}, "only the store talks to the database"},
	{"github.com/labstack/echo/...", []string{"api/...", "cmd/..."}, "HTTP stands at the edge"},
	{"github.com/danielgtaylor/huma/...", []string{"api/...", "cmd/..."}, "HTTP stands at the edge"},
	{"github.com/alecthomas/kong", []string{"cmd/..."}, "only the program reads its arguments"},
	{"github.com/twilio/...", []string{"notify/sms"}, "one carrier, one package"},
	{"github.com/wneessen/go-mail/...", []string{"notify/mail"}, "one carrier, one package"},
	{"models/store", []string{"models/store/storetest", "booking", "auth", "auth/limit", "notify", "cmd/...", "api/apitest"}, "the API never sees the store, and pure packages neither"},
	{"models/store/migrate", []string{"models/store", "models/store/storetest", "cmd/...", "models/store/backup"}, "the store migrates itself; a copy is held against what the program knows"},
	{"models/store/backup", []string{"cmd/..."}, "it reads whole files, of all schools"},
	{"models/store/storetest", []string{"api/apitest"}, "it is for tests"},
	{"api/...", []string{"api/...", "cmd/..."}, "services know nothing of HTTP"},
	{"booking", []string{"api/...", "cmd/..."}, "services do not import one another"},
	{"booking/...", []string{"booking/...", "api/...", "cmd/..."}, "services do not import one another"},
	{"auth/access", []string{"auth", "booking", "api/...", "cmd/..."}, "decisions are pure, and asked where things are done"},
	{"auth/limit", []string{"auth", "booking", "cmd/..."}, "budgets are counted where something is refused"},
	{"auth", []string{"api/...", "cmd/..."}, "services do not import one another"},
	{"notify/...", []string{"notify/...", "cmd/..."}, "what is sent is known by rows, not by calls"},
	{"cmd/internal/rush", []string{"cmd/ouderavond"}, "the load tool is a part of the program"},
	{"cmd/...", nil, "the program is at the top"},
}

// pure are packages without context, clock or database: beside the standard library they import what is listed, and nothing else.
var pure = map[string][]string{
	"booking/plan":   pureImports,
	"booking/sample": pureImports,
	"auth/access":    pureImports,
	// The reader of XML files asks it for the encodings that a file may name.
	"booking/roster": append([]string{"golang.org/x/net/html/charset"}, pureImports...),
}

var pureImports = []string{
	"models", "models/civil", "models/contactpoint", "models/directory", "models/errs", "models/names", "models/programme", "golang.org/x/text/...",
	"github.com/nyaruka/phonenumbers",
}

// impure are parts of the standard library that no pure package imports.
var impure = []string{"context", "database/sql", "net", "net/http", "os", "os/exec", "log", "log/slog"}

type listed struct {
	ImportPath string
	Imports    []string
}

// packages lists the packages of the module, as the go command sees them.
func packages(t *testing.T) []listed {
	t.Helper()
	command := exec.CommandContext(t.Context(), "go", "list", "-e", "-json=ImportPath,Imports", "./...")
	command.Dir = ".."
	var complaint bytes.Buffer
	command.Stderr = &complaint
	output, err := command.Output()
	if err != nil {
		t.Fatalf("go list: %v\n%s", err, complaint.String())
	}
	var all []listed
	for decoder := json.NewDecoder(bytes.NewReader(output)); ; {
		var one listed
		err := decoder.Decode(&one)
		if errors.Is(err, io.EOF) {
			return all
		}
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, one)
	}
}

// matches tells whether a package is meant by a name that may end in /... .
func matches(pattern, name string) bool {
	if root, all := strings.CutSuffix(pattern, "/..."); all {
		return name == root || strings.HasPrefix(name, root+"/")
	}
	return name == pattern
}

func anyMatches(patterns []string, name string) bool {
	return slices.ContainsFunc(patterns, func(pattern string) bool { return matches(pattern, name) })
}

func short(path string) string { return strings.TrimPrefix(path, module) }

// wrongArrow gives why a package may not import another, or nothing. The first arrow that names what is imported decides.
func wrongArrow(from, to string) string {
	for _, rule := range arrows {
		if matches(rule.what, to) {
			if from == to || anyMatches(rule.by, from) {
				return ""
			}
			return rule.why
		}
	}
	return ""
}

func TestPackagesImportAlongTheArrowsOnly(t *testing.T) {
	t.Parallel()
	checked := 0
	for _, one := range packages(t) {
		from := short(one.ImportPath)
		for _, path := range one.Imports {
			checked++
			if why := wrongArrow(from, short(path)); why != "" {
				t.Errorf("%s imports %s: %s", from, short(path), why)
			}
			if allowed, is := pure[from]; is && !isPure(allowed, path) {
				t.Errorf("%s is pure and imports %s", from, short(path))
			}
		}
	}
	if checked < 100 {
		t.Errorf("only %d imports were found", checked)
	}
}

func isPure(allowed []string, path string) bool {
	if first, _, _ := strings.Cut(path, "/"); !strings.Contains(first, ".") {
		return !slices.Contains(impure, path)
	}
	return anyMatches(allowed, short(path))
}

// What the arrows are worth is shown by imports that nobody has.
func TestTheArrowsPointOneWay(t *testing.T) {
	t.Parallel()
	for _, wrong := range [][2]string{
		{"booking", "gorm.io/gorm"}, {"models/directory", "gorm.io/gorm/clause"}, {"auth", "github.com/labstack/echo/v4"}, {"booking", "github.com/danielgtaylor/huma/v2"},
		{"api", "models/store"}, {"api/page", "models/store"}, {"booking/plan", "models/store"}, {"auth/access", "models/store"}, {"models/directory", "models/store"},
		{"booking", "auth"}, {"booking", "notify"}, {"notify", "auth/limit"}, {"auth", "booking"}, {"auth", "booking/plan"}, {"auth", "notify"}, {"notify", "auth"},
		{"notify", "auth/access"}, {"notify", "booking"}, {"notify", "booking/roster"}, {"booking", "api"}, {"models", "api"}, {"api", "cmd/ouderavond"}, {"booking", "notify/ical"},
		{"models/store", "models/store/storetest"}, {"cmd/ouderavond", "gorm.io/gorm"}, {"cmd/ouderavond", "database/sql"}, {"notify", "github.com/twilio/twilio-go"},
	} {
		if wrongArrow(wrong[0], wrong[1]) == "" {
			t.Errorf("%s may import %s", wrong[0], wrong[1])
		}
	}
	for _, right := range [][2]string{
		{"models", "gorm.io/gorm"}, {"models/store", "gorm.io/driver/sqlite"}, {"booking", "auth/access"}, {"booking", "booking/plan"}, {"auth", "models/store"},
		{"api/page", "api"}, {"api", "booking/roster"}, {"cmd/ouderavond", "api"}, {"notify", "notify/mail"}, {"api", "github.com/labstack/echo/v4"}, {"booking", "models"},
	} {
		if why := wrongArrow(right[0], right[1]); why != "" {
			t.Errorf("%s may not import %s: %s", right[0], right[1], why)
		}
	}
	for path, want := range map[string]bool{
		"strings": true, "math/rand/v2": true, module + "models": true, "golang.org/x/text/unicode/norm": true, "context": false, "net/http": false,
		module + "models/store": false, "golang.org/x/net/html": false, "gorm.io/gorm": false, module + "booking": false,
	} {
		if isPure(pureImports, path) != want {
			t.Errorf("pure may import %s: %v", path, !want)
		}
	}
}

// clockReaders are the functions of package time that look at the machine's clock.
var clockReaders = []string{"Now", "Since", "Until"}

func TestOnlyTheProgramReadsTheClock(t *testing.T) {
	t.Parallel()
	files := 0
	err := filepath.WalkDir("..", func(path string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case entry.IsDir() && (path == filepath.Join("..", "cmd") || entry.Name() == "testdata" || len(entry.Name()) > 2 && strings.HasPrefix(entry.Name(), ".")):
			return fs.SkipDir
		case entry.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go"):
			return nil
		}
		files++
		set := token.NewFileSet()
		tree, err := parser.ParseFile(set, path, nil, 0)
		if err != nil {
			return err
		}
		for _, position := range clockReads(tree) {
			t.Errorf("%s reads the machine's clock", set.Position(position))
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if files < 50 {
		t.Errorf("only %d files were found", files)
	}
}

// clockReads gives where a file names one of the functions, called or not.
func clockReads(tree *ast.File) []token.Pos {
	name := ""
	for _, imported := range tree.Imports {
		if imported.Path.Value == `"time"` {
			name = "time"
			if imported.Name != nil {
				name = imported.Name.Name
			}
		}
	}
	var found []token.Pos
	ast.Inspect(tree, func(node ast.Node) bool {
		selector, ok := node.(*ast.SelectorExpr)
		if !ok || !slices.Contains(clockReaders, selector.Sel.Name) {
			return true
		}
		if of, ok := selector.X.(*ast.Ident); ok && name != "" && of.Name == name {
			found = append(found, selector.Pos())
		}
		return true
	})
	return found
}

func TestTheSearchForClockReadersFindsThem(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		source string
		want   int
	}{
		"a call":                {"package p\nimport \"time\"\nvar a = time.Now()", 1},
		"a value":               {"package p\nimport \"time\"\nvar a = time.Now", 1},
		"another name":          {"package p\nimport t \"time\"\nvar a = t.Since(t.Now())", 2},
		"another Now":           {"package p\nimport \"time\"\nvar a = clock.Now(); var b time.Time", 0},
		"without the package":   {"package p\nvar a = time.Now()", 0},
		"a duration and no Now": {"package p\nimport \"time\"\nvar a = time.Hour", 0},
	} {
		tree, err := parser.ParseFile(token.NewFileSet(), "p.go", tt.source, 0)
		if err != nil {
			t.Fatal(err)
		}
		if got := len(clockReads(tree)); got != tt.want {
			t.Errorf("%s: %d found", name, got)
		}
	}
}
