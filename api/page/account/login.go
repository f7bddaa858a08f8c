package account

import (
	"net/http"

	"github.com/ouderavond/ouderavond/api/page/layout"
	"github.com/ouderavond/ouderavond/api/page/staff"
	ways "github.com/ouderavond/ouderavond/auth/staff"
	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/errs"
)

// logInView is the page on which the school's people get in.
type logInView struct {
	carriedView
	Address  layout.Field // of the link
	Login    layout.Field // beside a password
	Password layout.Field
	// ByPassword opens the part with the password.
	ByPassword bool
}

// logInForm is what the page is made of.
type logInForm struct {
	carried    staff.Carried
	address    string
	expired    bool
	byPassword bool
	problem    string // id of a sentence
}

func (p *pages) showLogIn(v *staff.Visit) error {
	if v.Actor.Kind == models.ActorStaff {
		return p.onward(v, v.Carried())
	}
	return p.renderLogIn(v, logInForm{carried: v.Carried(), expired: v.Query.Value("again") != ""})
}

func (p *pages) renderLogIn(v *staff.Visit, form logInForm) error {
	v.Here = v.At("")
	f := v.Frame("", "account.log_in.title")
	f.Current = ""
	view := &logInView{
		carriedView: carriedOf(f, form.carried), ByPassword: form.byPassword,
		Address:  layout.Field{Name: "address", Label: f.T("account.address"), Hint: f.T("account.link_hint"), Type: "email", Autocomplete: "username", Value: form.address, Required: true},
		Login:    layout.Field{Name: "login", Label: f.T("account.address"), Type: "text", Autocomplete: "username", Value: form.address, Required: true},
		Password: layout.Field{Name: "password", Label: f.T("account.password"), Type: "password", Autocomplete: "current-password", Required: true},
	}
	switch {
	case form.expired && view.Kept:
		f.Say(false, "account.expired_kept")
	case form.expired:
		f.Say(false, "account.expired")
	case view.Kept:
		f.Say(false, "account.first_kept")
	}
	status := http.StatusOK
	if form.problem != "" {
		text := f.T(form.problem)
		target := "address"
		if form.byPassword {
			target, view.Password.Error = "password", text
		} else {
			view.Address.Error = text
		}
		f.Blame(target, text)
		status = http.StatusUnprocessableEntity
	}
	return v.Render(status, "login", view)
}

func (p *pages) postLogIn(v *staff.Visit) error {
	carried, login := v.Carried(), v.Form.Value("login")
	opened, err := p.base.Auth().Staff.LogIn(v.Echo.Request().Context(), v.School(), login, v.Form.Value("password"), "", v.Origin())
	switch {
	case err != nil && errs.KindOf(err) == errs.Unauthenticated:
		return p.renderLogIn(v, logInForm{carried: carried, address: login, byPassword: true, problem: "account.wrong_password"})
	case err != nil && errs.KindOf(err) == errs.TooMany:
		v.AskLater(err)
		return p.renderLogIn(v, logInForm{carried: carried, address: login, byPassword: true, problem: "account.too_many"})
	case err != nil:
		return err
	}
	if err := v.Enter(opened, false); err != nil {
		return err
	}
	return p.onward(v, carried)
}

// sentView says that a link may be on its way.
type sentView struct {
	*layout.Frame
	Address string
}

func (p *pages) postAskLink(v *staff.Visit) error {
	carried, address := v.Carried(), v.Form.Value("address")
	if address == "" {
		return p.renderLogIn(v, logInForm{carried: carried, problem: "account.address_missing"})
	}
	purpose := models.TokenLogIn
	if v.Form.Value("for") == "password" {
		purpose = models.TokenPassword
	}
	err := p.base.Auth().Staff.AskLink(v.Echo.Request().Context(), v.School(), address, purpose, v.Origin())
	if err != nil && errs.KindOf(err) == errs.TooMany {
		v.AskLater(err)
		return p.renderLogIn(v, logInForm{carried: carried, address: address, problem: "account.too_many"})
	}
	if err != nil {
		return err
	}
	v.Here = v.At("")
	return v.Render(http.StatusOK, "sent", &sentView{Frame: v.Frame("", "account.sent.title"), Address: address})
}

