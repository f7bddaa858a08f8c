package api_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/ouderavond/ouderavond/api/rest"
	"github.com/ouderavond/ouderavond/booking/conference"
	"github.com/ouderavond/ouderavond/booking/people"
	"github.com/ouderavond/ouderavond/booking/roster"
	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/factor"
)

// services are the folders whose errors reach the API.
var services = folders(".", "../booking", "../auth", "../models")

// folders lists folders with all that are below them.
func folders(roots ...string) (list []string) {
	for _, root := range roots {
		err := filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
			if err != nil || !entry.IsDir() {
				return err
			}
			// Pages have sentences of their own, and what tests say nobody reads.
			if name := entry.Name(); name == "page" || name == "testdata" || name == "internal" || strings.HasSuffix(name, "test") {
				return filepath.SkipDir
			}
			list = append(list, path)
			return nil
		})
		if err != nil {
			panic(err)
		}
	}
	return list
}

// found is what the source can return: the ids of the sentences that must be there, with where each comes from.
type found map[string]string

func (f found) add(kind, code, where string) { f[kind+"."+code] = where }

// literals gives the texts that stand anywhere in an expression.
func literals(expression ast.Expr) []string {
	var texts []string
	ast.Inspect(expression, func(node ast.Node) bool {
		if literal, ok := node.(*ast.BasicLit); ok && literal.Kind == token.STRING {
			if text, err := strconv.Unquote(literal.Value); err == nil {
				texts = append(texts, text)
			}
		}
		return true
	})
	return texts
}

// passedOn are expressions that hand on a code which another call made, so that it is found there.
var passedOn = []string{"code", "errs.CodeOf"}

// codesOf gives the codes that the argument of a call in a package can be. Constants are known by their package's name and their own.
func codesOf(t *testing.T, constants map[string]string, home string, argument ast.Expr, where string) []string {
	t.Helper()
	switch expression := argument.(type) {
	case *ast.BasicLit:
		return literals(expression)
	case *ast.SelectorExpr:
		if value, ok := constants[nameOf(expression)]; ok {
			return []string{value}
		}
	case *ast.Ident:
		if value, ok := constants[home+"."+expression.Name]; ok {
			return []string{value}
		}
		if slices.Contains(passedOn, expression.Name) {
			return nil
		}
	case *ast.CallExpr:
		switch name := nameOf(expression.Fun); name {
		case "missing": // the second argument, or required
			return append(literals(expression), "required")
		case "errs.CodeOf":
			return nil
		}
	}
	t.Errorf("%s: the code of an error cannot be read from the source; write it as a literal", where)
	return nil
}

func nameOf(expression ast.Expr) string {
	switch name := expression.(type) {
	case *ast.Ident:
		return name.Name
	case *ast.SelectorExpr:
		return nameOf(name.X) + "." + name.Sel.Name
	}
	return ""
}

// parsed is the source of a folder.
type parsed struct {
	folder  string
	files   *token.FileSet
	sources []*ast.File
}

// parseServices reads the source of all folders, and notes their constants.
func parseServices(t *testing.T, into found) (list []parsed, constants map[string]string) {
	t.Helper()
	constants = map[string]string{}
	for _, folder := range services {
		one := parsed{folder: folder, files: token.NewFileSet()}
		entries, err := os.ReadDir(folder)
		if err != nil {
			t.Fatal(err)
		}
		for _, entry := range entries {
			if name := entry.Name(); strings.HasSuffix(name, ".go") && !strings.HasSuffix(name, "_test.go") {
				source, err := parser.ParseFile(one.files, filepath.Join(folder, name), nil, parser.SkipObjectResolution)
				if err != nil {
					t.Fatal(err)
				}
				one.sources = append(one.sources, source)
				collectConstants(source, constants, folder, into)
			}
		}
		list = append(list, one)
	}
	return list, constants
}

