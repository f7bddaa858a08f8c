package account

import (
	"embed"
	"net/http"

	"github.com/labstack/echo/v4"

	"github.com/ouderavond/ouderavond/api/page/layout"
	"github.com/ouderavond/ouderavond/api/page/staff"
	"github.com/ouderavond/ouderavond/auth/access"
	"github.com/ouderavond/ouderavond/models"
)

//go:embed templates/*.html parts/*.html
var templateFiles embed.FS

//go:embed locale/*.json
var localeFiles embed.FS

// pages are the handlers. They are safe for concurrent use.
type pages struct{ base *staff.Base }

// Mount adds the pages to a router, and says how others ask who is there.
func Mount(e *echo.Echo, base *staff.Base) error {
	p := &pages{base}
	base.OnAsking(p.asked)
	return base.Mount(e, staff.Set{Templates: templateFiles, Sentences: localeFiles, Routes: p.routes()})
}

// routes is every address of the pages. Nothing that changes anything is a GET: programs that look through mail open every link.
func (p *pages) routes() []staff.Route {
	const get, post = http.MethodGet, http.MethodPost
	own, read, manage := []access.Action{access.OwnAccount}, []access.Action{access.ReadAccounts}, []access.Action{access.ManageAccounts}
	return []staff.Route{
		{Method: get, Path: "", Public: "it is the log-in", Handle: p.showLogIn},
		{Method: get, Path: "/", Public: "it is the log-in", Handle: func(v *staff.Visit) error { return v.Redirect(v.At(""), nil) }},
		{Method: post, Path: "", Public: "it is the log-in", Handle: p.postLogIn},
		{Method: post, Path: "/link", Public: "it is the log-in", Handle: p.postAskLink},
		{Method: get, Path: "/link/:token", Public: "the link is the proof", Handle: p.showLink},
		{Method: post, Path: "/link/:token", Public: "the link is the proof", Handle: p.postLink},
		{Method: get, Path: "/second", Needs: own, Handle: p.showSecond},
		{Method: post, Path: "/second", Needs: own, Handle: p.postSecond},
		{Method: get, Path: "/set-up", Needs: own, Handle: p.showSetUp},
		{Method: post, Path: "/set-up", Needs: own, Handle: p.postSetUp},
		{Method: get, Path: "/proof", Needs: own, Handle: p.showProof},
		{Method: post, Path: "/proof", Needs: own, Handle: p.postProof},
		{Method: get, Path: "/account", Needs: own, Handle: p.showOwn},
		{Method: post, Path: "/account/password", Needs: own, Handle: p.postPassword},
		{Method: post, Path: "/account/recovery", Needs: own, Handle: p.postRecovery},
		{Method: post, Path: "/account/others", Needs: own, Handle: p.postEndOthers},
		{Method: post, Path: "/leave", Needs: own, Handle: p.postLeave},
		{Method: get, Path: "/people", Needs: read, Handle: p.showPeople},
		{Method: post, Path: "/people/teachers", Needs: manage, Handle: p.postTeachers},
		{Method: get, Path: "/people/new", Needs: manage, Handle: p.showNew},
		{Method: post, Path: "/people/new", Needs: manage, Handle: p.postNew},
		{Method: get, Path: "/people/:account", Needs: read, Handle: p.showOne},
		{Method: post, Path: "/people/:account", Needs: manage, Handle: p.postOne},
		{Method: post, Path: "/people/:account/act", Needs: manage, Handle: p.postAct},
	}
}

// carriedView is the page of somebody who says who they are: what travels along with its form.
type carriedView struct {
	*layout.Frame
	Carried []layout.Hidden
	// Kept says that a form waits to be sent.
	Kept bool
}

func carriedOf(f *layout.Frame, carried staff.Carried) carriedView {
	return carriedView{Frame: f, Carried: carried.Hidden(), Kept: len(carried.Kept) > 0}
}

// onward leads somebody on who is in: to the second step if a role waits for that, else to where they were going. What they had typed is shown to be sent.
func (p *pages) onward(v *staff.Visit, carried staff.Carried) error {
	own, err := p.base.Auth().Staff.Own(v.Echo.Request().Context(), v.Actor)
	if err != nil {
		return err
	}
	switch own.Next() {
	case "second-factor":
		return p.renderSecond(v, carried, "")
	case "set-up":
		return p.renderSetUp(v, carried, "")
	}
	if len(carried.Kept) > 0 {
		return v.Render(http.StatusOK, "onward", &onwardView{Frame: v.Frame("", "account.onward.title"), Action: carried.Next, Fields: carried.Kept})
	}
	if carried.Next != "" {
		return v.Redirect(carried.Next, nil)
	}
	return v.Redirect(v.Home(), nil)
}

// onwardView shows a form that waited until somebody was in.
type onwardView struct {
	*layout.Frame
	Action string
	Fields []layout.Hidden
}

// asked answers a form of somebody who has to say who they are.
func (p *pages) asked(v *staff.Visit, path string, carried staff.Carried, expired bool) error {
	switch path {
	case "/second":
		own, err := p.base.Auth().Staff.Own(v.Echo.Request().Context(), v.Actor)
		if err != nil {
			return err
		}
		if own.Next() == "set-up" {
			return p.renderSetUp(v, carried, "")
		}
		return p.renderSecond(v, carried, "")
	case "/proof":
		return p.renderProof(v, carried, "")
	default:
		return p.renderLogIn(v, logInForm{carried: carried, expired: expired})
	}
}

// roleText returns what a role is called.
func roleText(f *layout.Frame, role models.Role) string { return f.T("account.role." + roleID(role)) }

func roleID(role models.Role) string {
	if role == models.RoleReadOnly {
		return "read_only"
	}
	return string(role)
}
