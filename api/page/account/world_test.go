package account_test

import (
	"errors"
	"html"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/labstack/echo/v4"

	"github.com/ouderavond/ouderavond/api"
	"github.com/ouderavond/ouderavond/api/apitest"
	"github.com/ouderavond/ouderavond/api/page/account"
	"github.com/ouderavond/ouderavond/api/page/staff"
	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/store"
)

// site is a school with its pages of staff, on a server of its own.
type site struct {
	*apitest.World
	school *apitest.School
	base   *staff.Base
	url    string // of the school's pages of staff
}

// newSite makes a site; more sets of pages may be mounted on it.
func newSite(t *testing.T, more ...func(*echo.Echo, *staff.Base) error) *site {
	t.Helper()
	s := &site{}
	var mounted error
	s.World = apitest.New(t, func(config *api.Config) {
		config.Secure, config.BaseURL = false, ""
		base, err := staff.New(staff.Config{Booking: config.Booking, Auth: config.Auth, Clock: config.Clock, Logger: config.Logger})
		if err != nil {
			t.Fatal(err)
		}
		s.base = base
		config.Pages = func(router *echo.Echo) {
			mounted = account.Mount(router, base)
			for _, mount := range more {
				mounted = errors.Join(mounted, mount(router, base))
			}
		}
	})
	if mounted != nil {
		t.Fatal(mounted)
	}
	s.school = s.School(t, "linde", apitest.Setup{Families: 1})
	server := httptest.NewServer(s.Server.Handler())
	t.Cleanup(server.Close)
	s.url = server.URL + "/linde/staff"
	return s
}

// link returns the token of the last link that was sent to an address.
func (s *site) link(t *testing.T, address string) (token string) {
	t.Helper()
	err := s.Database.Store.For(models.System(s.school.ID, "test")).Read(t.Context(), func(tx *store.Tx) error {
		rows, err := store.List[models.Message](tx, store.Eq("kind", models.MessageStaffLink))
		last := models.MessageID{}
		for _, row := range rows {
			if row.Details.To == address && row.ID.Compare(last) > 0 {
				last, token = row.ID, row.Details.Link
			}
		}
		return err
	})
	if err != nil || token == "" {
		t.Fatalf("no link was sent to %s: %v", address, err)
	}
	return token
}

// browser is somebody with cookies who follows links and sends forms.
type browser struct {
	t      *testing.T
	client *http.Client
	at     string
	page   string // what is shown
	status int
	path   string // where, behind the server's address
}

func (s *site) browser(t *testing.T) *browser {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	return &browser{t: t, client: &http.Client{Jar: jar}, at: s.url}
}

func (b *browser) shown(answer *http.Response, err error) *browser {
	b.t.Helper()
	if err != nil {
		b.t.Fatal(err)
	}
	defer func() { _ = answer.Body.Close() }()
	body, err := io.ReadAll(answer.Body)
	if err != nil {
		b.t.Fatal(err)
	}
	b.page, b.status, b.path = string(body), answer.StatusCode, answer.Request.URL.RequestURI()
	return b
}

func (b *browser) get(path string) *browser {
	b.t.Helper()
	request, err := http.NewRequestWithContext(b.t.Context(), http.MethodGet, b.at+path, nil)
	if err != nil {
		b.t.Fatal(err)
	}
	request.Header.Set("Accept-Language", "nl")
	return b.shown(b.client.Do(request))
}

var hiddenField = regexp.MustCompile(`<input type="hidden" name="([^"]*)" value="([^"]*)"`)

// send sends a form: the pairs, and what the page has as hidden fields.
func (b *browser) send(path string, pairs ...string) *browser {
	b.t.Helper()
	form := url.Values{}
	for _, field := range hiddenField.FindAllStringSubmatch(b.page, -1) {
		form.Set(html.UnescapeString(field[1]), html.UnescapeString(field[2]))
	}
	for i := 0; i+1 < len(pairs); i += 2 {
		form.Set(pairs[i], pairs[i+1])
	}
	request, err := http.NewRequestWithContext(b.t.Context(), http.MethodPost, b.at+path, strings.NewReader(form.Encode()))
	if err != nil {
		b.t.Fatal(err)
	}
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	request.Header.Set("Accept-Language", "nl")
	return b.shown(b.client.Do(request))
}

func (b *browser) want(status int, path string, texts ...string) *browser {
	b.t.Helper()
	if b.status != status || path != "" && b.path != "/linde/staff"+path {
		b.t.Errorf("%d at %s, want %d at %s", b.status, b.path, status, path)
	}
	for _, text := range texts {
		if !strings.Contains(b.page, text) {
			b.t.Errorf("%q is not on the page at %s:\n%s", text, b.path, b.page)
		}
	}
	return b
}