// scan collects the codes of every error that a folder's source makes.
func scan(t *testing.T, folder parsed, constants map[string]string, into found) {
	t.Helper()
	for _, source := range folder.sources {
		home := source.Name.Name
		ast.Inspect(source, func(node ast.Node) bool {
			call, ok := node.(*ast.CallExpr)
			if !ok {
				return true
			}
			where := folder.files.Position(call.Pos()).String()
			switch nameOf(call.Fun) {
			case "errs.New", "errs.Because":
				for _, code := range codesOf(t, constants, home, call.Args[1], where) {
					into.add("problem", code+".title", where)
					into.add("problem", code+".detail", where)
				}
			case "WireFault", "rest.WireFault":
				for _, code := range codesOf(t, constants, home, call.Args[0], where) {
					into.add("problem", code+".title", where)
				}
			case "errs.InvalidField", "r.fault":
				for _, code := range codesOf(t, constants, home, call.Args[len(call.Args)-1], where) {
					into.add("field", code, where)
				}
			case "l.notice":
				for _, code := range literals(call.Args[1]) {
					into.add("pupil", code, where)
				}
			}
			return true
		})
		collectReasons(source, into)
	}
}

// collectConstants notes the constants that are text, and the reasons of closed lists.
func collectConstants(source *ast.File, constants map[string]string, folder string, into found) {
	for _, declaration := range source.Decls {
		general, ok := declaration.(*ast.GenDecl)
		if !ok || general.Tok != token.CONST {
			continue
		}
		for _, specification := range general.Specs {
			value := specification.(*ast.ValueSpec)
			for i, name := range value.Names {
				if i >= len(value.Values) {
					continue
				}
				texts := literals(value.Values[i])
				if len(texts) != 1 {
					continue
				}
				constants[source.Name.Name+"."+name.Name] = texts[0]
				if nameOf2(value.Type) == "Reason" && folder == "../booking/rules" {
					into.add("item", texts[0], folder)
				}
				if nameOf2(value.Type) == "Reason" && folder == "../booking/roster" {
					into.add("finding", texts[0], folder)
				}
			}
		}
	}
}

func nameOf2(expression ast.Expr) string {
	if expression == nil {
		return ""
	}
	return nameOf(expression)
}

// collectReasons finds what readiness says: codes of notices, and why a pupil's parents cannot log in.
func collectReasons(source *ast.File, into found) {
	ast.Inspect(source, func(node ast.Node) bool {
		switch part := node.(type) {
		case *ast.KeyValueExpr:
			// The table of factors names what a pupil lacks, and what a field cannot be.
			for key, kind := range map[string]string{"Missing": "pupil", "Fault": "field"} {
				if name, ok := part.Key.(*ast.Ident); ok && name.Name == key && source.Name.Name == "factor" {
					for _, code := range literals(part.Value) {
						into.add(kind, code, "the table of factors")
					}
				}
			}
		case *ast.CompositeLit:
			if nameOf2(part.Type) != "Notice" {
				return true
			}
			for _, element := range part.Elts {
				if pair, ok := element.(*ast.KeyValueExpr); ok && nameOf(pair.Key) == "Code" {
					for _, code := range literals(pair.Value) {
						into.add("notice", code, "Notice")
					}
				}
			}
		case *ast.FuncDecl:
			if part.Name.Name == "missingFactor" || part.Name.Name == "notTold" {
				collectReturned(part, "pupil", into)
			}
			if part.Name.Name == "counts" || part.Name.Name == "offers" {
				collectKeys(part, "notice", into)
			}
		}
		return true
	})
}

func collectReturned(function *ast.FuncDecl, kind string, into found) {
	ast.Inspect(function, func(node ast.Node) bool {
		if returned, ok := node.(*ast.ReturnStmt); ok {
			for _, code := range literals(returned.Results[0]) {
				if code != "" {
					into.add(kind, code, function.Name.Name)
				}
			}
		}
		return true
	})
}

// collectKeys notes the keys of the maps from text to numbers in a function.
func collectKeys(function *ast.FuncDecl, kind string, into found) {
	ast.Inspect(function, func(node ast.Node) bool {
		literal, ok := node.(*ast.CompositeLit)
		if !ok {
			return true
		}
		if shape, ok := literal.Type.(*ast.MapType); ok && nameOf(shape.Key) == "string" && nameOf(shape.Value) == "int" {
			for _, element := range literal.Elts {
				for _, code := range literals(element.(*ast.KeyValueExpr).Key) {
					into.add(kind, code, function.Name.Name)
				}
			}
		}
		return true
	})
}

