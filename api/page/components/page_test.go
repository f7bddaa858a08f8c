package components_test

import (
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/labstack/echo/v4"
	"golang.org/x/net/html"

	"github.com/ouderavond/ouderavond/api/page/components"
	"github.com/ouderavond/ouderavond/api/page/pagetest"
)

func serve(t *testing.T) *echo.Echo {
	t.Helper()
	page, err := components.New(nil, false)
	if err != nil {
		t.Fatal(err)
	}
	e := echo.New()
	page.Mount(e)
	return e
}

func get(t *testing.T, e *echo.Echo, path string, headers ...string) string {
	t.Helper()
	request := httptest.NewRequest(http.MethodGet, path, nil)
	for i := 0; i+1 < len(headers); i += 2 {
		request.Header.Set(headers[i], headers[i+1])
	}
	recorder := httptest.NewRecorder()
	e.ServeHTTP(recorder, request)
	if recorder.Code != http.StatusOK {
		t.Fatalf("%s: status %d", path, recorder.Code)
	}
	return recorder.Body.String()
}

var (
	// ruled finds the classes of a style sheet, in what stands before a rule's brace.
	selectors = regexp.MustCompile(`[^{}]*\{`)
	classes   = regexp.MustCompile(`\.([a-z][a-z0-9-]*)`)
)

// sheet gives the classes that the style sheet of staff has rules for.
func sheet(t *testing.T, e *echo.Echo, page string) map[string]bool {
	t.Helper()
	from := strings.Index(page, "/assets/staff.")
	style := get(t, e, page[from:from+strings.IndexByte(page[from:], '"')])
	found := map[string]bool{}
	for _, selector := range selectors.FindAllString(style, -1) {
		if strings.HasPrefix(selector, "@") && !strings.HasPrefix(selector, "@supports") {
			continue
		}
		for _, match := range classes.FindAllStringSubmatch(selector, -1) {
			found[match[1]] = true
		}
	}
	if len(found) < 90 {
		t.Fatalf("only %d classes were found", len(found))
	}
	return found
}

func TestEveryClassOfTheStyleSheetIsShown(t *testing.T) {
	t.Parallel()
	e := serve(t)
	page := get(t, e, components.Path, "Accept-Language", "nl")
	root, err := html.Parse(strings.NewReader(page))
	if err != nil {
		t.Fatal(err)
	}
	shown := map[string]bool{}
	for node := range root.Descendants() {
		for _, attribute := range node.Attr {
			if attribute.Key == "class" {
				for _, class := range strings.Fields(attribute.Val) {
					shown[class] = true
				}
			}
		}
	}
	ruled := sheet(t, e, page)
	for class := range ruled {
		if !shown[class] {
			t.Errorf("the class %q has a rule and is nowhere on the page", class)
		}
	}
	for class := range shown {
		if !ruled[class] {
			t.Errorf("the class %q is on the page and has no rule", class)
		}
	}
}

// written finds the classes of a template: what is written out, not what an action puts in.
var written = regexp.MustCompile(`class="([^"]*)"`)

// TestNoPageUsesAClassWithoutARule looks at the templates of every kind of page.
func TestNoPageUsesAClassWithoutARule(t *testing.T) {
	t.Parallel()
	e := serve(t)
	ruled := sheet(t, e, get(t, e, components.Path))
	action := regexp.MustCompile(`\{\{[^}]*\}\}`)
	var files []string
	for _, pattern := range []string{"../*/templates/*.html", "../*/parts/*.html"} {
		found, err := filepath.Glob(pattern)
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, found...)
	}
	if len(files) < 20 {
		t.Fatalf("only %d templates were found", len(files))
	}
	for _, file := range files {
		content, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		// An action may stand between quotation marks of its own: those are no classes.
		for _, match := range written.FindAllStringSubmatch(action.ReplaceAllString(string(content), " "), -1) {
			for _, class := range strings.Fields(match[1]) {
				if !ruled[class] {
					t.Errorf("%s: the class %q has no rule", file, class)
				}
			}
		}
	}
}

func TestThePageIsSmallAndWorksWithoutTheScript(t *testing.T) {
	t.Parallel()
	e := serve(t)
	if page := get(t, e, components.Path+"?search=aydin", "Accept-Language", "en"); strings.Contains(page, "Kowalski, 1B") {
		t.Error("the search without the script finds everybody")
	}
	for _, words := range []string{"Kacper", "kacper ", "KACPER"} {
		page := get(t, e, components.Path+"?search="+words[:6], "Accept-Language", "en")
		if !strings.Contains(page, "Kacper Kowalski, 1B") || strings.Contains(page, "Sophie Bakker, 2C") || !strings.Contains(page, "1 found") {
			t.Errorf("the search for %q is wrong", words)
		}
	}
	part := get(t, e, components.Path+"?search=Sophie", "HX-Request", "true", "Accept-Language", "nl")
	if !strings.HasPrefix(part, `<div id="found"`) || !strings.Contains(part, "Sophie Bakker, 2C") || strings.Contains(part, "Kowalski") {
		t.Errorf("the part is %q", part)
	}
}

// TestThePageInABrowser looks at the page in every size, scheme, language and direction that the sheet is made for.
func TestThePageInABrowser(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(serve(t))
	t.Cleanup(server.Close)
	for _, dark := range []bool{false, true} {
		t.Run(map[bool]string{false: "light", true: "dark"}[dark], func(t *testing.T) {
			t.Parallel()
			ctx := pagetest.Browser(t, dark)
			for _, width := range []int64{320, 390, 768, 1280, 1440} {
				for _, address := range []string{"?lang=nl", "?lang=en", "?dir=rtl"} {
					if !slices.Contains([]int64{390, 1280}, width) && address == "?lang=en" {
						continue
					}
					pagetest.Run(t, ctx, pagetest.Screen(width, 844), pagetest.Open(server.URL+components.Path+address))
					pagetest.Look(t, ctx, strings.NewReplacer("?", "-", "=", "-").Replace("components-"+map[bool]string{false: "light", true: "dark"}[dark]+"-"+strconv.FormatInt(width, 10)+address))
				}
			}
		})
	}
}

// TestTheScriptSearchesUnderThePolicy types into the search: the policy lets the script run, and the script asks for nothing that the policy forbids.
func TestTheScriptSearchesUnderThePolicy(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(serve(t))
	t.Cleanup(server.Close)
	ctx := pagetest.Browser(t, false)
	pagetest.Run(t, ctx, pagetest.Open(server.URL+components.Path+"?lang=en"),
		chromedp.Evaluate[chromedp.Void](`window.refused = []; document.addEventListener("securitypolicyviolation", e => window.refused.push(e.violatedDirective + " " + e.blockedURI)); void 0`),
		chromedp.Focus(chromedp.CSS("#search")), chromedp.KeyEvent("soph"),
		chromedp.WaitVisible(chromedp.JSPath(`[...document.querySelectorAll("#found p")].find(p => p.textContent === "1 found")`)))
	refused, err := chromedp.Run(ctx, chromedp.Evaluate[string](`window.refused.join(", ") + (document.querySelector("style") ? " a style" : "")`))
	if err != nil {
		t.Fatal(err)
	}
	if refused != "" {
		t.Errorf("refused: %s", refused)
	}
}
