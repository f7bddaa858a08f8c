package api_test

import (
	"context"
	"errors"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/labstack/echo/v4"

	"github.com/ouderavond/ouderavond/api"
	"github.com/ouderavond/ouderavond/api/apitest"
	"github.com/ouderavond/ouderavond/api/rest"
	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/store"
	"github.com/ouderavond/ouderavond/models/store/storetest"
)

func TestEveryAnswerHasTheHeadersThatProtect(t *testing.T) {
	t.Parallel()
	w := apitest.New(t)
	s := w.School(t, "linde", apitest.Setup{Families: 1})
	for _, path := range []string{"/healthz", s.Path, s.Path + "/front", "/nergens", "/api/docs", "/api/openapi.json", s.Path + "/pupils/x"} {
		header := w.Get(t, s.Admin, path).Header
		for name, want := range map[string]string{
			"X-Content-Type-Options": "nosniff", "X-Frame-Options": "DENY", "Referrer-Policy": "no-referrer", "Cache-Control": "no-store",
			"Strict-Transport-Security": "max-age=31536000", "Cross-Origin-Resource-Policy": "same-origin",
		} {
			if header.Get(name) != want {
				t.Errorf("%s: %s is %q", path, name, header.Get(name))
			}
		}
		if !strings.HasPrefix(header.Get("Content-Security-Policy"), "default-src 'none'") || header.Get("Access-Control-Allow-Origin") != "" || header.Get("Set-Cookie") != "" {
			t.Errorf("%s: %v", path, header)
		}
	}
	plain := apitest.New(t, func(config *api.Config) { config.Secure = false })
	if header := plain.Get(t, "", "/healthz").Header; header.Get("Strict-Transport-Security") != "" {
		t.Errorf("without HTTPS: %v", header)
	}
}

func TestMethodsThatAnAddressDoesNotHave(t *testing.T) {
	t.Parallel()
	w := apitest.New(t)
	s := w.School(t, "linde", apitest.Setup{Families: 1})
	tests := map[string]struct {
		path   string
		status int
		allow  string
	}{
		"OPTIONS":  {s.Path + "/pupils", http.StatusMethodNotAllowed, "GET, POST"},
		"PUT":      {s.Path + "/pupils", http.StatusMethodNotAllowed, "GET, POST"},
		"TRACE":    {s.Path + "/pupils", http.StatusMethodNotAllowed, "GET, POST"},
		"PROPFIND": {s.Path + "/pupils", http.StatusMethodNotAllowed, "GET, POST"},
		"HEIST":    {"/api/v1/nergens", http.StatusNotFound, ""},
		"OPTIONEN": {"/api/v1/nergens", http.StatusNotFound, ""},
	}
	for method, test := range tests {
		answer := w.Do(t, apitest.Call{
			Method: method, Path: test.path, Token: s.Admin, Header: http.Header{"Origin": {"https://boos.example"}, "Access-Control-Request-Method": {"POST"}},
		})
		if answer.Status != test.status || answer.Header.Get("Allow") != test.allow || answer.Header.Get("Content-Type") != "application/problem+json" {
			t.Errorf("%s: %d %v", method, answer.Status, answer.Header)
		}
	}
	w.Do(t, apitest.Call{Method: http.MethodOptions, Path: "/api/v1/nergens"}).Want(t, http.StatusNotFound)
	override := http.Header{"X-Http-Method-Override": {"DELETE"}}
	w.Do(t, apitest.Call{Method: http.MethodGet, Path: s.Path + "/pupils", Token: s.Admin, Header: override}).Want(t, http.StatusOK)
}

func TestAddressesThatAreNone(t *testing.T) {
	t.Parallel()
	w := apitest.New(t)
	s := w.School(t, "linde", apitest.Setup{Families: 1})
	for _, path := range []string{
		"/", "/api", "/api/v1", "/debug/pprof/", "/_internal", "/api/v1/schools/", s.Path + "/", s.Path + "/pupils/", s.Path + "/pupils/..%2f..%2fschools",
		s.Path + "/pupils/%00", s.Path + "/pupils/" + strings.Repeat("a", 5000), "//" + s.Path, s.Path + "/pupils/-1", s.Path + "/pupils/99999999999999999999",
		s.Path + "/pupils/1.5", s.Path + "/pupils/00000000-0000-0000-0000-000000000000", "/api/v1/schools/%2e%2e/front", "/api/v1/schools/" + strings.Repeat("x", 3000) + "/front",
		"/api/v1/schools/' OR 1=1 --/front", s.Path + "/conferences/null", s.Path + "/conferences/" + s.Conference.String() + "/offers/x",
	} {
		request := apitest.Call{Method: http.MethodGet, Path: strings.ReplaceAll(path, " ", "%20"), Token: s.Admin}
		answer := w.Do(t, request)
		if answer.Status != http.StatusNotFound && answer.Status != http.StatusMethodNotAllowed {
			t.Errorf("%.80s: %d %s", path, answer.Status, answer.Body)
		}
	}
}

