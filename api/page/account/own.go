package account

import (
	"net/http"

	"github.com/ouderavond/ouderavond/api/page/layout"
	"github.com/ouderavond/ouderavond/api/page/staff"
	"github.com/ouderavond/ouderavond/models/errs"
)

// ownView is somebody's own account.
type ownView struct {
	*layout.Frame
	Login, Name string
	Roles       []string
	Second      bool
	Password    bool
	Recovery    int
	Sessions    []sessionRow
	Elsewhere   bool
	Present     layout.Field
	New, Repeat layout.Field
	SetUp       string // address of setting the second factor up
}

// sessionRow is a session of the account.
type sessionRow struct {
	Seen             string
	Here, Remembered bool
}

func (p *pages) showOwn(v *staff.Visit) error { return p.renderOwn(v, "", v.Query.Value("done")) }

func (p *pages) renderOwn(v *staff.Visit, problem, done string) error {
	own, err := p.base.Auth().Staff.Own(v.Echo.Request().Context(), v.Actor)
	if err != nil {
		return err
	}
	v.Here = v.At("/account")
	f := v.Frame("account", "account.own.title")
	view := &ownView{
		Frame: f, Login: own.Login, Name: own.Name, Second: own.Held.Second, Password: own.Held.Password, Recovery: own.Held.Recovery, Elsewhere: len(own.Sessions) > 1, SetUp: v.At("/set-up"),
		Present: layout.Field{Name: "present", Label: f.T("account.present_password"), Type: "password", Autocomplete: "current-password", Required: true},
		New:     layout.Field{Name: "password", Label: f.T("account.new_password"), Hint: f.T("account.password_hint"), Type: "password", Autocomplete: "new-password", Required: true},
		Repeat:  layout.Field{Name: "repeat", Label: f.T("account.repeat"), Type: "password", Autocomplete: "new-password", Required: true},
	}
	for _, role := range own.Roles {
		view.Roles = append(view.Roles, roleText(f, role))
	}
	zone := v.Zone()
	for _, one := range own.Sessions {
		view.Sessions = append(view.Sessions, sessionRow{Seen: v.Text.Dates(zone).DateTime(one.SeenAt), Here: one.Here, Remembered: one.Remembered})
	}
	switch done {
	case "password", "others", "left":
		f.Say(true, "account.own."+done)
	}
	status := http.StatusOK
	if problem != "" {
		target := "password"
		text := f.T(problem)
		if problem == "account.wrong_password" {
			target, view.Present.Error = "present", text
		} else {
			view.New.Error = text
		}
		f.Blame(target, text)
		status = http.StatusUnprocessableEntity
	}
	return v.Render(status, "own", view)
}

func (p *pages) postPassword(v *staff.Visit) error {
	wanted := v.Form.Value("password")
	if v.Form.Value("repeat") != wanted {
		return p.renderOwn(v, "account.not_the_same", "")
	}
	err := p.base.Auth().Credentials.ChangePassword(v.Echo.Request().Context(), v.Actor, v.Form.Value("present"), wanted)
	if found, ok := errs.As(err); ok && found.Kind == errs.Invalid && len(found.Fields) > 0 {
		return p.renderOwn(v, "account.password_"+passwordFault(found.Fields[0].Code), "")
	}
	if err != nil && errs.KindOf(err) == errs.Unauthenticated {
		return p.renderOwn(v, "account.wrong_password", "")
	}
	if err != nil {
		return err
	}
	return p.toOwn(v, "password")
}

func (p *pages) postEndOthers(v *staff.Visit) error {
	if err := p.base.Auth().Staff.EndOthers(v.Echo.Request().Context(), v.Actor); err != nil {
		return err
	}
	return p.toOwn(v, "others")
}

func (p *pages) toOwn(v *staff.Visit, done string) error {
	return v.Redirect(v.At("/account"), map[string][]string{"done": {done}})
}

func (p *pages) postRecovery(v *staff.Visit) error {
	codes, err := p.base.Auth().Credentials.NewRecoveryCodes(v.Echo.Request().Context(), v.Actor)
	if err != nil && errs.CodeOf(err) == "login.second-factor" {
		return p.renderSecond(v, staff.Carried{Next: v.At("/account")}, "")
	}
	if err != nil {
		return err
	}
	return p.renderCodes(v, staff.Carried{Next: v.At("/account")}, codes)
}