// linkView is the page that a link opens.
type linkView struct {
	*layout.Frame
	Heading, Intro, Act string
	Login, Name         string
	Roles               []string
	// Password is asked for where the link lets choose one, with the second one beside it.
	Password, Repeat *layout.Field
	Remember         *layout.Field
}

func (p *pages) showLink(v *staff.Visit) error { return p.renderLink(v, "", false) }

func (p *pages) renderLink(v *staff.Visit, problem string, remember bool) error {
	link, err := p.base.Auth().Staff.Look(v.Echo.Request().Context(), v.School(), v.Echo.Param("token"))
	if err != nil {
		return p.deadLink(v, err)
	}
	id := map[models.TokenPurpose]string{models.TokenInvitation: "invitation", models.TokenLogIn: "log_in", models.TokenPassword: "password"}[link.Purpose]
	f := v.Frame("", "account.link."+id+".title", "School", v.Front.Name)
	view := &linkView{Frame: f, Heading: f.Title, Intro: f.T("account.link."+id+".intro", "School", v.Front.Name), Act: f.T("account.link." + id + ".act"), Login: link.Login, Name: link.Name}
	for _, role := range link.Roles {
		view.Roles = append(view.Roles, roleText(f, role))
	}
	status := http.StatusOK
	if link.Password {
		view.Password = &layout.Field{Name: "password", Label: f.T("account.new_password"), Hint: f.T("account.password_hint"), Type: "password", Autocomplete: "new-password", Required: true}
		view.Repeat = &layout.Field{Name: "repeat", Label: f.T("account.repeat"), Type: "password", Autocomplete: "new-password", Required: true}
		if problem != "" {
			view.Password.Error, status = f.T(problem), http.StatusUnprocessableEntity
			f.Blame("password", view.Password.Error)
		}
	} else {
		view.Remember = &layout.Field{Name: "remember", Label: f.T("account.remember"), Hint: f.T("account.remember_hint"), Chosen: remember}
	}
	return v.Render(status, "link", view)
}

// deadLink says why a link opens nothing any more, and leads to a new one.
func (p *pages) deadLink(v *staff.Visit, err error) error {
	id := map[string]string{"staff-link.used": "used", "staff-link.ended": "ended", "staff-link.unknown": "unknown"}[errs.CodeOf(err)]
	if id == "" {
		return err
	}
	v.Here = v.At("")
	f := v.Frame("", "account.dead.title")
	return v.Render(http.StatusNotFound, "dead", &deadView{Frame: f, Text: f.T("account.dead." + id), LogIn: v.At("")})
}

type deadView struct {
	*layout.Frame
	Text, LogIn string
}

func (p *pages) postLink(v *staff.Visit) error {
	use := ways.Use{Token: v.Echo.Param("token"), Password: v.Form.Value("password"), Remember: v.Form.Value("remember") != ""}
	if repeat, asked := v.Form.Optional("repeat"); asked && repeat != use.Password {
		return p.renderLink(v, "account.not_the_same", false)
	}
	opened, err := p.base.Auth().Staff.UseLink(v.Echo.Request().Context(), v.School(), use, v.Origin())
	if found, ok := errs.As(err); ok && found.Kind == errs.Invalid && len(found.Fields) > 0 {
		return p.renderLink(v, "account.password_"+passwordFault(found.Fields[0].Code), use.Remember)
	}
	if err != nil {
		return p.deadLink(v, err)
	}
	if err := v.Enter(opened, use.Remember); err != nil {
		return err
	}
	return p.onward(v, staff.Carried{})
}

// passwordFault is the part of a sentence's id that says what is wrong with a password.
func passwordFault(code string) string {
	switch code {
	case "too-short":
		return "short"
	case "too-long":
		return "long"
	default:
		return "known"
	}
}

func (p *pages) postLeave(v *staff.Visit) error {
	if err := p.base.Auth().Sessions.Leave(v.Echo.Request().Context(), v.Actor); err != nil {
		return err
	}
	v.DropCookie(layout.StaffCookie)
	return v.Redirect(v.At(""), nil)
}
