package api_test

import (
	"io"
	"net/http"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/ouderavond/ouderavond/api"
	"github.com/ouderavond/ouderavond/api/apitest"
	"github.com/ouderavond/ouderavond/auth/access"
)

// canary is text that must not come back.
const canary = "kanarie7q"

// badBodies are bodies that no route takes, with the status of the answer; 0 is 400 or 422, depending on what the route expects.
var badBodies = map[string]struct {
	body, contentType string
	status            int
}{
	"empty":                     {"", "application/json", http.StatusBadRequest},
	"no JSON":                   {canary, "application/json", http.StatusBadRequest},
	"half of one":               {`{"` + canary + `":`, "application/json", http.StatusBadRequest},
	"two values":                {`{} {"` + canary + `":1}`, "application/json", http.StatusBadRequest},
	"something behind it":       {`{}` + canary, "application/json", http.StatusBadRequest},
	"no UTF-8":                  {"{\"name\":\"\xff" + canary + "\"}", "application/json", http.StatusBadRequest},
	"null":                      {"null", "application/json", http.StatusUnprocessableEntity},
	"a list":                    {`["` + canary + `"]`, "application/json", http.StatusUnprocessableEntity},
	"text":                      {`"` + canary + `"`, "application/json", http.StatusUnprocessableEntity},
	"a number":                  {`7`, "application/json", http.StatusUnprocessableEntity},
	"an unknown field":          {`{"no_such_field":"` + canary + `"}`, "application/json", http.StatusUnprocessableEntity},
	"a field in capitals":       {`{"Name":"` + canary + `"}`, "application/json", http.StatusUnprocessableEntity},
	"a person as a field":       {`{"` + canary + `@example.com":1}`, "application/json", http.StatusUnprocessableEntity},
	"a field twice":             {`{"name":"` + canary + `","name":"` + canary + `"}`, "application/json", http.StatusUnprocessableEntity},
	"a null byte":               {`{"name":"` + canary + `\u0000"}`, "application/json", http.StatusUnprocessableEntity},
	"a number out of all range": {`{"name":1e999}`, "application/json", http.StatusUnprocessableEntity},
	"too deep":                  {strings.Repeat(`{"name":`, 40) + "1" + strings.Repeat("}", 40), "application/json", http.StatusBadRequest},
	"a megabyte too much":       {`{"name":"` + strings.Repeat(canary, 1<<20/len(canary)+1) + `"}`, "application/json", http.StatusRequestEntityTooLarge},
	"a form":                    {"name=" + canary, "application/x-www-form-urlencoded", http.StatusUnsupportedMediaType},
	"plain text":                {`{}`, "text/plain", http.StatusUnsupportedMediaType},
	"no type":                   {`{}`, "", http.StatusUnsupportedMediaType},
	"another encoding":          {`{}`, "application/json; charset=utf-16", http.StatusUnsupportedMediaType},
	"a type that is none":       {`{}`, canary, http.StatusUnsupportedMediaType},
}

func TestNoRouteTakesABadBody(t *testing.T) {
	t.Parallel()
	w := apitest.New(t)
	s := w.School(t, "linde", apitest.Setup{Families: 1})
	parent := s.LogIn(t, 0)
	for _, route := range api.Routes() {
		if !route.JSON || route.Local {
			continue
		}
		token := w.Operator
		if route.ID == "book" || route.ID == "propose-bookings" {
			token = parent
		}
		if slices.Contains(route.Needs, access.OwnAccount) {
			token = s.Admin
		}
		if route.Public != "" {
			token = ""
		}
		for how, test := range badBodies {
			call := apitest.Call{
				Method: route.Method, Path: fill(route.Path, "linde", idsOf(s)), Token: token, Body: test.body,
				Header: http.Header{"Content-Type": {test.contentType}},
			}
			answer := w.Do(t, call)
			if answer.Status != test.status {
				t.Errorf("%s with %s: %d, want %d: %s", route.ID, how, answer.Status, test.status, answer.Body)
			}
			if strings.Contains(string(answer.Body), canary) {
				t.Errorf("%s with %s: the answer repeats what was sent: %s", route.ID, how, answer.Body)
			}
			if got := answer.Header.Get("Content-Type"); got != "application/problem+json" {
				t.Errorf("%s with %s: answered as %q", route.ID, how, got)
			}
		}
	}
	if strings.Contains(w.Log.String(), canary) {
		t.Error("the log repeats what was sent")
	}
}

