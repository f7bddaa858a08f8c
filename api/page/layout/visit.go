package layout

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"github.com/ouderavond/ouderavond/models/errs"
	"github.com/ouderavond/ouderavond/models/language"
)

// Visit is one request of a browser, as the handlers of every kind of page see it. Pages for somebody wrap it with who is there.
type Visit struct {
	site  *Site
	Echo  echo.Context
	Text  language.Localizer
	Form  Form
	Query Form
	// slug is the school's part of the address; empty where no school is named.
	slug string
	// look is how the school looks and speaks; the zero value is the product's own.
	look Look
	// languages are those that the page can be shown in.
	languages []string
	// Here is the address that shows this page again by GET, for the choice of a language; empty where that is the request's own.
	Here string
	// Policy is the answer's Content-Security-Policy; framing is its X-Frame-Options, which older browsers know instead.
	Policy, Framing string
}

// NewVisit makes the visit of a request, in the language that the browser chose or asks for.
func (s *Site) NewVisit(c echo.Context) *Visit {
	v := &Visit{site: s, Echo: c, Policy: policy, Framing: "DENY", languages: s.texts.Languages()}
	v.Text = s.texts.For(v.chosenLanguage())
	return v
}

// Read reads the query, and the form of a POST that one of our own pages sent.
func (v *Visit) Read() (err error) {
	request := v.Echo.Request()
	if v.Query, err = readQuery(request); err != nil || request.Method != http.MethodPost {
		return err
	}
	if err := v.site.guard.Check(request); err != nil {
		return errs.Because(errs.Forbidden, "page.other-site", err)
	}
	v.Form, err = readForm(v.Echo.Response(), request)
	return err
}

// InSchool makes the visit one of a school, in one of its languages that there are sentences for.
func (v *Visit) InSchool(slug string, languages []string) {
	v.slug = slug
	known := v.site.texts.Languages()
	both := slices.DeleteFunc(slices.Clone(languages), func(tag string) bool { return !slices.Contains(known, tag) })
	if len(both) == 0 {
		both = known
	}
	v.languages = both
	v.speak(v.chosenLanguage())
}

// Wear gives the visit's pages the words of the school's kind, its colour and its logo. It follows InSchool.
func (v *Visit) Wear(look Look) {
	v.look = look
	v.speak(v.Text.Language())
}

// speak goes on in a language, with the words of the school's kind.
func (v *Visit) speak(tag string) { v.Text = v.site.texts.For(language.Voice(tag, v.look.Kind)) }

func (v *Visit) chosenLanguage() string {
	if chosen := v.Cookie(languageCookie); slices.Contains(v.languages, chosen) {
		return chosen
	}
	return language.Match(v.Echo.Request().Header.Get("Accept-Language"), v.languages)
}

// Speak remembers a language and goes on in it; one that the page cannot be shown in changes nothing.
func (v *Visit) Speak(tag string) {
	if slices.Contains(v.languages, tag) {
		v.SetCookie(languageCookie, tag, languageLife)
		v.speak(tag)
	}
}

// SwitchLanguage remembers a language and shows the page again under its plain address.
func (v *Visit) SwitchLanguage(tag string) error {
	v.Speak(tag)
	address := v.Echo.Request().URL
	query := address.Query()
	query.Del("lang")
	return v.Redirect(OwnPath(address), query)
}

// OwnPath is the path of an address with one slash at the front: two would name another host.
func OwnPath(address *url.URL) string { return "/" + strings.TrimLeft(address.EscapedPath(), "/\\") }

// Redirect sends the browser to a path of this host, to be read by GET.
func (v *Visit) Redirect(path string, query url.Values) error {
	v.Headers()
	if len(query) > 0 {
		path += "?" + query.Encode()
	}
	return v.Echo.Redirect(http.StatusSeeOther, path)
}

// Path is an address of the visit's school.
func (v *Visit) Path(rest string) string { return "/" + v.slug + rest }

// Now returns the time of the site's clock, in UTC.
func (v *Visit) Now() time.Time { return v.site.config.Clock.Now() }
