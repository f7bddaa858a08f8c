package trail_test

import (
	"errors"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"

	"github.com/labstack/echo/v4"

	"github.com/ouderavond/ouderavond/api/trail"
	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/errs"
)

// visit serves a page through the guard and gives what the browser gets, and the error for the pages' way of showing failures.
func visit(t *testing.T, into *keeper, page echo.HandlerFunc) (*httptest.ResponseRecorder, error) {
	t.Helper()
	var failed error
	router := echo.New()
	router.HTTPErrorHandler = func(err error, c echo.Context) {
		failed = err
		_ = c.String(http.StatusServiceUnavailable, "sorry")
	}
	router.GET("/", trail.Page(into, "show-pupils", page))
	answer := httptest.NewRecorder()
	router.ServeHTTP(answer, httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/", nil))
	return answer, failed
}

func TestAPageGoesOutOnceItIsWrittenDown(t *testing.T) {
	t.Parallel()
	pupil, staff := models.New[models.PupilID](), models.Actor{Kind: models.ActorStaff, School: models.SchoolID{1}}
	full := errs.New(errs.Unavailable, errs.CodeDatabase)
	shows := func(c echo.Context) error {
		trail.To(c.Request().Context(), staff)
		trail.ShownIn(c.Request().Context(), pupil)
		c.Response().Header().Set("X-Page", "yes")
		return c.HTML(http.StatusOK, "Sanne")
	}
	for name, test := range map[string]struct {
		page  echo.HandlerFunc
		fails error
		want  error
		body  string
		kept  int
	}{
		"a page that says it":      {shows, nil, nil, "Sanne", 1},
		"it cannot be written":     {shows, full, full, "sorry", 1},
		"a page that says nothing": {func(c echo.Context) error { return c.HTML(http.StatusOK, "Sanne") }, nil, trail.ErrSilent, "sorry", 0},
		"a page for nobody known": {func(c echo.Context) error {
			trail.ShownIn(c.Request().Context(), pupil)
			return c.HTML(http.StatusOK, "Sanne")
		}, nil, trail.ErrNobody, "sorry", 0},
		"a page that shows nobody": {func(c echo.Context) error {
			trail.Shown(c.Request().Context())
			return c.HTML(http.StatusOK, "a form")
		}, nil, nil, "a form", 0},
		"a redirect": {func(c echo.Context) error { return c.Redirect(http.StatusSeeOther, "/there") }, nil, nil, "", 0},
		"a failure of its own": {func(c echo.Context) error {
			_ = c.HTML(http.StatusOK, "half a page")
			return full
		}, nil, full, "sorry", 0},
	} {
		into := &keeper{fails: test.fails}
		answer, err := visit(t, into, test.page)
		if !errors.Is(err, test.want) || err != nil && test.want == nil || strings.TrimSpace(answer.Body.String()) != test.body || into.calls != test.kept {
			t.Errorf("%s: %v, %q, %d kept", name, err, answer.Body, into.calls)
		}
		if test.want != nil && (answer.Code != http.StatusServiceUnavailable || answer.Header().Get("X-Page") != "") {
			t.Errorf("%s: %d with the headers of the page", name, answer.Code)
		}
		if name == "a page that says it" && (into.route != "show-pupils" || into.actor.Kind != models.ActorStaff || answer.Header().Get("X-Page") != "yes") {
			t.Errorf("%s: %+v %v", name, into, answer.Header())
		}
	}
}

// unrecorded are the packages of pages of which nothing is kept, and why.
var unrecorded = map[string]string{
	"layout":     "what all pages share shows nobody",
	"parent":     "parents see their own",
	"components": "it shows invented people",
	"look":       "a school's logo and colours show nobody",
	"setup":      "before there is a school there is nobody to show",
	"pagetest":   "it is for tests",
	"staff":      "it serves the pages of all sets through the guard, which its own test holds",
}

// unguarded gives the places in a package's files where a route is added and its handler is not trail.Page.
func unguarded(files ...*ast.File) (found []token.Pos) {
	adding := map[string]int{"Add": 2, "GET": 1, "POST": 1, "PUT": 1, "PATCH": 1, "DELETE": 1, "HEAD": 1, "Any": 1, "Match": 2, "File": 1, "Static": 1}
	for _, file := range files {
		ast.Inspect(file, func(n ast.Node) bool {
			call, ok := n.(*ast.CallExpr)
			if !ok {
				return true
			}
			method, ok := call.Fun.(*ast.SelectorExpr)
			if !ok {
				return true
			}
			at, adds := adding[method.Sel.Name]
			if !adds || len(call.Args) <= at {
				return true
			}
			if !isPage(call.Args[at]) {
				found = append(found, call.Pos())
			}
			return true
		})
	}
	return found
}

func isPage(expression ast.Expr) bool {
	call, ok := expression.(*ast.CallExpr)
	if !ok {
		return false
	}
	method, ok := call.Fun.(*ast.SelectorExpr)
	if !ok {
		return false
	}
	from, ok := method.X.(*ast.Ident)
	return ok && from.Name == "trail" && method.Sel.Name == "Page"
}

// Every route of a page that is not the parents' goes through trail.Page. One that does not is red here.
func TestEveryPageOfStaffIsServedThroughTheGuard(t *testing.T) {
	t.Parallel()
	positions := token.NewFileSet()
	err := filepath.WalkDir("../page", func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.IsDir() && unrecorded[entry.Name()] != "" {
			return fs.SkipDir
		}
		if entry.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return nil
		}
		file, err := parser.ParseFile(positions, path, nil, 0)
		if err != nil {
			return err
		}
		for _, at := range unguarded(file) {
			t.Errorf("%s: this route is not served through trail.Page", positions.Position(at))
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// The test above must be able to fail.
func TestAPageThatIsNotServedThroughTheGuardIsFound(t *testing.T) {
	t.Parallel()
	for line, want := range map[string]int{
		`router.GET("/pupils", showPupils)`:                                      1,
		`router.Add("GET", "/pupils", p.serve(r))`:                               1,
		`router.Add(r.method, r.path, other.Page(keeper, r.id, p.serve(r)))`:     1,
		`router.Static("/files", "folder")`:                                      1,
		`router.Add(r.method, r.path, trail.Page(keeper, r.id, p.serve(r)))`:     0,
		`router.GET("/pupils", trail.Page(p.keeper, "show-pupils", showPupils))`: 0,
		`anything.Add("GET", "/pupils", showPupils)`:                             1,
		`header.Add("Vary", "Cookie")`:                                           0,
	} {
		file, err := parser.ParseFile(token.NewFileSet(), "planted.go", "package planted\nfunc mount() { "+line+" }", 0)
		if err != nil {
			t.Fatal(err)
		}
		if got := unguarded(file); len(got) != want {
			t.Errorf("%s: found %d", line, len(got))
		}
	}
}
