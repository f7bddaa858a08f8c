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
	{"models/store", []string{"models/store/storetest", "models/budget", "models/eraser", "models/outbox", "models/task", "booking", "booking/appointment", "booking/availability", "booking/byhand", "booking/conference",
		"booking/erasure", "booking/evening", "booking/family", "booking/household", "booking/imports", "booking/internal/...", "booking/mapping", "booking/messages", "booking/office", "booking/people", "booking/policy", "booking/school", "booking/teaching", "booking/undo",
		"auth", "auth/account", "auth/credential", "auth/key", "auth/parent", "auth/reading", "auth/session", "auth/staff", "notify", "cmd/...", "api/apitest"}, "the API never sees the store, and pure packages neither"},
	{"models/store/internal/engine", []string{"models/store", "models/store/internal/..."}, "engines are the store's affair"},
	{"models/store/internal/memory", []string{"models/store", "models/store/internal/..."}, "engines are the store's affair"},
	{"models/store/internal/...", []string{"models/store"}, "the two engines do not know one another"},
	{"models/store/migrate", []string{"models/store", "models/store/internal/...", "models/store/storetest", "cmd/...", "models/store/backup"}, "the store migrates itself; a copy is held against what the program knows"},
	{"models/store/backup", []string{"cmd/..."}, "it reads whole files, of all schools"},
	{"models/store/storetest", []string{"api/apitest", "booking/internal/...", "auth/internal/..."}, "it is for tests"},
	{"api/page/pagetest", []string{}, "it is for tests"},
	{"models/lookup", []string{"models/store", "booking/office"}, "who finds families shows no more of them than the office may see"},
	{"models/budget", []string{"auth/parent", "auth/staff", "booking/appointment", "cmd/..."}, "budgets are counted where something is refused"},
	{"models/task", []string{"booking/...", "cmd/..."}, "tasks are run where their work lives"},
	{"models/eraser", []string{"booking/appointment", "booking/erasure", "booking/household", "booking/imports", "booking/people", "booking/school", "booking/undo"}, "rows of a person are deleted where the person is"},
	{"models/outbox", []string{"auth/account", "auth/parent", "auth/session", "booking/appointment", "booking/imports", "booking/messages", "booking/school", "booking/undo"}, "messages are queued by what they tell of"},

	// Rooms of one folder.
	{"booking/rules", []string{"booking/...", "api/...", "cmd/..."}, "services do not import one another"},
	{"booking/appointment", []string{"booking", "booking/family", "booking/household", "booking/messages", "booking/people", "booking/undo", "api/..."},
		"rules <- appointment <- family <- evening; talks follow children to other households"},
	{"booking/family", []string{"booking", "booking/evening", "booking/office", "api/..."}, "rules <- appointment <- family <- evening, office"},
	{"booking/conference", []string{"booking", "booking/availability", "booking/office", "api/...", "cmd/..."}, "availability is a conference's, and so is who has booked in it"},
	{"booking/messages", []string{"booking", "booking/office", "api/..."}, "what was sent to a family is part of its page"},
	{"booking/policy", []string{"booking/conference", "booking/imports", "booking/people", "booking/school", "api/..."}, "a policy to come is settled by whoever changes a school or its roster, and shown before opening"},
	{"booking/people", []string{"booking", "booking/imports", "booking/undo", "api/...", "cmd/..."}, "people <- imports, undo: what an import did is taken back by the same rules"},
	{"booking/household", []string{"booking", "booking/people", "booking/undo", "booking/erasure", "api/...", "cmd/..."}, "people <- households"},
	{"booking/plan", []string{"booking/family", "booking/evening", "booking/plan/...", "api/conference", "cmd/..."}, "the engine is asked by those who plan"},
	{"booking/plan/...", []string{"booking/plan/...", "cmd/..."}, "what judges plans is for those who plan"},
	{"booking/byhand", []string{"booking", "booking/household", "booking/people", "booking/undo", "api/..."}, "it is told by whoever changes something by hand, and asked by imports"},
	{"booking/mapping", []string{"booking", "booking/people", "api/..."}, "what is remembered of lists is asked and told by imports"},
	{"booking/consequences", []string{"booking/people", "booking/teaching", "booking/undo", "api/..."}, "it is asked by whoever changes the roster"},
	{"booking/roster/sheet", []string{"booking/roster"}, "what a spreadsheet holds is made a list of pupils in one place"},
	{"github.com/xuri/excelize/...", []string{"booking/roster/sheet", "api/table"}, "one package reads the format, and one writes it"},
	{"booking/picture", []string{"booking/school"}, "a picture is drawn where it is kept"},
	{"booking/roster", []string{"booking/people", "booking/imports", "booking/mapping", "api/...", "cmd/..."}, "files are read where they are imported"},
	{"booking/sample", []string{"cmd/..."}, "invented people are no part of a service"},
	{"booking/internal/...", nil, "it is for tests"},
	{"booking/...", []string{"booking", "api/...", "cmd/..."}, "services do not import one another"},
	{"booking", []string{"api/...", "cmd/..."}, "services do not import one another"},
	{"auth/access", []string{"auth/...", "booking/...", "api/...", "cmd/..."}, "decisions are pure, and asked where things are done"},
	{"auth/limiter/evening", []string{"auth", "auth/limiter/evenings"}, "the rules are played a second time, and by nobody who decides by them"},
	{"auth/limiter", []string{"auth/...", "cmd/..."}, "what guesses cost is decided in one place, and can be simulated"},
	{"auth/session", []string{"auth", "auth/account", "auth/credential", "auth/key", "auth/parent", "auth/staff", "api/..."}, "who has got in has a session"},
	{"auth/credential", []string{"auth", "auth/account", "auth/staff", "api/..."}, "session <- credential <- account <- staff: what proves who somebody is, whose it is, and how it lets in"},
	{"auth/account", []string{"auth", "auth/staff", "api/...", "cmd/..."}, "session <- credential <- account <- staff"},
	{"auth/reading", []string{"auth", "api/rest"}, "what is shown is written down in one place"},
	{"auth/...", []string{"auth", "api/...", "cmd/..."}, "services do not import one another"},
	{"notify/...", []string{"notify/...", "cmd/..."}, "what is sent is known by rows, not by calls"},

	// The edge.
	{"api/rest", []string{"api", "api/account", "api/conference", "api/family", "api/messages", "api/office", "api/operator", "api/roster", "api/school", "cmd/..."}, "pages are no part of the REST interface"},
	{"api/shape", []string{"api", "api/rest", "api/account", "api/conference", "api/family", "api/messages", "api/office", "api/operator", "api/roster", "api/school"}, "pages are no part of the REST interface"},
	{"api/table", []string{"api/conference", "api/office"}, "tables are answers of the REST interface"},
	{"api/trail", []string{"api", "api/rest", "api/account", "api/conference", "api/office", "api/roster", "api/school", "api/page/..."}, "who shows somebody's data says so, on pages and in the REST interface"},
	{"api/page/layout", []string{"api/page/...", "cmd/..."}, "the REST interface shows no pages"},
	{"api/page/staff", []string{"api/page/account", "api/page/office", "api/page/teacher", "cmd/..."}, "what pages of staff have in common is no page"},
	{"api/page/...", []string{"cmd/..."}, "kinds of pages do not import one another"},
	{"api/messages", []string{"api", "cmd/internal/config"}, "chapters do not import one another"},
	{"api", []string{"api/apitest", "cmd/internal/server"}, "chapters do not know the server"},
	{"api/...", []string{"api"}, "chapters do not import one another"},
	{"cmd/internal/rush", []string{"cmd/rush"}, "the load tool is no part of the program"},
	{"cmd/internal/flood", []string{"cmd/rush"}, "the load tool is no part of the program"},
	{"cmd/internal/server", []string{"cmd/ouderavond", "cmd/internal/demo"}, "the load tool shares nothing with the server"},
	{"cmd/internal/...", []string{"cmd/..."}, "the program is at the top"},
	{"cmd/...", nil, "the program is at the top"},
}

