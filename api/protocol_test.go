package api_test

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/ouderavond/ouderavond/api/apitest"
	"github.com/ouderavond/ouderavond/models"
)

func packed(t *testing.T, text string) []byte {
	t.Helper()
	var out bytes.Buffer
	writer := gzip.NewWriter(&out)
	if _, err := writer.Write([]byte(text)); err != nil {
		t.Fatal(err)
	}
	if err := writer.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func TestBodiesAsClientsSendThem(t *testing.T) {
	t.Parallel()
	w := apitest.New(t)
	s := w.School(t, "linde", apitest.Setup{Families: 1})
	gzipped, bomb := http.Header{"Content-Encoding": {"GZIP"}}, strings.Repeat(" ", 2<<20)
	patch := `{"name": "De Linde"}`
	for name, test := range map[string]struct {
		kind   string
		body   any
		header http.Header
		status int
		code   string
	}{
		"as it is":                  {"application/json", patch, nil, http.StatusOK, ""},
		"a type in capitals":        {"Application/JSON", patch, nil, http.StatusOK, ""},
		"with a charset":            {"application/json; Charset=UTF-8", patch, nil, http.StatusOK, ""},
		"a merge patch":             {"application/merge-patch+json", patch, nil, http.StatusOK, ""},
		"a merge patch in capitals": {"Application/Merge-Patch+JSON", patch, nil, http.StatusOK, ""},
		"a byte order mark":         {"application/json", "\xEF\xBB\xBF" + patch, nil, http.StatusOK, ""},
		"two byte order marks":      {"application/json", "\xEF\xBB\xBF\xEF\xBB\xBF" + patch, nil, http.StatusBadRequest, "malformed-json"},
		"compressed":                {"application/json", packed(t, patch), gzipped, http.StatusOK, ""},
		"compressed with a mark":    {"application/json", packed(t, "\xEF\xBB\xBF"+patch), gzipped, http.StatusOK, ""},
		"compressed too far":        {"application/json", packed(t, bomb+patch), gzipped, http.StatusRequestEntityTooLarge, "too-large"},
		"said to be compressed":     {"application/json", patch, gzipped, http.StatusBadRequest, "bad-request"},
		"compressed and cut off":    {"application/json", packed(t, patch)[:20], gzipped, http.StatusBadRequest, "bad-request"},
		"another coding":            {"application/json", patch, http.Header{"Content-Encoding": {"br"}}, http.StatusUnsupportedMediaType, "unsupported-encoding"},
		"two codings":               {"application/json", patch, http.Header{"Content-Encoding": {"gzip, gzip"}}, http.StatusUnsupportedMediaType, "unsupported-encoding"},
		"another type":              {"text/json", patch, nil, http.StatusUnsupportedMediaType, "unsupported-media-type"},
		"another charset":           {"application/merge-patch+json; charset=latin1", patch, nil, http.StatusUnsupportedMediaType, "unsupported-media-type"},
	} {
		answer := w.Do(t, apitest.Call{Method: http.MethodPatch, Path: s.Path, Token: s.Admin, Body: test.body, Type: test.kind, Header: test.header})
		document := answer.Want(t, test.status)
		if code := document.Text("code"); test.code != "" && code != test.code {
			t.Errorf("%s: code %s, not %s", name, code, test.code)
		}
	}
	// A merge patch is a change of something; nothing is made of one.
	w.Do(t, apitest.Call{Method: http.MethodPost, Path: s.Path + "/pupils", Token: s.Admin, Body: `{"given": "Kind", "surname": "Berg"}`, Type: "application/merge-patch+json"}).Want(t, http.StatusUnsupportedMediaType)
}

func TestHEADAnswersAsGETDoesWithoutABody(t *testing.T) {
	t.Parallel()
	w := apitest.New(t)
	s := w.School(t, "linde", apitest.Setup{Families: 1})
	server := httptest.NewServer(w.Server.Handler())
	defer server.Close()
	for path, status := range map[string]int{
		"/healthz": 200, "/readyz": 200, s.Path + "/pupils": 200, s.Path: 200, "/api/openapi.json": 200, "/api/docs": 200, "/api/v1/nergens": 404, s.Path + "/roster/check": 405,
	} {
		got := map[string]*http.Response{}
		for _, method := range []string{http.MethodGet, http.MethodHead} {
			request, err := http.NewRequestWithContext(t.Context(), method, server.URL+path, nil)
			if err != nil {
				t.Fatal(err)
			}
			request.Header.Set("Authorization", "Bearer "+s.Admin)
			answer, err := server.Client().Do(request)
			if err != nil {
				t.Fatal(err)
			}
			_ = answer.Body.Close()
			got[method] = answer
		}
		if got["HEAD"].StatusCode != status || got["GET"].StatusCode != status || got["HEAD"].Header.Get("Content-Type") != got["GET"].Header.Get("Content-Type") {
			t.Errorf("%s: HEAD %d %v, GET %d", path, got["HEAD"].StatusCode, got["HEAD"].Header, got["GET"].StatusCode)
		}
	}
}

func TestWhoHasTheAnswerIsNotSentItAgain(t *testing.T) {
	t.Parallel()
	w := apitest.New(t)
	s := w.School(t, "linde", apitest.Setup{Families: 2})
	ask := func(known string) apitest.Answer {
		header := http.Header{"Accept-Encoding": {"identity"}}
		if known != "" {
			header.Set("If-None-Match", known)
		}
		return w.Do(t, apitest.Call{Method: http.MethodGet, Path: s.Path + "/pupils", Token: s.Admin, Header: header})
	}
	first := ask("")
	tag := first.Header.Get("ETag")
	if first.Status != http.StatusOK || tag == "" || len(first.Body) == 0 {
		t.Fatalf("%d %q", first.Status, tag)
	}
	for _, known := range []string{tag, "W/" + tag, `"other", ` + tag, "*"} {
		if again := ask(known); again.Status != http.StatusNotModified || len(again.Body) != 0 || again.Header.Get("ETag") != tag || again.Header.Get("Content-Type") != "" {
			t.Errorf("%s: %d %v", known, again.Status, again.Header)
		}
	}
	if other := ask(`"other"`); other.Status != http.StatusOK || !bytes.Equal(other.Body, first.Body) {
		t.Errorf("another tag: %d", other.Status)
	}
	w.Post(t, s.Admin, s.Path+"/pupils", map[string]any{"key": "nieuw", "given": "Nieuw", "surname": "Kind"}).Want(t, http.StatusCreated)
	if changed := ask(tag); changed.Status != http.StatusOK || changed.Header.Get("ETag") == tag {
		t.Errorf("after a change: %d", changed.Status)
	}
	if refused := w.Do(t, apitest.Call{Method: http.MethodGet, Path: s.Path + "/pupils", Header: http.Header{"If-None-Match": {tag}}}); refused.Status != http.StatusUnauthorized {
		t.Errorf("somebody else: %d", refused.Status)
	}
}

func TestAKeyIsToldWhichScopesItLacks(t *testing.T) {
	t.Parallel()
	w := apitest.New(t)
	s := w.School(t, "linde", apitest.Setup{Families: 1})
	key := s.NewKey(t, models.ScopeRosterRead)
	problem := w.Post(t, key, s.Path+"/pupils", map[string]any{"given": "Nieuw", "surname": "Kind"}).Want(t, http.StatusForbidden)
	if got := fmt.Sprint(problem["missing_scopes"]); got != "[roster:write]" {
		t.Errorf("missing scopes %s", got)
	}
	if problem := w.Get(t, key, "/api/v1/schools").Want(t, http.StatusUnauthorized); problem["missing_scopes"] != nil {
		t.Errorf("what no key may: %v", problem)
	}
}

func TestACursorIsGoodForTheListThatGaveIt(t *testing.T) {
	t.Parallel()
	w := apitest.New(t)
	s, other := w.School(t, "linde", apitest.Setup{Families: 3}), w.School(t, "eik", apitest.Setup{Families: 3})
	next := w.Get(t, s.Admin, s.Path+"/pupils?limit=1").Want(t, http.StatusOK).Text("next")
	if next == "" {
		t.Fatal("no next page")
	}
	w.Get(t, s.Admin, s.Path+"/pupils?limit=1&cursor="+next).Want(t, http.StatusOK)
	for _, path := range []string{s.Path + "/households?cursor=" + next, s.Path + "/groups?cursor=" + next, s.Path + "/teachers?cursor=" + next, s.Path + "/conferences?cursor=" + next,
		s.Path + "/rooms?cursor=" + next, s.Path + "/families?cursor=" + next, s.Path + "/merge-suggestions?cursor=" + next, s.Path + "/conferences/" + s.Conference.String() + "/schedule?cursor=" + next, s.Path + "/pupils?cursor=AZofPlwdeyqPAD1eb3CBkg", s.Path + "/pupils?cursor=AZofPlwdeyqPAD1eb3CBkgAAAAA"} {
		if problem := w.Get(t, s.Admin, path).Want(t, http.StatusUnprocessableEntity); fields(problem)["cursor"] != "not-valid" {
			t.Errorf("%s: %v", path, problem)
		}
	}
	w.Get(t, other.Admin, other.Path+"/pupils?cursor="+next).Want(t, http.StatusUnprocessableEntity)
	for _, path := range []string{s.Path + "/messages?cursor="} {
		w.Get(t, s.Admin, path+next).Want(t, http.StatusUnprocessableEntity)
	}
}

func TestEveryListGoesOnWithItsCursor(t *testing.T) {
	t.Parallel()
	w := apitest.New(t)
	s := w.School(t, "linde", apitest.Setup{Families: 4})
	for family := range 3 {
		booking := s.Book(family, family)
		booking["contact"] = map[string]string{"email": "ouder@example.com"}
		w.Post(t, s.LogIn(t, family), s.Path+"/family/bookings", booking).Want(t, http.StatusCreated)
	}
	w.Post(t, s.Admin, s.Path+"/rooms", map[string]any{"name": "A1.01"}).Want(t, http.StatusCreated)
	w.School(t, "eik", apitest.Setup{Families: 1})
	for _, slug := range []string{"beuk", "els", "wilg"} {
		w.School(t, slug, apitest.Setup{Families: 1, Draft: true})
		w.Post(t, w.Operator, "/api/v1/schools/"+slug+"/cancel", map[string]string{"slug": slug}).Want(t, http.StatusOK)
	}
	csv := apitest.RosterCSV(s.Families)
	for i, surname := range []string{"Zeegers", "Zwart", "Zomer"} {
		csv += fmt.Sprintf("8%d1;Lea;%[2]s;2014-01-01;123%[1]dAB;;1A;1\n8%[1]d2;Max;%[2]s;2016-03-01;123%[1]dAB;;1A;1\n", i, surname)
	}
	upload(t, w, s.Admin, s.Path+"/roster/import", nil, apitest.File{Name: "leerlingen.csv", Content: csv}).Want(t, http.StatusOK)
	s.NewKey(t, models.ScopeRosterRead)
	lists := map[string]string{"/api/v1/schools": w.Operator, "/api/v1/erasures": w.Operator}
	least := map[string]int{"/api/v1/schools": 2, "/api/v1/erasures": 3} // how many things a list has at least
	for list, count := range map[string]int{
		"pupils": 2, "households": 2, "families": 2, "groups": 1, "teachers": 1, "conferences": 1, "messages": 2, "rooms": 2, "api-keys": 2, "merge-suggestions": 3, "conferences/" + s.Conference.String() + "/schedule": 3, "conferences/" + s.Conference.String() + "/families": 3,
	} {
		lists[s.Path+"/"+list], least[s.Path+"/"+list] = s.Admin, count
	}
	for list, token := range lists {
		whole := w.Get(t, token, list).Want(t, http.StatusOK)["items"].([]any)
		var paged []any
		for cursor, pages := "", 0; ; pages++ {
			page := w.Get(t, token, list+"?limit=1&cursor="+cursor).Want(t, http.StatusOK)
			paged = append(paged, page["items"].([]any)...)
			if cursor = page.Text("next"); cursor == "" {
				break
			}
			if pages > len(whole) {
				t.Fatalf("%s never ends", list)
			}
		}
		if fmt.Sprint(paged) != fmt.Sprint(whole) || len(whole) < least[list] {
			t.Errorf("%s: %d by pages, %d at once", list, len(paged), len(whole))
		}
	}
}