func TestAClosedStoreIsAnOutageAndNothingElse(t *testing.T) {
	t.Parallel()
	w := apitest.New(t)
	s := w.School(t, "linde", apitest.Setup{Families: 1})
	parent := s.LogIn(t, 0)
	if err := w.Database.Store.Close(); err != nil {
		t.Fatal(err)
	}
	w.Get(t, "", "/healthz").Want(t, http.StatusOK)
	for _, route := range api.Routes() {
		if !strings.HasPrefix(route.Path, "/api/v1/") && route.ID != "readyz" || route.Local || route.Upload || route.ID == "sms-report" {
			continue
		}
		token := s.Admin
		switch {
		case route.Public != "":
			token = ""
		case !strings.Contains(route.Path, "{school}"):
			token = w.Operator
		case strings.Contains(route.Path, "/family") && !strings.Contains(route.Path, "household"):
			token = parent
		}
		for _, name := range []string{"linde", s.ID.String()} {
			body := bodies(s, allIDs(s))[route.ID]
			if typed, ok := logIns(s)[route.ID]; ok {
				body = typed
			}
			answer := w.Do(t, apitest.Call{Method: route.Method, Path: fill(route.Path, name, idsOf(s)), Token: token, Body: body})
			if answer.Status != http.StatusServiceUnavailable {
				t.Errorf("%s: %d %s", route.ID, answer.Status, answer.Body)
				continue
			}
			problem := answer.Want(t, http.StatusServiceUnavailable)
			if answer.Header.Get("Retry-After") != "5" || strings.Contains(strings.ToLower(string(answer.Body)), "sql") || problem.Text("title") == "" {
				t.Errorf("%s: %v %s", route.ID, answer.Header, answer.Body)
			}
		}
	}
}

// logIns are what people send who are not known yet. The school's address is remembered, so these get as far as their bodies.
func logIns(s *apitest.School) map[string]any {
	personal := map[string]any{"token": "bQGaHz5cHXsqjwA9Xm9wgZ", "birth_date": "1-5-2015"}
	return map[string]any{
		"open-family-session": s.Typed(0), "request-code": s.Typed(0),
		"open-manage-link": map[string]any{"token": "bQGaHz5cHXsqjwA9Xm9wgZI"}, "open-personal-link": personal, "ask-personal-link": map[string]any{"token": personal["token"]}, "request-link-code": map[string]any{"token": personal["token"]},
		"open-code-link": map[string]any{"token": "mZ1Qk0cJw2yqv8lTn3oXbA"}, "ask-staff-link": map[string]any{"address": "j.visser@example.com"}, "look-at-staff-link": map[string]any{"link": "mZ1Qk0cJw2yqv8lTn3oXbA"}, "use-staff-link": map[string]any{"link": "mZ1Qk0cJw2yqv8lTn3oXbA"}, "open-staff-session": map[string]any{"login": "admin", "password": apitest.Password},
	}
}

func TestAPanicIsAnsweredOpaquely(t *testing.T) {
	t.Parallel()
	w := apitest.New(t, func(config *api.Config) {
		config.Pages = func(router *echo.Echo) {
			router.GET("/boem", func(echo.Context) error { panic("secret " + canary) })
			router.GET("/fout", func(echo.Context) error { return errors.New("a cause") })
			router.GET("/weg", func(echo.Context) error { return echo.ErrNotFound })
			router.GET("/teveel", func(echo.Context) error { return echo.ErrStatusRequestEntityTooLarge })
			router.GET("/vreemd", func(echo.Context) error { return echo.ErrTeapot })
		}
	})
	for path, want := range map[string]struct {
		status int
		code   string
	}{
		"/boem": {500, "internal"}, "/fout": {500, "internal"}, "/weg": {404, "not-found"}, "/teveel": {413, "too-large"}, "/vreemd": {400, "bad-request"},
	} {
		answer := w.Get(t, "", path)
		if problem := answer.Want(t, want.status); problem.Text("code") != want.code {
			t.Errorf("%s: %v", path, problem)
		}
		if strings.Contains(string(answer.Body), canary) || strings.Contains(string(answer.Body), "goroutine") || strings.Contains(string(answer.Body), "a cause") {
			t.Errorf("%s: the answer tells too much: %s", path, answer.Body)
		}
	}
	log := w.Log.String()
	if !strings.Contains(log, "panic of type string") || !strings.Contains(log, "failures_test.go") || !strings.Contains(log, "a cause") || strings.Contains(log, canary) {
		t.Errorf("log %s", log)
	}
}