// pure are packages without context, clock or database: beside the standard library they import what is listed, and nothing else.
var pure = map[string][]string{
	"booking/plan":         pureImports,
	"booking/rules":        pureImports,
	"booking/consequences": append([]string{"booking/rules"}, pureImports...),
	"booking/sample":       pureImports,
	"auth/access":          pureImports,
	"auth/limiter":         pureImports,
	// Nothing of the product: it has the rules a second time.
	"auth/limiter/evening": nil,
	"booking/picture":      append([]string{"golang.org/x/image/..."}, pureImports...),
	"models/colour":        nil,
	"models/factor":        pureImports,
	"models/names":         pureImports,
	"notify/text":          {"models/language"},
	"notify/ical":          {"github.com/emersion/go-ical"},
	// The reader of XML files asks it for the encodings that a file may name.
	"booking/roster":       append([]string{"golang.org/x/net/html/charset", "booking/roster/sheet"}, pureImports...),
	"booking/roster/sheet": {"golang.org/x/net/html/charset", "github.com/xuri/excelize/v2"},
}

var pureImports = []string{
	"models", "models/civil", "models/contactpoint", "models/directory", "models/errs", "models/factor", "models/names", "models/programme", "models/typed", "golang.org/x/text/...",
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

// matches reports whether a package is meant by a name that may end in /... .
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
		{"booking/school", "gorm.io/gorm"}, {"models/directory", "gorm.io/gorm/clause"}, {"auth", "github.com/labstack/echo/v4"}, {"booking/family", "github.com/danielgtaylor/huma/v2"},
		{"api", "models/store"}, {"api/page/parent", "models/store"}, {"booking/plan", "models/store"}, {"booking/rules", "models/store"}, {"auth/access", "models/store"},
		{"models/directory", "models/store"}, {"booking/people", "auth/parent"}, {"booking", "notify"}, {"notify", "models/budget"}, {"auth/staff", "booking/school"},
		{"auth/parent", "booking/plan"}, {"auth", "notify"}, {"notify", "auth"}, {"auth/parent", "auth/staff"}, {"notify", "auth/access"}, {"notify", "booking"},
		{"notify", "booking/roster"}, {"booking/rules", "booking/appointment"}, {"booking/appointment", "booking/family"}, {"booking/household", "booking/people"},
		{"booking/conference", "booking/appointment"}, {"booking/school", "booking/conference"}, {"booking/family", "api/rest"}, {"models", "api"}, {"api", "cmd/internal/server"},
		{"booking/messages", "notify/ical"}, {"api/page/parent", "api/rest"}, {"api/rest", "api/family"}, {"api/family", "api/conference"}, {"api/family", "api/page/layout"},
		{"models/store", "models/store/storetest"}, {"cmd/ouderavond", "gorm.io/gorm"}, {"cmd/internal/server", "database/sql"}, {"notify", "github.com/twilio/twilio-go"},
		{"cmd/internal/server", "cmd/internal/rush"}, {"cmd/rush", "cmd/internal/server"}, {"auth/parent", "auth/limiter/evening"},
	} {
		if wrongArrow(wrong[0], wrong[1]) == "" {
			t.Errorf("%s may import %s", wrong[0], wrong[1])
		}
	}
	for _, right := range [][2]string{
		{"models", "gorm.io/gorm"}, {"models/store", "gorm.io/driver/sqlite"}, {"booking/people", "auth/access"}, {"booking/family", "booking/plan"}, {"auth/parent", "models/store"},
		{"api", "api/family"}, {"api/roster", "booking/roster"}, {"cmd/internal/server", "api"}, {"notify", "notify/mail"}, {"api/rest", "github.com/labstack/echo/v4"},
		{"booking/evening", "booking/family"}, {"booking/rules", "models"},
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
