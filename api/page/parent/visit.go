package parent

import (
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"github.com/ouderavond/ouderavond/api/page/layout"
	"github.com/ouderavond/ouderavond/auth"
	"github.com/ouderavond/ouderavond/auth/access"
	"github.com/ouderavond/ouderavond/auth/parent"
	"github.com/ouderavond/ouderavond/auth/session"
	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/errs"
	"github.com/ouderavond/ouderavond/models/language"
)

// visitKey is where a request keeps its visit, so that a failure further up still knows its school and language.
const visitKey = "page.visit"

// langField is the field, or the word of an address, that chooses a language.
const langField = "lang"

// slugForm is what a school's part of an address, or its id, looks like. Anything else is not looked up.
var slugForm = regexp.MustCompile(`^[a-z0-9-]{1,64}$`)

// visit is one request as the parents' handlers see it.
type visit struct {
	*layout.Visit
	pages *Pages
	front *auth.Front // nil where no school is named
	actor models.Actor
	token string // the try token, once it was asked for
	// expired tells that the browser came with a session that is none any more.
	expired bool
	// again tells that a form was sent only to be shown in another language.
	again bool
}

func (p *Pages) visitOf(c echo.Context) *visit {
	if v, ok := c.Get(visitKey).(*visit); ok {
		return v
	}
	v := &visit{Visit: p.site.NewVisit(c), pages: p}
	c.Set(visitKey, v)
	return v
}

// begin prepares what a route needs. It may answer by itself, with a redirect.
func (v *visit) begin(r route) error {
	request := v.Echo.Request()
	if err := v.Read(); err != nil {
		return err
	}
	if r.need == needSchool || r.need == needFamily {
		if slug := v.Echo.Param("school"); r.method == http.MethodGet && strings.ToLower(slug) != slug {
			// Telephones write the first letter of what is typed large.
			plain := "/" + strings.ToLower(slug) + strings.TrimPrefix(layout.OwnPath(request.URL), "/"+slug)
			return v.Redirect(layout.OwnPath(&url.URL{Path: plain}), request.URL.Query())
		}
		if err := v.findSchool(); err != nil {
			return err
		}
	}
	if tag, ok := v.Query.Optional(langField); ok && r.method == http.MethodGet {
		return v.SwitchLanguage(tag)
	}
	if tag, ok := v.Form.Optional(langField); ok && r.again != nil {
		v.Speak(tag)
		v.again = true
	}
	if r.need == needFamily && v.actor.Kind != models.ActorParent {
		return v.askLogin()
	}
	return nil
}

