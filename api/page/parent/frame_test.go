package parent_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/labstack/echo/v4"
	"golang.org/x/net/html"

	"github.com/ouderavond/ouderavond/api/page/layout"
	"github.com/ouderavond/ouderavond/api/page/parent"
	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/errs"
)

func TestTheSentencesAgreeInEveryLanguage(t *testing.T) {
	t.Parallel()
	texts, err := layout.Catalogue(nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := texts.Check(); err != nil {
		t.Error(err)
	}
}

func TestEverySentenceThatIsAskedForIsThere(t *testing.T) {
	t.Parallel()
	texts, err := layout.Catalogue(nil)
	if err != nil {
		t.Fatal(err)
	}
	asked := regexp.MustCompile(`"((?:layout|login|code|link|choose|plan|full|confirm|conflict|reason|appointments|move|cancel|fault|failure|start|mailbox)\.[a-z_]+)"`)
	var files []string
	for _, pattern := range []string{"*.go", "templates/*.html"} {
		found, err := filepath.Glob(pattern)
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, found...)
	}
	count := 0
	for _, file := range files {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		content, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, match := range asked.FindAllStringSubmatch(string(content), -1) {
			count++
			// A sentence with placeholders answers its id too, but a plural of it does not exist either.
			if !strings.HasSuffix(match[1], "_") && !known(texts.For("nl"), match[1]) {
				t.Errorf("%s asks for %q", file, match[1])
			}
		}
	}
	if count < 150 {
		t.Errorf("only %d sentences were found", count)
	}
}

// known reports whether a sentence is there, whatever its placeholders.
func known(texts interface {
	Plural(string, int, map[string]any) string
}, id string) bool {
	all := map[string]any{}
	for _, name := range []string{"Step", "School", "Time", "Wait", "Child", "Staff", "Talk", "From", "To", "What", "Number", "Of", "Talks", "Until", "LinkUntil"} {
		all[name] = "x"
	}
	return texts.Plural(id, 2, all) != id
}

func TestTheLanguageIsChosenAndRemembered(t *testing.T) {
	t.Parallel()
	w := primary(t)
	c := w.client()
	c.header.Set("Accept-Language", "fr")
	c.get("/de-linde").wants("Inloggen voor de oudergesprekken")
	c.speak("English").wants("Log in for the parent-teacher talks")
	if strings.Contains(c.path, "lang") {
		t.Errorf("the address is %s", c.path)
	}
	c.get("/de-linde/code").wants("Log in with a code")
	c.get("/de-linde?lang=xx").wants("Log in for")
	c.speak("Nederlands").wants("Inloggen")
	d := w.client()
	d.header.Set("Accept-Language", "en-GB,en;q=0.8,nl;q=0.5")
	d.get("/de-linde").wants("Log in for")
	d.get("//evil.example/%2f?lang=nl")
	if location := d.head.Get("Location"); strings.HasPrefix(location, "//") {
		t.Errorf("redirect to %q", location)
	}
}

func TestAVisitInEnglish(t *testing.T) {
	t.Parallel()
	w := primary(t)
	c := w.client()
	c.header.Set("Accept-Language", "en")
	c.get("/de-linde").form("Log in").set("First name", "Sanne de Vries").set("Day", "3").set("Month", "1").set("Year", "2017").set("Postcode", "1234ab").press("Log in")
	c.is(http.StatusOK).wants("Choose your times", "Required talk", "Tuesday 24 November 2026", "You can book and change until Monday 23 November 2026 at 12:00")
	c.form("Continue to booking").pick("Sanne: Rapportgesprek", "", "Juf Anna", "19:00").press("Continue to booking").wants("Check and book", "Your talk")
	w.bookElsewhere("Noor", "Rapportgesprek", "Juf Anna", "19:00")
	c.form("Book this talk").press("Book this talk").is(http.StatusConflict).wants("Somebody else has just booked this time", "Do not book this talk")
	c.form("Book now").press("Book now").is(http.StatusOK).wants("Done! Your talks are booked.", "19:10–19:20")
	c.follow("Move").wants("Move this talk", "Your old time stays yours").follow("Cancel it instead").wants("Cancel this talk?")
	c.form("Yes").press("Yes").wants("Your talk has been cancelled.")
	c.form("Log out").press("Log out").wants("You are logged out.")
}

// marks checks that words of the school's own stand in an element that says their language, but in what is read as one with sentences of the page.
func (c *client) marks(words ...string) *client {
	c.t.Helper()
	for _, word := range words {
		found := false
		for node := range c.nodes("main")[0].Descendants() {
			if node.Type != html.TextNode || !strings.Contains(node.Data, word) {
				continue
			}
			lang, mixed := "", false
			for above := node.Parent; above != nil && above.Data != "html"; above = above.Parent {
				lang += attribute(above, "lang")
				mixed = mixed || attribute(above, "class") == "hide" || slices.Contains([]string{"option", "summary"}, above.Data)
			}
			found = true
			if !mixed && lang != "nl" {
				c.t.Errorf("%s: %q is not marked as Dutch", c.path, node.Data)
			}
		}
		if !found {
			c.t.Errorf("%s: there is no %q", c.path, word)
		}
	}
	return c
}