func TestFaultsNameTheField(t *testing.T) {
	t.Parallel()
	w := apitest.New(t)
	s := w.School(t, "linde", apitest.Setup{Families: 1})
	parent := s.LogIn(t, 0)
	conference := s.Path + "/conferences"
	tests := map[string]struct {
		method, path, token, body string
		field, code               string
	}{
		"a needed field is missing":        {"POST", s.Path + "/teachers", s.Admin, `{"name":"` + canary + `"}`, "key", "required"},
		"a field is not known":             {"POST", s.Path + "/pupils", s.Admin, `{"key":"1","naam":"` + canary + `"}`, "naam", "unknown-field"},
		"a field deep down is not known":   {"POST", s.Path + "/family/bookings", parent, `{"make":[{"wie":"x"}]}`, "make[0].wie", "unknown-field"},
		"a field deep down is missing":     {"POST", s.Path + "/family/bookings", parent, `{"cancel":[{}]}`, "cancel[0].appointment", "required"},
		"a list where text belongs":        {"POST", s.Path + "/family/session", "", `{"name":["` + canary + `"]}`, "name", "not-text"},
		"an object where text belongs":     {"POST", s.Path + "/family/session", "", `{"name":{"x":"` + canary + `"}}`, "name", "not-text"},
		"a number where text belongs":      {"POST", s.Path + "/family/session", "", `{"name":7}`, "name", "not-text"},
		"text where a list belongs":        {"POST", s.Path + "/households", s.Admin, `{"pupils":"` + canary + `"}`, "pupils", "not-a-list"},
		"null where a list belongs":        {"POST", s.Path + "/households", s.Admin, `{"pupils":null}`, "pupils", "not-a-list"},
		"text where a number belongs":      {"POST", conference, s.Admin, `{"title":"x","opens_at":"2026-11-02T18:00:00Z","closes_at":"2026-11-20T22:00:00Z","rules":{"lead_minutes":"` + canary + `"}}`, "rules.lead_minutes", "not-a-number"},
		"a negative number":                {"POST", conference, s.Admin, `{"title":"x","opens_at":"2026-11-02T18:00:00Z","closes_at":"2026-11-20T22:00:00Z","rules":{"lead_minutes":-1}}`, "rules.lead_minutes", "out-of-range"},
		"a fraction":                       {"POST", conference, s.Admin, `{"title":"x","opens_at":"2026-11-02T18:00:00Z","closes_at":"2026-11-20T22:00:00Z","rules":{"lead_minutes":1.5}}`, "rules.lead_minutes", "not-a-number"},
		"a time that is none":              {"POST", conference, s.Admin, `{"title":"x","opens_at":"` + canary + `","closes_at":"2026-11-20T22:00:00Z"}`, "opens_at", "not-a-date-time"},
		"a date that is none":              {"POST", conference + "/" + s.Conference.String() + "/days", s.Admin, `{"date":"2026-02-30"}`, "date", "not-a-date"},
		"a date of the year 0":             {"POST", conference + "/" + s.Conference.String() + "/days", s.Admin, `{"date":"0000-01-01"}`, "date", "not-a-date"},
		"a day that is there":              {"POST", conference + "/" + s.Conference.String() + "/days", s.Admin, `{"date":"2026-11-24"}`, "date", "twice"},
		"a word that is not on the list":   {"PATCH", s.Path + "/pupils/" + s.Families[0].Children[0].ID.String(), s.Admin, `{"arrangement":"` + canary + `"}`, "arrangement", "unknown"},
		"an id that is none":               {"POST", s.Path + "/households", s.Admin, `{"pupils":["` + canary + `"]}`, "pupils[0]", "not-an-id"},
		"an id in another form":            {"POST", s.Path + "/households", s.Admin, `{"pupils":["019a1f3e5c1d7b2a8f003d5e6f708192"]}`, "pupils[0]", "too-short"},
		"text that is too long":            {"POST", s.Path + "/pupils", s.Admin, `{"key":"` + strings.Repeat("1", 300) + `"}`, "key", "too-long"},
		"too many":                         {"PATCH", s.Path + "/pupils/" + s.Families[0].Children[0].ID.String(), s.Admin, `{"aliases":["a","b","c","d","e","f","g","h","i","j","k"]}`, "aliases", "too-many"},
		"none where one is needed":         {"PATCH", s.Path, s.Admin, `{"policy":{"factors":[]}}`, "policy.factors", "too-few"},
		"a length that is not on five":     {"POST", conference + "/" + s.Conference.String() + "/talk-kinds", s.Admin, `{"title":"x","minutes":12,"staffing":"mentor"}`, "minutes", "not-a-multiple-of-five"},
		"an unknown query":                 {"GET", s.Path + "/pupils?naam=" + canary, s.Admin, "", "naam", "unknown-field"},
		"a query that is no number":        {"GET", s.Path + "/pupils?limit=" + canary, s.Admin, "", "limit", "not-a-number"},
		"a query out of range":             {"GET", s.Path + "/pupils?limit=0", s.Admin, "", "limit", "out-of-range"},
		"a cursor that is none":            {"GET", s.Path + "/pupils?cursor=" + canary, s.Admin, "", "cursor", "not-valid"},
		"a birth date that is none":        {"POST", s.Path + "/family/session", "", `{"name":"x","birth_date":"` + canary + `","postcode":"1234AB"}`, "birth_date", "not-a-date"},
		"a factor that is left out":        {"POST", s.Path + "/family/session", "", `{"name":"x","birth_date":"1-1-2014"}`, "postcode", "required"},
		"a mail address that is none":      {"POST", s.Path + "/family/bookings", parent, `{"cancel":[{"appointment":"` + s.Room.String() + `"}],"contact":{"email":"` + canary + `"}}`, "contact.email", "not-an-email-address"},
		"a window with a time that is not": {"PUT", conference + "/" + s.Conference.String() + "/availability", s.Admin, `{"days":[{"teacher":"` + s.Mentor.String() + `","day":"` + s.Day.String() + `","windows":[{"from":"25:00","until":"26:00"}]}]}`, "days[0].windows[0].from", "not-a-time"},
	}
	for title, test := range tests {
		t.Run(title, func(t *testing.T) {
			t.Parallel()
			call := apitest.Call{Method: test.method, Path: test.path, Token: test.token}
			if test.body != "" {
				call.Body = test.body
			}
			answer := w.Do(t, call)
			problem := answer.Want(t, http.StatusUnprocessableEntity)
			if problem.Text("type") != "/api/problems/invalid" || fields(problem)[test.field] != test.code {
				t.Errorf("%s: want %s to be %s", answer.Body, test.field, test.code)
			}
			if strings.Contains(string(answer.Body), canary) {
				t.Errorf("the answer repeats what was sent: %s", answer.Body)
			}
		})
	}
}