func (v *visit) findSchool() error {
	ctx, slug := v.Echo.Request().Context(), v.Echo.Param("school")
	if !slugForm.MatchString(slug) {
		return errs.New(errs.NotFound, errs.CodeNotFound)
	}
	id, err := v.pages.config.Auth.School(ctx, slug)
	if err != nil {
		return err
	}
	if v.front, err = v.pages.config.Auth.Front(ctx, id); err != nil {
		return err
	}
	v.InSchool(v.front.Slug, v.front.Languages)
	v.Wear(layout.Look{Kind: language.Kind(v.front.Kind), Colour: v.front.Colour, Logo: v.front.Logo.ID, LogoWidth: v.front.Logo.Width, LogoHeight: v.front.Logo.Height})
	if note := v.pages.config.NoteSchool; note != nil {
		note(ctx, id)
	}
	token := v.Cookie(layout.SessionCookie)
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

// askLogin has somebody without a session log in, with what they had chosen and typed.
func (v *visit) askLogin() error {
	query := v.chosenFields()
	if next := v.going(); next != "" {
		query.Set(nextField, next)
		if v.Form != nil {
			v.Form[nextField] = []string{next}
		}
	}
	if v.expired {
		query.Set("again", "1")
	}
	if len(v.typedFields()) == 0 {
		return v.Redirect(v.Path(""), query)
	}
	view := v.loginView(typedLogin{}, false)
	view.sayKept(v.expired, true)
	return v.Render(http.StatusOK, "login", view)
}

// going names the page that a request is for, if logging in leads back to it; empty where it leads to choosing.
func (v *visit) going() string {
	page := strings.TrimPrefix(layout.OwnPath(v.Echo.Request().URL), v.Path("/"))
	switch {
	case nextForm.MatchString(page):
		return page
	case strings.HasPrefix(page, "appointments"):
		return "appointments"
	default:
		return ""
	}
}

func (v *visit) origin() parent.Origin {
	return parent.Origin{
		Address: v.pages.config.Address(v.Echo.Request()), Try: v.try(), Device: v.Cookie(layout.DeviceCookie), Shared: v.Form.Value("shared") != "", Language: v.Text.Language(),
		Session: v.actor,
	}
}

// tryLife is how long the tries of one browser belong together.
const tryLife = 24 * time.Hour

// try is the try token of this browser: that of the cookie or, where a browser keeps none, of the form; otherwise a new one. It is given back to both.
func (v *visit) try() string {
	if v.token == "" {
		given := v.Cookie(layout.TryCookie)
		if session.Try(given) != given {
			given = v.Form.Value("try")
		}
		v.token = session.Try(given)
		v.SetCookie(layout.TryCookie, v.token, tryLife)
	}
	return v.token
}

// zone is the school's time zone, in which every time is shown.
func (v *visit) zone() *time.Location {
	if v.front == nil {
		return time.UTC
	}
	return models.Location(v.front.Zone)
}

func (v *visit) dates() language.Dates { return v.Text.Dates(v.zone()) }

// enter gives the browser the session that was opened for it.
func (v *visit) enter(opened *session.Opened) {
	v.SetCookie(layout.SessionCookie, opened.Token, opened.ExpiresAt.Sub(v.Now()))
	if opened.Device != "" {
		v.SetCookie(layout.DeviceCookie, opened.Device, layout.DeviceLife)
	}
	v.actor = opened.Actor
}

// frame makes the frame of a page of the school. The title is the id of a sentence.
func (v *visit) frame(title string, pairs ...any) *layout.Frame {
	f := v.NewFrame(title, pairs...)
	f.LoggedIn = v.actor.Kind == models.ActorParent
	if v.front != nil {
		f.Given = v.given()
		f.SchoolName, f.Home, f.Rehearsal = v.front.Name, v.Path(""), v.front.Rehearsal
	}
	return f
}

// given is the language of what the school has written, where the page is in another one; empty where it is the same. A school writes in its first language.
func (v *visit) given() string {
	if v.front == nil || len(v.front.Languages) == 0 || v.front.Languages[0] == v.Text.Language() {
		return ""
	}
	return v.front.Languages[0]
}

// fail answers with a page that says neutrally what went wrong; the cause goes to the log, without values. Whose session is over is asked to log in.
func (p *Pages) fail(v *visit, err error) {
	if v.front != nil && errs.KindOf(err) == errs.Unauthenticated && err != nil {
		v.expired = true
		if v.askLogin() == nil {
			return
		}
	}
	v.Fail(v.frame, err)
}

// What a family chose, ticked and typed travels from page to page until something is booked: through logging in, another language, a brother or sister, a time
// that was taken. What it chose may stand in an address, as ids; what it typed about itself travels in forms only.

// typedNames are the fields of the confirm page beside the choices.
var typedNames = []string{"email", "phone", "nearest", "rest", "split"}

// nextField says where somebody was going who has to log in first: one of the pages that nextForm names.
const nextField = "next"

var nextForm = regexp.MustCompile(`^(plan|address|appointments(/[0-9a-f-]{36}(/cancel)?)?)$`)

// isChoice reports whether a field says what was chosen, or where somebody was going: that may stand in an address.
func isChoice(name string) bool {
	return name == nextField || name == toField || strings.HasPrefix(name, choicePrefix) || strings.HasPrefix(name, requestPrefix) || strings.HasPrefix(name, planPrefix)
}

// sent is what the request brings: its form, or its address.
func (v *visit) sent() layout.Form {
	if v.Echo.Request().Method == http.MethodPost {
		return v.Form
	}
	return v.Query
}

// chosenFields are the fields of the request that say what was chosen, as an address may hold them; none if they are not those of our pages.
func (v *visit) chosenFields() url.Values {
	from, fields := v.sent(), url.Values{}
	for name := range from {
		if value := from.Value(name); value != "" && isChoice(name) {
			fields.Set(name, value)
		}
	}
	_, badChoices := decodeChoices(layout.Form(fields))
	_, badPlan := decodePlan(layout.Form(fields))
	next, to := fields.Get(nextField), fields.Get(toField)
	if badChoices != nil || badPlan != nil || next != "" && !nextForm.MatchString(next) || to != "" && !new(request).readValue(to) {
		return url.Values{}
	}
	return fields
}

// typedFields are the fields of the form that hold what was typed and ticked on the confirm page.
func (v *visit) typedFields() []layout.Hidden {
	var fields []layout.Hidden
	for _, name := range typedNames {
		if typed := echoed(v.Form.Value(name)); typed != "" {
			fields = append(fields, layout.Hidden{Name: name, Value: typed})
		}
	}
	return fields
}

// kept is all of it as hidden fields, for a page that has a form of its own to be filled in first.
func (v *visit) kept() []layout.Hidden {
	return append(hiddenFields(v.chosenFields()), v.typedFields()...)
}

func hiddenFields(values url.Values) []layout.Hidden {
	fields := make([]layout.Hidden, 0, len(values))
	for name := range values {
		fields = append(fields, layout.Hidden{Name: name, Value: values.Get(name)})
	}
	slices.SortFunc(fields, func(a, b layout.Hidden) int { return strings.Compare(a.Name, b.Name) })
	return fields
}

// withAnd puts one more word into an address's query.
func withAnd(query url.Values, word string) url.Values {
	query.Set(word, "1")
	return query
}