func TestWordsOfTheSchoolAreMarkedOnAPageInAnotherLanguage(t *testing.T) {
	t.Parallel()
	w := primary(t)
	c := w.client()
	c.logIn()
	c.get("/de-linde/choose")
	for _, element := range []string{"h2", "p", "span", "small", "label"} {
		for _, node := range c.nodes(element) {
			if has(node, "lang") {
				t.Errorf("a page in Dutch marks %q", text(node))
			}
		}
	}
	c.speak("English").marks("Rapportgesprek", "Intern begeleider", "Tienminutengesprekken november", "We spreken u graag", "Groep 5")
	c.form("Make a proposal").tick("Intern begeleider").press("Make a proposal").marks("Rapportgesprek", "Intern begeleider")
	c.form("Take proposal 1").press("Take proposal 1").wants("Check and book").marks("Rapportgesprek", "Intern begeleider")
	c.form("Book these").press("Book these").wants("Done!").marks("Rapportgesprek", "Intern begeleider")
	first := "Rapportgesprek"
	if c.follow("Move"); !c.reads(first) {
		first = "Intern begeleider"
	}
	c.marks(first)
}

func TestChoicesSurviveAChangeOfLanguage(t *testing.T) {
	t.Parallel()
	w := primary(t)
	c := w.confirm("19:00", "19:30")
	c.speak("English").wants("Check and book", "19:00–19:10", "19:30–19:40")
	d := w.confirm("19:00", "19:30")
	d.form("Boek deze").set("E-mailadres", "x").press("Boek deze").speak("English").wants("Check and book", "19:00–19:10")
}

func TestFailuresAreToldNeutrally(t *testing.T) {
	t.Parallel()
	w := primary(t)
	pages, err := parent.New(parent.Config{Booking: w.booking, Auth: w.auth, Clock: w.db.Clock})
	if err != nil {
		t.Fatal(err)
	}
	tests := map[string]struct {
		err    error
		status int
		says   string
	}{
		"a fault of ours":          {errors.New("secret of the database"), 500, "Er ging bij ons iets mis"},
		"an internal error":        {errs.Because(errs.Internal, "x", errors.New("secret")), 500, "Er ging bij ons iets mis"},
		"a database that is away":  {errs.New(errs.Unavailable, "x"), 503, "We zijn even niet bereikbaar"},
		"too often":                {&errs.Error{Kind: errs.TooMany, RetryAfter: 90 * time.Second}, 429, "Even geduld"},
		"nothing there":            {echo.ErrNotFound, 404, "Deze pagina is er niet"},
		"a method that is not":     {echo.ErrMethodNotAllowed, 405, "Dit kan hier niet"},
		"something else of theirs": {echo.NewHTTPError(418), 418, "Dit konden we niet lezen"},
		"something else of ours":   {echo.NewHTTPError(502), 502, "Er ging bij ons iets mis"},
		"a status of no failure":   {echo.NewHTTPError(200), 500, "Er ging bij ons iets mis"},
	}
	for title, test := range tests {
		t.Run(title, func(t *testing.T) {
			t.Parallel()
			e := echo.New()
			e.HTTPErrorHandler = pages.ErrorHandler
			e.GET("/", func(echo.Context) error { return test.err })
			c := &client{t: t, handler: e, cookies: map[string]string{}, header: http.Header{"Accept-Language": {"nl"}}}
			c.get("/").is(test.status).wants(test.says).lacks("secret")
			if retry := c.head.Get("Retry-After"); (test.status == 503 || test.status == 429) != (retry != "") {
				t.Errorf("Retry-After %q", retry)
			}
		})
	}
}

func TestADatabaseThatIsAwayIsToldOnEveryPage(t *testing.T) {
	t.Parallel()
	w := primary(t)
	c := w.client()
	c.logIn()
	for _, path := range []string{"/de-linde", "/de-linde/choose", "/de-linde/appointments"} {
		request := httptest.NewRequest(http.MethodGet, path, nil)
		ended, cancel := contextThatEnded()
		cancel()
		c.raw(request.WithContext(ended))
		if c.status < 500 {
			t.Errorf("%s: %d", path, c.status)
		}
	}
}