func TestAHandlerThatAborts(t *testing.T) {
	t.Parallel()
	w := apitest.New(t, func(config *api.Config) {
		config.Pages = func(router *echo.Echo) {
			router.GET("/weg", func(echo.Context) error { panic(http.ErrAbortHandler) })
		}
	})
	defer func() {
		if err, _ := recover().(error); !errors.Is(err, http.ErrAbortHandler) {
			t.Error("the connection is not closed")
		}
	}()
	w.Get(t, "", "/weg")
}

func TestMonitorsMayAskWithHEAD(t *testing.T) {
	t.Parallel()
	ready := error(nil)
	w := apitest.New(t, func(config *api.Config) { config.Ready = func(context.Context) error { return ready } })
	for _, path := range []string{"/healthz", "/readyz", "/api/openapi.json"} {
		w.Do(t, apitest.Call{Method: http.MethodHead, Path: path}).Want(t, http.StatusOK)
	}
	w.Do(t, apitest.Call{Method: http.MethodHead, Path: "/metrics"}).Want(t, http.StatusUnauthorized)
	ready = errors.New("full")
	w.Do(t, apitest.Call{Method: http.MethodHead, Path: "/readyz"}).Want(t, http.StatusServiceUnavailable)
	w.Do(t, apitest.Call{Method: http.MethodHead, Path: "/healthz"}).Want(t, http.StatusOK)
}

func TestReadyTellsWhatItIsToldOnly(t *testing.T) {
	t.Parallel()
	w := apitest.New(t, func(config *api.Config) {
		config.Ready = func(context.Context) error { return errors.New("disk " + canary) }
	})
	answer := w.Get(t, "", "/readyz")
	answer.Want(t, http.StatusServiceUnavailable)
	if strings.Contains(string(answer.Body), canary) {
		t.Errorf("%s", answer.Body)
	}
}

func TestMetricsAreForTheOperator(t *testing.T) {
	t.Parallel()
	w := apitest.New(t, func(config *api.Config) {
		config.Metrics = http.HandlerFunc(func(writer http.ResponseWriter, _ *http.Request) { _, _ = writer.Write([]byte("figures 1")) })
	})
	s := w.School(t, "linde", apitest.Setup{Families: 1})
	w.Get(t, "", "/metrics").Want(t, http.StatusUnauthorized)
	w.Get(t, s.Admin, "/metrics").Want(t, http.StatusUnauthorized)
	for _, call := range []apitest.Call{{Token: w.Operator}, {Local: true}} {
		call.Method, call.Path = http.MethodGet, "/metrics"
		if answer := w.Do(t, call); answer.Status != http.StatusOK || string(answer.Body) != "figures 1" {
			t.Errorf("%d %s", answer.Status, answer.Body)
		}
	}
	apitest.New(t).Get(t, "", "/metrics").Want(t, http.StatusUnauthorized)
	without := apitest.New(t)
	without.Get(t, without.Operator, "/metrics").Want(t, http.StatusNotFound)
}

// TestTheLogHoldsNobody does many things with telling values and looks for them in the log.
func TestTheLogHoldsNobody(t *testing.T) {
	t.Parallel()
	w := apitest.New(t)
	s := w.School(t, "linde", apitest.Setup{Families: 2})
	token := s.LogIn(t, 0)
	w.Post(t, "", s.Path+"/family/session", map[string]string{"name": "Kanarie Vogel", "birth_date": "1-1-2014", "postcode": "1234AB"})
	w.Get(t, s.Admin, s.Path+"/pupils?q=Tweelaar")
	w.Get(t, s.Admin, s.Path+"/pupils/"+s.Families[0].Children[0].ID.String())
	w.Post(t, token, s.Path+"/family/bookings", s.Book(0, 0))
	w.Get(t, "", "/geheim/pad/"+canary+"?x="+canary)
	w.Do(t, apitest.Call{Method: "GEHEIM", Path: "/" + canary, Header: http.Header{"X-Request-Id": {canary}, "User-Agent": {canary}, "X-Forwarded-For": {"203.0.113.99"}}, Remote: "10.1.0.1:1"})
	log := w.Log.String()
	for _, value := range []string{
		canary, "Kanarie", "Tweelaar", "tweelaar", s.Families[0].Children[0].ID.String(), s.Families[0].Postcode, "1234AB", token, s.Admin, "203.0.113.99", "192.0.2.1", "GEHEIM",
	} {
		if strings.Contains(log, value) {
			t.Errorf("%q is in the log", value)
		}
	}
	for _, part := range []string{`"route":"/api/v1/schools/{school}/pupils/{pupil}"`, `"school":"` + s.ID.String(), `"problem":"login.not-recognised"`, `"route":"none"`, `"method":"other"`} {
		if !strings.Contains(log, part) {
			t.Errorf("%s is not in the log: %s", part, log)
		}
	}
	if got := w.Requests.Last(); got != (apitest.Request{Route: "none", Method: "other", Status: 404}) {
		t.Errorf("recorded %+v", got)
	}
}

