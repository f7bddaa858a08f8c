package page

import (
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"github.com/ouderavond/ouderavond/auth"
	"github.com/ouderavond/ouderavond/auth/access"
	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/errs"
	"github.com/ouderavond/ouderavond/models/language"
)

// visitKey is where a request keeps its visit, so that a failure further up still knows its school and language.
const visitKey = "page.visit"

// slugForm is what a school's part of an address, or its id, looks like. Anything else is not looked up.
var slugForm = regexp.MustCompile(`^[a-z0-9-]{1,64}$`)

// visit is one request as the handlers see it.
type visit struct {
	pages *Pages
	c     echo.Context
	front *auth.Front // nil where no school is named
	actor models.Actor
	text  language.Localizer
	form  form
	query form
	// expired tells that the browser came with a session that is none any more.
	expired bool
	// here is the address that shows this page again by GET, for the choice of a language.
	here string
	// policy is the answer's Content-Security-Policy; framing is its X-Frame-Options, which older browsers know instead.
	policy, framing string
}

func (p *Pages) visitOf(c echo.Context) *visit {
	if v, ok := c.Get(visitKey).(*visit); ok {
		return v
	}
	v := &visit{pages: p, c: c, policy: policy, framing: "DENY"}
	v.here = ownPath(c.Request().URL)
	if query := c.Request().URL.Query(); len(query) > 0 && c.Request().Method == http.MethodGet {
		v.here += "?" + query.Encode()
	}
	v.text = p.texts.For(v.chosenLanguage(p.texts.Languages()))
	c.Set(visitKey, v)
	return v
}

// begin prepares what a route needs. It may answer by itself, with a redirect.
func (v *visit) begin(r route) error {
	request := v.c.Request()
	var err error
	if v.query, err = readQuery(request); err != nil {
		return err
	}
	if r.method == http.MethodPost {
		if err := v.pages.guard.Check(request); err != nil {
			return errs.Because(errs.Forbidden, "page.other-site", err)
		}
		if v.form, err = readForm(v.c.Response(), request); err != nil {
			return err
		}
	}
	if r.need == needSchool || r.need == needFamily {
		if slug := v.c.Param("school"); r.method == http.MethodGet && strings.ToLower(slug) != slug {
			// Telephones write the first letter of what is typed large.
			plain := "/" + strings.ToLower(slug) + strings.TrimPrefix(ownPath(request.URL), "/"+slug)
			return v.redirect(ownPath(&url.URL{Path: plain}), request.URL.Query())
		}
		if err := v.findSchool(); err != nil {
			return err
		}
	}
	if tag, ok := v.query.optional("lang"); ok && r.method == http.MethodGet {
		return v.switchLanguage(tag)
	}
	if r.need == needFamily && v.actor.Kind != models.ActorParent {
		return v.askLogin()
	}
	return nil
}

func (v *visit) findSchool() error {
	ctx, slug := v.c.Request().Context(), v.c.Param("school")
	if !slugForm.MatchString(slug) {
		return errs.New(errs.NotFound, "not-found")
	}
	id, err := v.pages.config.Auth.School(ctx, slug)
	if err != nil {
		return err
	}
	if v.front, err = v.pages.config.Auth.Front(ctx, id); err != nil {
		return err
	}
	v.text = v.pages.texts.For(v.chosenLanguage(v.languages()))
	if note := v.pages.config.NoteSchool; note != nil {
		note(ctx, id)
	}
	token := v.cookie(sessionCookie)
	if token == "" {
		return nil
	}
	actor, err := v.pages.config.Auth.Authenticate(ctx, id, token)
	if errs.KindOf(err) == errs.Unauthenticated && err != nil {
		v.expired = true
		return nil
	}
	if err != nil {
		return err
	}
	// A token of staff or of a program opens no family.
	if access.Decide(actor, access.UseFamily, id) == access.Allowed {
		v.actor = actor
	}
	return nil
}

// languages are those of the school that there are sentences for.
func (v *visit) languages() []string {
	known := v.pages.texts.Languages()
	if v.front == nil {
		return known
	}
	both := slices.DeleteFunc(slices.Clone(v.front.Languages), func(tag string) bool { return !slices.Contains(known, tag) })
	if len(both) == 0 {
		return known
	}
	return both
}

func (v *visit) chosenLanguage(allowed []string) string {
	if chosen := v.cookie(languageCookie); slices.Contains(allowed, chosen) {
		return chosen
	}
	return language.Match(v.c.Request().Header.Get("Accept-Language"), allowed)
}

// switchLanguage remembers a language and shows the page again under its plain address.
func (v *visit) switchLanguage(tag string) error {
	if slices.Contains(v.languages(), tag) {
		v.setCookie(languageCookie, tag, languageLife)
	}
	address := v.c.Request().URL
	query := address.Query()
	query.Del("lang")
	return v.redirect(ownPath(address), query)
}

// ownPath is the path of an address with one slash at the front: two would name another host.
func ownPath(address *url.URL) string { return "/" + strings.TrimLeft(address.EscapedPath(), "/\\") }

func (v *visit) redirect(path string, query url.Values) error {
	v.headers()
	if len(query) > 0 {
		path += "?" + query.Encode()
	}
	return v.c.Redirect(http.StatusSeeOther, path)
}

// path gives an address of the visit's school.
func (v *visit) path(rest string) string { return "/" + v.front.Slug + rest }

// askLogin sends somebody without a session to the log-in page, with what they had chosen.
func (v *visit) askLogin() error {
	query := url.Values{}
	if chosen, err := v.carried(); err == nil {
		query = encodeChoices(chosen)
	}
	if v.expired {
		query.Set("again", "1")
	}
	if strings.HasPrefix(v.c.Path(), "/:school/appointments") {
		query.Set("next", "appointments")
	}
	return v.redirect(v.path(""), query)
}

// carried gives the choices that a request brings, in its form or its address.
func (v *visit) carried() ([]choice, error) {
	if v.c.Request().Method == http.MethodPost {
		return decodeChoices(v.form)
	}
	return decodeChoices(v.query)
}

func (v *visit) origin() auth.Origin {
	return auth.Origin{
		Address: v.pages.config.Address(v.c.Request()), Device: v.cookie(deviceCookie), Language: v.text.Language(), Session: v.actor,
	}
}

// zone is the school's time zone, in which every time is shown.
func (v *visit) zone() *time.Location {
	if v.front == nil {
		return time.UTC
	}
	zone, err := time.LoadLocation(v.front.Zone)
	if err != nil {
		return time.UTC
	}
	return zone
}

func (v *visit) dates() language.Dates { return v.text.Dates(v.zone()) }

func (v *visit) now() time.Time { return v.pages.config.Clock.Now() }