func TestAFloodOfFaultsIsCutOff(t *testing.T) {
	t.Parallel()
	w := apitest.New(t)
	s := w.School(t, "linde", apitest.Setup{Families: 1})
	var many []string
	for range 5000 {
		many = append(many, "7")
	}
	answer := w.Do(t, apitest.Call{Method: http.MethodPost, Path: s.Path + "/households", Token: s.Admin, Body: `{"pupils":[` + strings.Join(many, ",") + `]}`})
	if faults := answer.Want(t, http.StatusUnprocessableEntity).List("errors"); len(faults) != 50 {
		t.Errorf("%d faults, want 50", len(faults))
	}
}

func TestBodiesAtTheLimitAreTaken(t *testing.T) {
	t.Parallel()
	w := apitest.New(t)
	s := w.School(t, "linde", apitest.Setup{Families: 1})
	frame := `{"name":""}`
	for _, from := range []struct {
		path, token string
		most        int
	}{{"/family/session", "", 16 << 10}, {"/teachers", s.Admin, 1 << 20}} {
		for size, status := range map[int]int{from.most: http.StatusUnprocessableEntity, from.most + 1: http.StatusRequestEntityTooLarge} {
			body := `{"name":"` + strings.Repeat("x", size-len(frame)) + `"}`
			if got := w.Do(t, apitest.Call{Method: http.MethodPost, Path: s.Path + from.path, Token: from.token, Body: body}).Status; got != status {
				t.Errorf("%s, %d bytes: %d, want %d", from.path, len(body), got, status)
			}
		}
	}
}

