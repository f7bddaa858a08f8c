package setup

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"embed"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"sync"

	"github.com/labstack/echo/v4"

	"github.com/ouderavond/ouderavond/api/page/layout"
	"github.com/ouderavond/ouderavond/auth"
	"github.com/ouderavond/ouderavond/auth/account"
	"github.com/ouderavond/ouderavond/booking"
	"github.com/ouderavond/ouderavond/booking/school"
	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/errs"
)

//go:embed templates/*.html
var templateFiles embed.FS

//go:embed locale/*.json
var localeFiles embed.FS

// Path is the address of the page. Booking refuses it as a school's slug.
const Path = "/setup"

// Config is what the page needs. Booking, Auth and Clock are needed.
type Config struct {
	Booking *booking.Services
	Auth    *auth.Services
	Clock   models.Clock
	Logger  *slog.Logger
	// BaseURL is the address under which people reach the server. Only where that is this machine itself, a browser on it needs no code: behind a proxy on the same
	// machine everybody would seem to be on it.
	BaseURL string
	Secure  bool
}

// Page is the page. It is safe for concurrent use.
type Page struct {
	config Config
	site   *layout.Site
	code   string
	making sync.Mutex // held while the first school is made
}

// New makes the page with a code of its own.
func New(config Config) (*Page, error) {
	if config.Logger == nil {
		config.Logger = slog.New(slog.DiscardHandler)
	}
	site, err := layout.NewSite(layout.SiteConfig{Templates: templateFiles, Sentences: localeFiles, Clock: config.Clock, Logger: config.Logger, Secure: config.Secure})
	if err != nil {
		return nil, err
	}
	text := rand.Text()
	return &Page{config: config, site: site, code: text[:4] + "-" + text[4:8] + "-" + text[8:12]}, nil
}

// Code is what somebody on another machine has to type; 60 random bits, good until the program stops.
func (p *Page) Code() string { return p.code }

// Empty reports whether there is no school yet.
func (p *Page) Empty(ctx context.Context) (bool, error) {
	schools, err := p.config.Booking.Schools.List(ctx, models.Actor{Kind: models.ActorOperator})
	return len(schools) == 0, err
}

// Mount adds the page to a router.
func (p *Page) Mount(e *echo.Echo) {
	p.site.Mount(e)
	e.Match([]string{http.MethodGet, http.MethodHead, http.MethodPost}, Path, p.serve)
}

func (p *Page) serve(c echo.Context) error {
	v := p.site.NewVisit(c)
	err := v.Read()
	if err == nil {
		err = p.answer(v)
	}
	if err != nil && !c.Response().Committed {
		v.Fail(v.NewFrame, err)
	}
	return nil
}

func (p *Page) answer(v *layout.Visit) error {
	request := v.Echo.Request()
	empty, err := p.Empty(request.Context())
	if err != nil {
		return err
	}
	if !empty {
		return errs.New(errs.NotFound, errs.CodeNotFound)
	}
	if tag, ok := v.Query.Optional("lang"); ok && request.Method == http.MethodGet {
		return v.SwitchLanguage(tag)
	}
	if request.Method != http.MethodPost {
		return p.show(v, typed{}, nil)
	}
	return p.make(v)
}

// near reports whether a browser is on the same machine, and comes through no proxy.
func (p *Page) near(request *http.Request) bool {
	public, err := url.Parse(p.config.BaseURL)
	if err != nil || !loopback(public.Hostname()) {
		return false
	}
	for _, header := range []string{"Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Real-Ip", "Via"} {
		if request.Header.Get(header) != "" {
			return false
		}
	}
	host, _, err := net.SplitHostPort(request.Host)
	if err != nil {
		host = request.Host
	}
	peer, err := netip.ParseAddrPort(request.RemoteAddr)
	return err == nil && peer.Addr().Unmap().IsLoopback() && loopback(host)
}

func loopback(host string) bool {
	address, err := netip.ParseAddr(strings.Trim(host, "[]"))
	return host == "localhost" || err == nil && address.IsLoopback()
}

// typed is what somebody filled in.
type typed struct{ name, slug, person, address string }

type view struct {
	*layout.Frame
	School, Slug, Person, Address layout.Field
	Code                          *layout.Field
}