// params are what the sentences need.
var params = map[string]any{"talks": "3", "pupils": "7", "messages": "2", "days": "24 november", "years": "9", "known": "1, 2", "groups": "1A", "rooms": "x (2)", "roles": "mentor", "kinds": "x", "kind": "x", "staffing": "x", "word": "group", "gone": "7", "present": "30", "blocker": "x", "field": "postcode", "erased": "5", "renumbered": "2", "unsure": "1", "left": "3"}

func TestEverythingThatServicesCanSayHasATextInEveryLanguage(t *testing.T) {
	t.Parallel()
	catalogue, err := rest.Texts()
	if err != nil {
		t.Fatal(err)
	}
	said := found{}
	for _, one := range roster.FieldList() {
		said.add("meaning", string(one.Field), "booking/roster")
	}
	folders, constants := parseServices(t, said)
	for _, folder := range folders {
		scan(t, folder, constants, said)
	}
	// The scan must find what it is for; an empty one would pass.
	for _, id := range []string{
		"problem.booking.items.title", "problem.login.not-recognised.detail", "problem.database.title", "problem.malformed-json.title", "field.not-a-postcode",
		"field.required", "item.too_far", "finding.invalid-date", "notice.no-days", "notice.cannot-log-in", "pupil.not-unique", "pupil.no-postcode",
	} {
		if said[id] == "" {
			t.Errorf("the scan does not find %s", id)
		}
	}
	for _, kind := range []string{"internal", "invalid", "not-logged-in", "forbidden", "not-found", "conflict", "stale", "too-large", "too-many", "unavailable"} {
		said["problem."+kind+".title"], said["problem."+kind+".detail"] = "every kind", "every kind"
	}
	// A time of the wall clock is told at its field, with the code that the calendar gave.
	said["field.no-such-time"], said["field.twice"] = "wallTick", "wallTick"
	for _, language := range catalogue.Languages() {
		for id, where := range said {
			if text := catalogue.For(language).Plural(id, 2, params); text == id || text == "" || strings.Contains(text, "{{") {
				t.Errorf("%s: no text for %s, which %s can say", language, id, where)
			}
		}
	}
	if len(said) < 150 {
		t.Errorf("only %d sentences were found in the source", len(said))
	}
}

func TestEveryCauseSaysWhatWouldMendIt(t *testing.T) {
	t.Parallel()
	catalogue, err := rest.Texts()
	if err != nil {
		t.Fatal(err)
	}
	ids := []string{"mend.staffing"}
	for _, code := range conference.AllCauses() {
		ids = append(ids, "cause."+code, "mend."+code)
	}
	for _, one := range factor.All {
		ids = append(ids, "pupil."+one.Missing, "mend."+one.Missing)
	}
	for _, reason := range []string{"protected", "no-household", "two-homes-alike", "not-unique"} {
		ids = append(ids, "pupil."+reason, "mend."+reason)
	}
	for _, field := range people.KeptFields() {
		ids = append(ids, "kept."+field)
	}
	for _, role := range models.AllTeachingRoles() {
		ids = append(ids, "role."+string(role))
	}
	for _, language := range catalogue.Languages() {
		for _, id := range ids {
			if text := catalogue.For(language).Plural(id, 2, params); text == id || strings.Contains(text, "{{") {
				t.Errorf("%s: no text for %s", language, id)
			}
		}
	}
}

func TestTheCatalogueIsWhole(t *testing.T) {
	t.Parallel()
	catalogue, err := rest.Texts()
	if err != nil {
		t.Fatal(err)
	}
	if err := catalogue.Check(); err != nil {
		t.Error(err)
	}
	if got := catalogue.Languages(); !slices.Equal(got, []string{"nl", "en"}) {
		t.Errorf("languages %v", got)
	}
}
