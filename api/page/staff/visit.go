package staff

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"github.com/ouderavond/ouderavond/api/page/layout"
	"github.com/ouderavond/ouderavond/api/trail"
	"github.com/ouderavond/ouderavond/auth"
	"github.com/ouderavond/ouderavond/auth/access"
	"github.com/ouderavond/ouderavond/auth/session"
	"github.com/ouderavond/ouderavond/auth/staff"
	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/errs"
	"github.com/ouderavond/ouderavond/models/language"
)

// Visit is one request as the handlers of staff's pages see it.
type Visit struct {
	*layout.Visit
	// Front is what anybody may know of the school.
	Front *auth.Front
	// Actor is who is logged in; of no kind where nobody is.
	Actor models.Actor
	// Person is the name of who is logged in.
	Person string
	base   *Base
	// expired says that the browser came with a session that is none any more.
	expired bool
}

// slugForm is what a school's part of an address looks like. Anything else is not looked up.
var slugForm = regexp.MustCompile(`^[a-z0-9-]{1,64}$`)

// serve runs a page: who asks first, then whether they may, then its handler. Whatever fails becomes a page.
func (b *Base) serve(site *layout.Site, route Route) echo.HandlerFunc {
	return func(c echo.Context) error {
		v := &Visit{Visit: site.NewVisit(c), base: b}
		err := v.begin(route)
		switch {
		case err == nil && !c.Response().Committed:
			trail.To(c.Request().Context(), v.Actor)
			err = route.Handle(v)
		case err == nil:
			v.Shows() // it asks who is there
		}
		if err != nil && !c.Response().Committed {
			v.Shows() // or nobody more than the handler said
			v.Fail(v.failureFrame, err)
		}
		return nil
	}
}

// Shows says that the page shows the persons whose typed ids stand anywhere in some values; with none, that it shows nobody. What a page says is written down before it
// goes out; one that says nothing does not go out.
func (v *Visit) Shows(values ...any) {
	ctx := v.Echo.Request().Context()
	trail.Shown(ctx)
	for _, value := range values {
		trail.ShownIn(ctx, value)
	}
}

func (v *Visit) failureFrame(title string, pairs ...any) *layout.Frame {
	if v.Front == nil {
		return v.NewFrame(title, pairs...)
	}
	return v.Frame("", title, pairs...)
}

// begin finds out who asks, and lets nobody past who may not. It may answer by itself, with a redirect or by asking who is there.
func (v *Visit) begin(route Route) error {
	if err := v.Read(); err != nil {
		return err
	}
	if slug := v.Echo.Param("school"); route.Method == http.MethodGet && strings.ToLower(slug) != slug {
		own := layout.OwnPath(v.Echo.Request().URL)
		plain := "/" + strings.ToLower(slug) + strings.TrimPrefix(own, "/"+slug)
		return v.Redirect(layout.OwnPath(&url.URL{Path: plain}), v.Echo.Request().URL.Query())
	}
	if err := v.findSchool(); err != nil {
		return err
	}
	if tag, ok := v.Query.Optional("lang"); ok && route.Method == http.MethodGet {
		return v.SwitchLanguage(tag)
	}
	if route.Public != "" {
		return nil
	}
	for _, action := range route.Needs {
		if reason := access.Decide(v.Actor, action, v.Front.School); reason != access.Allowed {
			return v.refuse(reason)
		}
	}
	return nil
}

// refuse answers somebody who may not see a page: by asking who they are where that would help.
func (v *Visit) refuse(reason access.Reason) error {
	switch reason {
	case access.Nobody:
		return v.ask("", v.expired)
	case access.SecondFactor:
		return v.ask("/second", false)
	case access.ProofTooOld:
		return v.ask("/proof", false)
	default:
		return errs.New(errs.Forbidden, "forbidden")
	}
}

func (v *Visit) findSchool() error {
	ctx, slug := v.Echo.Request().Context(), v.Echo.Param("school")
	if !slugForm.MatchString(slug) {
		return errs.New(errs.NotFound, errs.CodeNotFound)
	}
	id, err := v.base.config.Auth.School(ctx, slug)
	if err != nil {
		return err
	}
	if v.Front, err = v.base.config.Auth.Front(ctx, id); err != nil {
		return err
	}
	v.InSchool(v.Front.Slug, v.Front.Languages)
	v.Wear(layout.Look{Kind: language.Kind(v.Front.Kind), Colour: v.Front.Colour, Logo: v.Front.Logo.ID, LogoWidth: v.Front.Logo.Width, LogoHeight: v.Front.Logo.Height})
	if note := v.base.config.NoteSchool; note != nil {
		note(ctx, id)
	}
	token := v.Cookie(layout.StaffCookie)
	if token == "" {
		return nil
	}
	actor, err := v.base.config.Auth.Authenticate(ctx, id, token)
	if err != nil && errs.KindOf(err) == errs.Unauthenticated {
		v.expired = true
		return nil
	}
	if err != nil || actor.Kind != models.ActorStaff { // a family's session, or a program's key, opens no page of staff
		return err
	}
	v.Actor = actor
	v.Person, err = v.base.config.Auth.Staff.NameOf(ctx, actor)
	return err
}

// At is the address of a page of the visit's school.
func (v *Visit) At(path string) string { return v.Path("/staff" + path) }

// School is the id of the school whose pages these are.
func (v *Visit) School() models.SchoolID { return v.Front.School }

// Frame makes the frame of a page; current is the entry of the menu that it belongs to, title the id of a sentence.
func (v *Visit) Frame(current, title string, pairs ...any) *layout.Frame {
	about := layout.Staff{Current: current}
	if v.Actor.Kind == models.ActorStaff {
		about.Menu, about.Person, about.Leave = v.menu(), v.Person, v.At("/leave")
	}
	f := v.NewStaffFrame(about, title, pairs...)
	f.SchoolName, f.Home, f.Rehearsal, f.LoggedIn = v.Front.Name, v.Path(""), v.Front.Rehearsal, v.Actor.Kind == models.ActorStaff
	return f
}

// Origin is where the visit comes from, for what is counted at log-in.
func (v *Visit) Origin() staff.Origin {
	return staff.Origin{Address: v.base.config.Address(v.Echo.Request()), Device: v.Cookie(layout.StaffDeviceCookie), Language: v.Text.Language()}
}

// Enter keeps a session that was opened in the browser, and goes on as its actor. One that is not remembered ends with the browser.
func (v *Visit) Enter(opened *session.Opened, remembered bool) error {
	life := opened.ExpiresAt.Sub(v.Now())
	if !remembered {
		life = 0
	}
	v.SetCookie(layout.StaffCookie, opened.Token, life)
	v.SetCookie(layout.StaffDeviceCookie, opened.Device, layout.DeviceLife)
	v.Actor = opened.Actor
	var err error
	v.Person, err = v.base.config.Auth.Staff.NameOf(v.Echo.Request().Context(), opened.Actor)
	return err
}

// Zone is that of the school, by whose clocks people are told times.
func (v *Visit) Zone() *time.Location { return models.Location(v.Front.Zone) }