// endless is a body without an end, whose length is not told either.
type endless struct{ read int }

func (e *endless) Read(into []byte) (int, error) {
	for i := range into {
		into[i] = ' '
	}
	e.read += len(into)
	return len(into), nil
}

func TestABodyWithoutAnEndIsCutOff(t *testing.T) {
	t.Parallel()
	w := apitest.New(t)
	s := w.School(t, "linde", apitest.Setup{Families: 1})
	for path, most := range map[string]int{"/family/session": 16 << 10, "/roster/check": 25 << 20} {
		body := &endless{}
		call := apitest.Call{Method: http.MethodPost, Path: s.Path + path, Token: s.Admin, Body: body}
		if path == "/roster/check" {
			call.Type = "multipart/form-data; boundary=x"
		} else {
			call.Token = ""
		}
		w.Do(t, call).Want(t, http.StatusRequestEntityTooLarge)
		if body.read > most+1<<20 {
			t.Errorf("%s: %d bytes were read", path, body.read)
		}
	}
}

// broken is a connection that fails while the body comes in.
type broken struct{ err error }

func (b broken) Read([]byte) (int, error) { return 0, b.err }

func TestABodyThatDoesNotCome(t *testing.T) {
	t.Parallel()
	w := apitest.New(t)
	s := w.School(t, "linde", apitest.Setup{Families: 1})
	for err, status := range map[error]int{os.ErrDeadlineExceeded: http.StatusRequestTimeout, io.ErrUnexpectedEOF: http.StatusBadRequest} {
		w.Do(t, apitest.Call{Method: http.MethodPost, Path: s.Path + "/family/session", Body: broken{err}}).Want(t, status)
	}
}

func TestBodiesThatDawdleDoNotFillTheMemory(t *testing.T) {
	t.Parallel()
	w := apitest.New(t)
	s := w.School(t, "linde", apitest.Setup{Families: 1})
	upload := func(body io.Reader) apitest.Answer {
		return w.Do(t, apitest.Call{Method: http.MethodPost, Path: s.Path + "/roster/check", Token: s.Admin, Body: body, Type: "multipart/form-data; boundary=x"})
	}
	var dawdling sync.WaitGroup
	var ends []*io.PipeWriter
	for range 4 { // as many of the greatest as there is room for
		body, end := io.Pipe()
		dawdling.Go(func() {
			if status := upload(body).Status; status != http.StatusBadRequest {
				t.Errorf("one that came in the end: %d", status)
			}
		})
		if _, err := end.Write([]byte("-")); err != nil { // it is being read
			t.Fatal(err)
		}
		ends = append(ends, end)
	}
	answer := upload(strings.NewReader("--x--"))
	if problem := answer.Want(t, http.StatusServiceUnavailable); problem.Text("code") != "busy" || answer.Header.Get("Retry-After") != "5" {
		t.Errorf("%v %s", answer.Header, answer.Body)
	}
	s.LogIn(t, 0) // who brings little is not in the way of anybody
	for _, end := range ends {
		_ = end.Close()
	}
	dawdling.Wait()
	upload(strings.NewReader("--x--")).Want(t, http.StatusUnprocessableEntity)
}