func TestCookiesOverHTTPS(t *testing.T) {
	t.Parallel()
	w := primary(t, func(config *parent.Config) { config.Secure = true })
	form := "name=Sanne+de+Vries&birth_day=3&birth_month=1&birth_year=2017&postcode=1234AB"
	request := httptest.NewRequest(http.MethodPost, "/de-linde", strings.NewReader(form))
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	recorder := httptest.NewRecorder()
	w.echo.ServeHTTP(recorder, request)
	cookies := recorder.Result().Cookies()
	if len(cookies) != 3 {
		t.Fatalf("%d cookies", len(cookies))
	}
	for _, cookie := range cookies {
		if !strings.HasPrefix(cookie.Name, "__Host-") || cookie.Path != "/" || !cookie.Secure || !cookie.HttpOnly || cookie.SameSite != http.SameSiteLaxMode || cookie.Domain != "" {
			t.Errorf("%+v", cookie)
		}
	}
}

func TestCookiesWithoutHTTPSStayWithTheSchool(t *testing.T) {
	t.Parallel()
	w := primary(t)
	form := "name=Sanne+de+Vries&birth_day=3&birth_month=1&birth_year=2017&postcode=1234AB"
	request := httptest.NewRequest(http.MethodPost, "/de-linde", strings.NewReader(form))
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	recorder := httptest.NewRecorder()
	w.echo.ServeHTTP(recorder, request)
	lives := map[string]int{"session-de-linde": 2 * 60 * 60, "device-de-linde": 180 * 24 * 60 * 60, "try-de-linde": 24 * 60 * 60}
	for _, cookie := range recorder.Result().Cookies() {
		if cookie.Path != "/de-linde" || cookie.Secure || !cookie.HttpOnly || cookie.MaxAge != lives[cookie.Name] {
			t.Errorf("%+v", cookie)
		}
	}
}

func TestProgramsKeepTheErrorsOfTheAPI(t *testing.T) {
	t.Parallel()
	w := primary(t)
	pages, err := parent.New(parent.Config{Booking: w.booking, Auth: w.auth, Clock: w.db.Clock})
	w.must(err)
	e := echo.New()
	e.HTTPErrorHandler = func(_ error, c echo.Context) { _ = c.String(http.StatusTeapot, "the API's own") }
	pages.Mount(e)
	tests := map[string]struct {
		path, accept string
		status       int
	}{
		"a browser at an address that is not there":            {"/de-linde/x/y/z", "text/html,*/*;q=0.8", http.StatusNotFound},
		"a program at an address that is not there":            {"/de-linde/x/y/z", "application/json", http.StatusTeapot},
		"a browser below the API":                              {"/api/v1/x", "text/html", http.StatusTeapot},
		"a program at a page of a school that is not there":    {"/nergens", "*/*", http.StatusNotFound},
		"a browser at an address that only looks like the API": {"/apis/x/y", "text/html", http.StatusNotFound},
	}
	for title, test := range tests {
		request := httptest.NewRequest(http.MethodGet, test.path, nil)
		request.Header.Set("Accept", test.accept)
		recorder := httptest.NewRecorder()
		e.ServeHTTP(recorder, request)
		if recorder.Code != test.status {
			t.Errorf("%s: %d", title, recorder.Code)
		}
	}
}

func TestTheLogHearsOfCausesAndNobodyElse(t *testing.T) {
	t.Parallel()
	var causes []error
	var schools []models.SchoolID
	w := primary(t, func(config *parent.Config) {
		config.NoteCause = func(_ context.Context, cause error) { causes = append(causes, cause) }
		config.NoteSchool = func(_ context.Context, school models.SchoolID) { schools = append(schools, school) }
		config.Calendar = func(context.Context, models.SchoolID, models.Actor) ([]byte, error) {
			return nil, errors.New("out of ink")
		}
	})
	c := w.client()
	c.logIn()
	c.get("/de-linde/appointments.ics").is(http.StatusInternalServerError).wants("Er ging bij ons iets mis").lacks("out of ink")
	if len(causes) != 1 || !strings.Contains(causes[0].Error(), "out of ink") {
		t.Errorf("causes %v", causes)
	}
	if len(schools) == 0 || schools[0] != w.school {
		t.Errorf("schools %v", schools)
	}
}

func TestPagesNeedTheirServices(t *testing.T) {
	t.Parallel()
	if _, err := parent.New(parent.Config{}); err == nil {
		t.Error("pages without services")
	}
}

func TestARehearsalIsSaid(t *testing.T) {
	t.Parallel()
	w := primary(t)
	yes := true
	_, err := w.booking.Schools.Update(t.Context(), w.actor(), patchRehearsal(&yes))
	w.must(err)
	w.client().get("/de-linde").wants("Dit is een oefening van de school")
}

func TestHEADAnswersLikeGET(t *testing.T) {
	t.Parallel()
	w := primary(t)
	recorder := httptest.NewRecorder()
	w.echo.ServeHTTP(recorder, httptest.NewRequest(http.MethodHead, "/de-linde", nil))
	if recorder.Code != http.StatusOK {
		t.Errorf("status %d", recorder.Code)
	}
}
