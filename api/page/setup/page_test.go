package setup_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/labstack/echo/v4"

	"github.com/ouderavond/ouderavond/api/page/pagetest"
	"github.com/ouderavond/ouderavond/api/page/setup"
	"github.com/ouderavond/ouderavond/auth"
	"github.com/ouderavond/ouderavond/booking"
	"github.com/ouderavond/ouderavond/models/store/storetest"
)

// fresh is an empty installation.
type fresh struct {
	t      *testing.T
	page   *setup.Page
	router *echo.Echo
}

func newFresh(t *testing.T, base string) *fresh {
	t.Helper()
	db := storetest.New(t)
	page, err := setup.New(setup.Config{Booking: booking.New(db.Store, booking.Options{}), Auth: auth.NewServices(db.Store, nil), Clock: db.Clock, BaseURL: base})
	if err != nil {
		t.Fatal(err)
	}
	f := &fresh{t, page, echo.New()}
	page.Mount(f.router)
	return f
}

// ask asks for the page, or sends its form, from an address.
func (f *fresh) ask(remote, host string, header http.Header, form url.Values) *httptest.ResponseRecorder {
	f.t.Helper()
	method, body := http.MethodGet, ""
	if form != nil {
		method, body = http.MethodPost, form.Encode()
	}
	request := httptest.NewRequest(method, setup.Path, strings.NewReader(body))
	request.RemoteAddr, request.Host = remote, host
	request.Header.Set("Accept-Language", "nl")
	if form != nil {
		request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	for name, values := range header {
		request.Header[name] = values
	}
	recorder := httptest.NewRecorder()
	f.router.ServeHTTP(recorder, request)
	return recorder
}

const (
	here   = "http://127.0.0.1:8080"
	nearby = "127.0.0.1:50000"
	far    = "203.0.113.7:50000"
)

func form(pairs ...string) url.Values {
	values := url.Values{"name": {"Basisschool ’t Örken"}, "slug": {""}, "person": {"Ineke Bosman"}, "address": {"kantoor@orken.example"}}
	for i := 0; i+1 < len(pairs); i += 2 {
		values.Set(pairs[i], pairs[i+1])
	}
	return values
}

func TestTheFirstSchoolIsMadeOnce(t *testing.T) {
	t.Parallel()
	f := newFresh(t, here)
	if answer := f.ask(nearby, "localhost:8080", nil, nil); answer.Code != http.StatusOK || strings.Contains(answer.Body.String(), `name="code"`) {
		t.Errorf("%d %s", answer.Code, answer.Body)
	}
	for field, value := range map[string]string{"name": " ", "address": "geen adres", "slug": "api"} {
		if answer := f.ask(nearby, "127.0.0.1:8080", nil, form(field, value)); answer.Code != http.StatusUnprocessableEntity || !strings.Contains(answer.Body.String(), `aria-invalid="true"`) || !strings.Contains(answer.Body.String(), "Ineke Bosman") {
			t.Errorf("%s: %d %s", field, answer.Code, answer.Body)
		}
	}
	if answer := f.ask(nearby, "127.0.0.1:8080", http.Header{"Sec-Fetch-Site": {"cross-site"}}, form()); answer.Code != http.StatusForbidden {
		t.Errorf("from another site: %d", answer.Code)
	}
	var group sync.WaitGroup
	made := make(chan string, 5)
	for i := range cap(made) {
		group.Go(func() {
			if answer := f.ask(nearby, "127.0.0.1:8080", nil, form("slug", fmt.Sprint("school-", i))); answer.Code == http.StatusSeeOther {
				made <- answer.Header().Get("Location")
			}
		})
	}
	group.Wait()
	if len(made) != 1 || !strings.Contains(<-made, "/staff/link/") {
		t.Errorf("%d schools were made", len(made))
	}
	if answer := f.ask(nearby, "127.0.0.1:8080", nil, nil); answer.Code != http.StatusNotFound {
		t.Errorf("afterwards: %d", answer.Code)
	}
}

func TestFromAnotherMachineItTakesTheCode(t *testing.T) {
	t.Parallel()
	for name, how := range map[string]struct {
		base, remote, host string
		header             http.Header
	}{
		"another machine": {here, far, "127.0.0.1:8080", nil}, "a proxy that says so": {here, nearby, "127.0.0.1:8080", http.Header{"X-Forwarded-For": {"203.0.113.7"}}},
		"a proxy that says nothing": {"https://ouderavond.example", nearby, "127.0.0.1:8080", nil}, "another name of this machine": {here, nearby, "boos.example", nil},
		"a proxy of the standard": {here, nearby, "localhost", http.Header{"Forwarded": {"for=203.0.113.7"}}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := newFresh(t, how.base)
			if answer := f.ask(how.remote, how.host, how.header, nil); !strings.Contains(answer.Body.String(), `name="code"`) {
				t.Errorf("no code is asked for: %s", answer.Body)
			}
			for _, code := range []string{"", "AAAA-AAAA-AAAA", f.page.Code()[:13]} {
				if answer := f.ask(how.remote, how.host, how.header, form("code", code)); answer.Code != http.StatusUnprocessableEntity {
					t.Errorf("with %q: %d", code, answer.Code)
				}
			}
			typed := strings.ToLower(strings.ReplaceAll(f.page.Code(), "-", " "))
			if answer := f.ask(how.remote, how.host, how.header, form("code", typed)); answer.Code != http.StatusSeeOther || !strings.HasPrefix(answer.Header().Get("Location"), "/basisschool-t-orken/staff/link/") {
				t.Errorf("with the code: %d %s %s", answer.Code, answer.Header().Get("Location"), answer.Body)
			}
		})
	}
}

func TestBrowserTheFirstSchool(t *testing.T) {
	t.Parallel()
	f := newFresh(t, "https://ouderavond.example")
	server := httptest.NewServer(f.router)
	t.Cleanup(server.Close)
	ctx := pagetest.Browser(t, false)
	for _, width := range []int64{320, 1280} {
		pagetest.Run(t, ctx, pagetest.Screen(width, 800), pagetest.Open(server.URL+setup.Path))
		pagetest.Look(t, ctx, fmt.Sprint("setup-", width))
	}
	pagetest.Run(t, ctx, chromedp.SendKeys(chromedp.CSS("#name"), "De Wilg"), chromedp.SendKeys(chromedp.CSS("#address"), "kantoor@dewilg.example"), chromedp.SendKeys(chromedp.CSS("#code"), "verkeerd"), chromedp.Submit(chromedp.CSS("#name")), chromedp.WaitVisible(chromedp.CSS(".note.bad")))
	pagetest.Look(t, ctx, "setup-wrong-1280")
}