func TestThePagesCanNoteWhatTheLogNeeds(t *testing.T) {
	t.Parallel()
	school := models.New[models.SchoolID]()
	w := apitest.New(t, func(config *api.Config) {
		config.Pages = func(router *echo.Echo) {
			router.GET("/:school/kies", func(c echo.Context) error {
				rest.NoteSchool(c.Request().Context(), school)
				rest.NoteCause(c.Request().Context(), errors.New("the printer is out of ink"))
				return c.String(http.StatusOK, "ok")
			})
		}
	})
	w.Get(t, "", "/linde/kies")
	if log := w.Log.String(); !strings.Contains(log, school.String()) || !strings.Contains(log, "out of ink") || !strings.Contains(log, `"route":"/{school}/kies"`) {
		t.Errorf("log %s", log)
	}
	rest.NoteSchool(context.Background(), school) // outside of a request it does nothing
}

func TestTheServerNeedsItsServices(t *testing.T) {
	t.Parallel()
	if _, err := api.New(api.Config{}); err == nil {
		t.Error("a server without services was made")
	}
	w := apitest.New(t)
	if _, err := api.New(api.Config{Booking: w.Booking, Auth: w.Auth, Clock: w.Database.Clock}); err != nil {
		t.Errorf("with the least: %v", err)
	}
}

func TestTheBudgetOfAnAddressCountsTheCallerBehindTheProxy(t *testing.T) {
	t.Parallel()
	w := apitest.New(t)
	s := w.School(t, "linde", apitest.Setup{Families: 20})
	miss := func(name, forwarded string) {
		w.Do(t, apitest.Call{
			Method: http.MethodPost, Path: s.Path + "/family/session", Remote: "10.1.0.1:9", Header: http.Header{"X-Forwarded-For": {forwarded}},
			Body: map[string]string{"name": name, "birth_date": "31-12-1999", "postcode": "9999ZZ"},
		}).Want(t, http.StatusUnauthorized)
	}
	name := s.Families[0].Children[0].Name
	for _, claimed := range []string{"198.51.100.1", "198.51.100.2", "10.1.0.9"} {
		miss(name, claimed+", 203.0.113.50")
		miss("Niemand Nergens", claimed+", 203.0.113.50") // charges nobody
	}
	miss(s.Families[0].Children[1].Name, "203.0.113.51")
	charged := map[string]int{}
	err := w.Database.Store.For(storetest.As(s.ID)).Read(context.Background(), func(tx *store.Tx) error {
		rows, err := store.List[models.LoginMiss](tx)
		for _, row := range rows {
			charged[string(row.Address)]++
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if counts := slices.Sorted(maps.Values(charged)); !slices.Equal(counts, []int{1, 3}) {
		t.Errorf("counted %v, want 3 for the one caller and 1 for the other", counts)
	}
}

// TestAFaultOfOursDoesNotLogAnybodyOut damages the sessions on disk: that is our fault, and the answer must not say that the token is no good.
func TestAFaultOfOursDoesNotLogAnybodyOut(t *testing.T) {
	t.Parallel()
	w := apitest.New(t)
	s := w.School(t, "linde", apitest.Setup{Families: 1})
	if _, err := w.Database.Raw(t).Exec("UPDATE sessions SET data = 'no JSON'"); err != nil {
		t.Fatal(err)
	}
	answer := w.Get(t, s.Admin, s.Path)
	if problem := answer.Want(t, http.StatusInternalServerError); problem.Text("code") != "internal" || strings.Contains(string(answer.Body), "JSON") {
		t.Errorf("%s", answer.Body)
	}
	if !strings.Contains(w.Log.String(), `"cause"`) {
		t.Error("the cause is not in the log")
	}
}

func TestAClientThatGoesIsNoFailureOfOurs(t *testing.T) {
	t.Parallel()
	w := apitest.New(t)
	s := w.School(t, "linde", apitest.Setup{Families: 1})
	token := s.LogIn(t, 0)
	here, leave := context.WithCancel(t.Context())
	leave()
	for method, path := range map[string]string{http.MethodGet: "/family", http.MethodDelete: "/family/session"} {
		before := len(w.Log.String())
		request := httptest.NewRequestWithContext(here, method, s.Path+path, nil)
		request.Header.Set("Authorization", "Bearer "+token)
		w.Server.Handler().ServeHTTP(httptest.NewRecorder(), request)
		line := w.Log.String()[before:]
		if w.Requests.Last().Status != 499 || !strings.Contains(line, `"level":"INFO"`) || !strings.Contains(line, `"status":499`) {
			t.Errorf("%s: %v %s", method, w.Requests.Last(), line)
		}
	}
}