func (p *Page) show(v *layout.Visit, filled typed, fault error) error {
	f := v.NewStaffFrame(layout.Staff{}, "setup.title")
	view := &view{
		Frame:   f,
		School:  layout.Field{Name: "name", Label: f.T("setup.school"), Type: "text", Autocomplete: "organization", Value: filled.name, Required: true},
		Slug:    layout.Field{Name: "slug", Label: f.T("setup.slug"), Hint: f.T("setup.slug_hint", "Address", p.config.BaseURL+"/"), Type: "text", Autocomplete: "off", Value: filled.slug},
		Person:  layout.Field{Name: "person", Label: f.T("setup.person"), Type: "text", Autocomplete: "name", Value: filled.person},
		Address: layout.Field{Name: "address", Label: f.T("setup.address"), Hint: f.T("setup.address_hint"), Type: "email", Autocomplete: "email", Value: filled.address, Required: true},
	}
	if !p.near(v.Echo.Request()) {
		view.Code = &layout.Field{Name: "code", Label: f.T("setup.code"), Hint: f.T("setup.code_hint"), Type: "text", Autocomplete: "off", Short: true, Required: true}
	}
	status := http.StatusOK
	if fault != nil {
		if !view.blame(fault) {
			return fault
		}
		status = http.StatusUnprocessableEntity
	}
	return v.Render(status, "setup", view)
}

// blame writes what is wrong into the fields; it returns false for what is not about them.
func (view *view) blame(fault error) bool {
	found, ok := errs.As(fault)
	if !ok {
		return false
	}
	f := view.Frame
	mark := func(field *layout.Field, id string) {
		field.Error = f.T(id)
		f.Blame(field.Name, field.Error)
	}
	if found.Kind == errs.Conflict {
		mark(&view.Slug, "setup.wrong.taken")
		return true
	}
	for _, one := range found.Fields {
		switch one.Name {
		case "slug":
			mark(&view.Slug, "setup.wrong.slug")
		case "login":
			mark(&view.Address, "setup.wrong.address")
		case "code":
			if view.Code != nil {
				mark(view.Code, "setup.wrong.code")
			}
		default:
			mark(&view.School, "setup.wrong.name")
		}
	}
	return len(found.Fields) > 0
}

// make makes the school and its administrator, and leads to the administrator's invitation.
func (p *Page) make(v *layout.Visit) error {
	ctx := v.Echo.Request().Context()
	filled := typed{strings.TrimSpace(v.Form.Value("name")), strings.TrimSpace(v.Form.Value("slug")), v.Form.Value("person"), v.Form.Value("address")}
	if !p.near(v.Echo.Request()) && subtle.ConstantTimeCompare([]byte(plain(v.Form.Value("code"))), []byte(plain(p.code))) != 1 {
		return p.show(v, filled, errs.InvalidField("code", "wrong"))
	}
	if filled.name == "" {
		return p.show(v, filled, errs.InvalidField("name", errs.CodeRequired))
	}
	if filled.slug == "" {
		filled.slug = school.SlugOf(filled.name)
	}
	wanted := account.New{Login: filled.address, Name: filled.person, Roles: []models.Role{models.RoleAdministrator}, Untold: true}
	operator := models.Actor{Kind: models.ActorOperator}
	if err := account.Check(operator, wanted); err != nil { // before the school is there
		return p.show(v, filled, err)
	}
	p.making.Lock()
	defer p.making.Unlock()
	if empty, err := p.Empty(ctx); err != nil || !empty {
		return errors.Join(err, errs.New(errs.NotFound, errs.CodeNotFound))
	}
	made, err := p.config.Booking.Schools.Create(ctx, operator, school.NewSchool{Slug: filled.slug, Details: models.SchoolDetails{Name: filled.name}})
	if err != nil {
		return p.show(v, filled, err)
	}
	operator.School = made.ID
	invited, err := p.config.Auth.Accounts.Create(ctx, operator, wanted)
	if err != nil {
		return err
	}
	return v.Redirect("/"+made.Slug+models.StaffLinkPath+invited.Token, nil)
}

// plain is a code as it is compared, however it was typed.
func plain(code string) string {
	return strings.ToUpper(strings.NewReplacer("-", "", " ", "").Replace(code))
}
