package layout_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/labstack/echo/v4"

	"github.com/ouderavond/ouderavond/api/page/layout"
)

// pages are a kind of page with a file of each sort.
var pages = fstest.MapFS{
	"templates/rooms.html":     {Data: []byte(`{{define "main"}}<div class="wrap wide stack"><h1>{{.T "rooms.title"}}</h1>{{template "found" .}}</div>{{end}}`)},
	"parts/found.html":         {Data: []byte(`{{define "found"}}<ul id="found">{{range .Found}}<li>{{.}}{{end}}</ul>{{end}}`)},
	"locale/active.nl.json":    {Data: []byte(`{"rooms": {"title": "Lokalen"}}`)},
	"locale/active.en.json":    {Data: []byte(`{"rooms": {"title": "Rooms"}}`)},
	"templates/anonymous.html": {Data: []byte(`{{define "main"}}<h1>{{.Title}}</h1>{{end}}`)},
}

type roomsView struct {
	*layout.Frame
	Found []string
}

func serveRooms(t *testing.T) *echo.Echo {
	t.Helper()
	site, err := layout.NewSite(layout.SiteConfig{Templates: pages, Sentences: pages})
	if err != nil {
		t.Fatal(err)
	}
	e := echo.New()
	site.Mount(e)
	e.GET("/rooms", func(c echo.Context) error {
		v := site.NewVisit(c)
		menu := []layout.Entry{{Key: "today", Href: "/today", Label: "Vandaag", Icon: "tick"}, {Key: "rooms", Href: "/rooms", Label: "Lokalen", Icon: "door"}}
		f := v.NewStaffFrame(layout.Staff{Menu: menu, Current: "rooms", Person: "Ineke <Bosman>", Round: "Najaarsronde", Leave: "/leave"}, "rooms.title")
		view := roomsView{f, []string{"A1.19", "<script>"}}
		if v.Partial() {
			return v.RenderPart(http.StatusOK, "rooms", "found", view)
		}
		return v.Render(http.StatusOK, "rooms", view)
	})
	e.GET("/family", func(c echo.Context) error {
		v := site.NewVisit(c)
		return v.Render(http.StatusOK, "anonymous", struct{ *layout.Frame }{v.NewFrame("rooms.title")})
	})
	return e
}

func get(t *testing.T, e *echo.Echo, path string, headers ...string) *httptest.ResponseRecorder {
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
	return recorder
}

func TestAPageForStaffHasTheMenuThePersonAndTheScript(t *testing.T) {
	t.Parallel()
	answer := get(t, serveRooms(t), "/rooms", "Accept-Language", "nl")
	body := answer.Body.String()
	for _, wanted := range []string{
		`<body class="staff">`, `href="/rooms" aria-current="page"`, "Ineke &lt;Bosman&gt;", "<small>Najaarsronde</small>", `action="/leave"`, "<h1>Lokalen</h1>", "&lt;script&gt;",
		`<meta name="htmx-config"`, `<script src="/assets/htmx.`, `href="/assets/staff.`,
	} {
		if !strings.Contains(body, wanted) {
			t.Errorf("no %s in\n%s", wanted, body)
		}
	}
	if strings.Count(body, "aria-current") != 1 {
		t.Error("more than one entry is current")
	}
	if policy := answer.Header().Get("Content-Security-Policy"); !strings.Contains(policy, "script-src 'self'") || !strings.Contains(policy, "connect-src 'self'") || strings.Contains(policy, "unsafe") {
		t.Errorf("policy %q", policy)
	}
}

func TestAPageOfAFamilyHasNoScript(t *testing.T) {
	t.Parallel()
	answer := get(t, serveRooms(t), "/family", "Accept-Language", "en")
	body, policy := answer.Body.String(), answer.Header().Get("Content-Security-Policy")
	if strings.Contains(body, "script") || strings.Contains(body, "htmx") || strings.Contains(policy, "script-src") || strings.Contains(policy, "connect-src") {
		t.Errorf("%s\n%s", policy, body)
	}
	if !strings.Contains(body, `href="/assets/page.`) || !strings.Contains(body, "<h1>Rooms</h1>") {
		t.Error(body)
	}
}

func TestThePartThatTheScriptAsksFor(t *testing.T) {
	t.Parallel()
	e := serveRooms(t)
	if body := get(t, e, "/rooms", "HX-Request", "true").Body.String(); body != `<ul id="found"><li>A1.19<li>&lt;script&gt;</ul>` {
		t.Errorf("the part is %q", body)
	}
	for _, headers := range [][]string{{"HX-Request", "false"}, {"HX-Request", "true", "HX-History-Restore-Request", "true"}} {
		if body := get(t, e, "/rooms", headers...).Body.String(); !strings.HasPrefix(body, "<!doctype html>") {
			t.Errorf("%v: %q", headers, body)
		}
	}
}

func TestAssetsAreKeptForGood(t *testing.T) {
	t.Parallel()
	e := serveRooms(t)
	body := get(t, e, "/rooms").Body.String()
	kinds := map[string]string{"/assets/staff.": "text/css; charset=utf-8", "/assets/htmx.": "text/javascript; charset=utf-8", "/assets/icon.": "image/svg+xml"}
	for start, kind := range kinds {
		from := strings.Index(body, start)
		if from < 0 {
			t.Fatalf("there is no %s", start)
		}
		path := body[from : from+strings.IndexByte(body[from:], '"')]
		answer := get(t, e, path)
		if answer.Header().Get("Content-Type") != kind || !strings.Contains(answer.Header().Get("Cache-Control"), "immutable") || answer.Body.Len() < 100 {
			t.Errorf("%s: %v", path, answer.Header())
		}
	}
}

func TestSentencesOfAKindOfPageTakeNobodysPlace(t *testing.T) {
	t.Parallel()
	clash := fstest.MapFS{"locale/active.nl.json": {Data: []byte(`{"layout": {"skip": "Elders heen"}}`)}}
	if _, err := layout.NewSite(layout.SiteConfig{Templates: pages, Sentences: clash}); err == nil {
		t.Error("a sentence was replaced")
	}
}

func TestAssetsComeCompressedToWhomeverTakesThat(t *testing.T) {
	t.Parallel()
	e := serveRooms(t)
	body := get(t, e, "/rooms").Body.String()
	from := strings.Index(body, "/assets/htmx.")
	path := body[from : from+strings.IndexByte(body[from:], '"')]
	plain := get(t, e, path).Body.Len()
	tests := map[string]struct {
		accepts string
		packed  bool
	}{
		"as browsers ask":         {"gzip, deflate, br, zstd", true},
		"in other words":          {"br;q=1.0, GZIP;q=0.8, *;q=0.1", true},
		"who says nothing":        {"", false},
		"who takes only others":   {"br, x-gzip-like", false},
		"who refuses it":          {"gzip;q=0", false},
		"who refuses it in full":  {"gzip; q=0.000, br", false},
		"who weighs it very low":  {"gzip;q=0.001", true},
		"who takes it only plain": {"identity", false},
	}
	for title, test := range tests {
		answer := get(t, e, path, "Accept-Encoding", test.accepts)
		packed := answer.Header().Get("Content-Encoding") == "gzip"
		if packed != test.packed || packed == (answer.Body.Len() == plain) || answer.Header().Get("Vary") != "Accept-Encoding" {
			t.Errorf("%s: packed %v, %d bytes of %d", title, packed, answer.Body.Len(), plain)
		}
	}
}
