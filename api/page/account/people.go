package account

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/ouderavond/ouderavond/api/page/layout"
	"github.com/ouderavond/ouderavond/api/page/staff"
	"github.com/ouderavond/ouderavond/auth/account"
	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/errs"
)

// peopleView is the list of accounts.
type peopleView struct {
	*layout.Frame
	Views layout.Views
	Rows  []personRow
	New   string
	// Uninvited are teachers of the roster without an account, Waiting those who have not accepted; NoAddress of the former cannot be invited by mail.
	Uninvited, Waiting, NoAddress int
	Missing                       []string // names of teachers who could not be invited just now
	Teachers                      string   // address of inviting them
	LastAdmin                     bool
}

// personRow is an account in the list.
type personRow struct {
	Name, Login, Roles, Seen, Href string
	Chip                           layout.Chip
}

// The parts of the list.
const (
	partOffice   = "office"
	partTeachers = "teachers"
	partClosed   = "closed"
)

// partOf tells in which part of the list an account stands.
func partOf(view account.View) string {
	switch {
	case view.State == models.AccountDisabled || view.Left:
		return partClosed
	case slices.Equal(view.Roles, []models.Role{models.RoleTeacher}):
		return partTeachers
	default:
		return partOffice
	}
}

func (p *pages) showPeople(v *staff.Visit) error {
	return p.renderPeople(v, nil)
}

func (p *pages) renderPeople(v *staff.Visit, invited *account.Invited) error {
	ctx := v.Echo.Request().Context()
	accounts, err := p.base.Auth().Accounts.List(ctx, v.Actor)
	if err != nil {
		return err
	}
	people, err := p.base.Booking().People.Staff(ctx, v.Actor)
	if err != nil {
		return err
	}
	part := v.Query.Value("part")
	if part != partTeachers && part != partClosed {
		part = partOffice
	}
	if invited != nil {
		part = partTeachers
	}
	v.Here = v.At("/people")
	f := v.Frame("people", "account.people.title")
	v.Shows() // whoever is in the list
	view := &peopleView{Frame: f, New: v.At("/people/new"), Teachers: v.At("/people/teachers"), Views: layout.Views{Label: f.T("account.people.parts")}}
	counts, owned, administrators := map[string]int{}, map[models.StaffID]bool{}, 0
	for _, one := range accounts {
		counts[partOf(one)]++
		owned[one.Staff] = true
		if one.State == models.AccountInvited && partOf(one) == partTeachers {
			view.Waiting++
		}
		if one.State == models.AccountActive && !one.Left && slices.Contains(one.Roles, models.RoleAdministrator) {
			administrators++
		}
		if partOf(one) == part {
			v.Shows(one.ID, one.Staff)
			view.Rows = append(view.Rows, rowOf(v, f, one))
		}
	}
	view.LastAdmin = administrators == 1
	slices.SortFunc(view.Rows, func(a, b personRow) int { return strings.Compare(strings.ToLower(a.Name), strings.ToLower(b.Name)) })
	for _, teacher := range people.AllStaff() {
		if teacher.State == models.PersonActive && !owned[teacher.ID] {
			view.Uninvited++
			if teacher.Details.Email == "" {
				view.NoAddress++
			}
		}
	}
	for _, one := range []string{partOffice, partTeachers, partClosed} {
		view.Views.Views = append(view.Views.Views, layout.View{Text: f.T("account.people."+one) + " " + strconv.Itoa(counts[one]), Href: v.At("/people") + "?part=" + one, Current: one == part})
	}
	if invited != nil {
		f.Say(true, "account.people.invited", "New", invited.New, "Again", invited.Again)
		for _, id := range invited.Missing {
			if teacher, ok := people.Staff(id); ok {
				v.Shows(id)
				view.Missing = append(view.Missing, teacher.Details.DisplayName)
			}
		}
		slices.Sort(view.Missing)
	}
	if done := v.Query.Value("done"); done == "invited" || done == "removed" {
		f.Say(true, "account.people.done_"+done)
	}
	return v.Render(http.StatusOK, "people", view)
}

func rowOf(v *staff.Visit, f *layout.Frame, one account.View) personRow {
	row := personRow{Name: one.Name, Login: one.Login, Href: v.At("/people/" + one.ID.String()), Chip: chipOf(f, one, v.Now()), Seen: f.T("account.people.never")}
	if row.Name == "" {
		row.Name, row.Login = one.Login, ""
	}
	var roles []string
	for _, role := range one.Roles {
		roles = append(roles, roleText(f, role))
	}
	row.Roles = strings.Join(roles, ", ")
	if one.SeenAt != nil {
		row.Seen = v.Text.Dates(v.Zone()).Date(*one.SeenAt)
	}
	return row
}

// chipOf says how an account stands.
func chipOf(f *layout.Frame, one account.View, now time.Time) layout.Chip {
	switch {
	case one.Left:
		return layout.Chip{Kind: "bad", Text: f.T("account.state.left")}
	case one.State == models.AccountDisabled:
		return layout.Chip{Kind: "bad", Text: f.T("account.state.disabled")}
	case one.State == models.AccountInvited && (one.InvitedUntil == nil || one.InvitedUntil.Before(now)):
		return layout.Chip{Kind: "warn", Text: f.T("account.state.ended")}
	case one.State == models.AccountInvited:
		return layout.Chip{Kind: "line", Text: f.T("account.state.invited")}
	case one.Strong() && !one.Held.Second:
		return layout.Chip{Kind: "warn", Text: f.T("account.state.no_second")}
	case one.Held.Second:
		return layout.Chip{Kind: "good", Text: f.T("account.state.second")}
	default:
		return layout.Chip{Kind: "line", Text: f.T("account.state.link")}
	}
}

func (p *pages) postTeachers(v *staff.Visit) error {
	done, err := p.base.Auth().Accounts.InviteTeachers(v.Echo.Request().Context(), v.Actor, v.Form.Value("again") != "")
	if err != nil {
		return err
	}
	return p.renderPeople(v, &done)
}

// personView is the page of one account, or of one that is to be made.
type personView struct {
	*layout.Frame
	Heading    string
	Action     string
	Acts       string // address of what is done by one button
	Login      layout.Field
	Name       layout.Field
	Roles      []layout.Field
	RolesError string
	Teacher    layout.Field
	Chip       layout.Chip
	Own        bool // nobody closes the own account
	// What can be done with one that is there.
	Invite, NoSecond, Disable, Enable, LogOut, Remove bool
	Back                                              string
}

// personForm is what was typed of an account.
type personForm struct {
	login, name string
	roles       []models.Role
	teacher     models.StaffID
}

const rolePrefix = "role-"

func readPerson(v *staff.Visit) personForm {
	form := personForm{login: v.Form.Value("login"), name: v.Form.Value("name")}
	for _, role := range models.AllRoles() {
		if v.Form.Value(rolePrefix+string(role)) != "" {
			form.roles = append(form.roles, role)
		}
	}
	form.teacher, _ = models.Parse[models.StaffID](v.Form.Value("teacher"))
	return form
}

// fill makes the fields of an account.
func (p *pages) fill(v *staff.Visit, view *personView, form personForm) error {
	f := view.Frame
	people, err := p.base.Booking().People.Staff(v.Echo.Request().Context(), v.Actor)
	if err != nil {
		return err
	}
	v.Shows() // and the teachers to choose from
	view.Back = v.At("/people")
	view.Login = layout.Field{Name: "login", Label: f.T("account.address"), Hint: f.T("account.person.login_hint"), Type: "text", Mode: "email", Autocomplete: "off", Value: form.login, Required: true}
	view.Name = layout.Field{Name: "name", Label: f.T("account.person.name"), Type: "text", Autocomplete: "off", Value: form.name}
	for _, role := range models.AllRoles() {
		view.Roles = append(view.Roles, layout.Field{
			Name: rolePrefix + string(role), Label: roleText(f, role), Hint: f.T("account.role_hint." + roleID(role)), Chosen: slices.Contains(form.roles, role),
		})
	}
	view.Teacher = layout.Field{Name: "teacher", Label: f.T("account.person.teacher"), Hint: f.T("account.person.teacher_hint"), Options: []layout.Option{{Text: f.T("account.person.no_teacher")}}}
	for _, teacher := range people.AllStaff() {
		if teacher.State == models.PersonActive || teacher.ID == form.teacher {
			v.Shows(teacher.ID)
			view.Teacher.Options = append(view.Teacher.Options, layout.Option{Value: teacher.ID.String(), Text: teacher.Details.DisplayName, Chosen: teacher.ID == form.teacher})
		}
	}
	return nil
}

// blame writes what a service found wrong into the fields; it returns false for what is not about them.
func (view *personView) blame(err error) bool {
	found, ok := errs.As(err)
	if !ok {
		return false
	}
	f := view.Frame
	switch {
	case found.Code == "login-taken":
		view.Login.Error = f.T("account.person.taken")
		f.Blame("login", view.Login.Error)
		return true
	case found.Code == "account.last-administrator":
		view.RolesError = f.T("account.person.last")
		f.Blame(rolePrefix+string(models.RoleAdministrator), view.RolesError)
		return true
	case found.Kind != errs.Invalid:
		return false
	}
	for _, fault := range found.Fields {
		switch fault.Name {
		case "login":
			view.Login.Error = f.T("account.person.no_address")
			f.Blame("login", view.Login.Error)
		case "roles":
			view.RolesError = f.T("account.person.no_role")
			f.Blame(rolePrefix+string(models.RoleAdministrator), view.RolesError)
		case "teacher":
			view.Teacher.Error = f.T("account.person.which_teacher")
			f.Blame("teacher", view.Teacher.Error)
		default:
			view.Name.Error = f.T("account.person.name_long")
			f.Blame("name", view.Name.Error)
		}
	}
	return len(found.Fields) > 0
}

func (p *pages) showNew(v *staff.Visit) error {
	return p.renderNew(v, personForm{roles: []models.Role{models.RoleReception}}, nil)
}

func (p *pages) renderNew(v *staff.Visit, form personForm, fault error) error {
	v.Here = v.At("/people/new")
	f := v.Frame("people", "account.person.new")
	view := &personView{Frame: f, Heading: f.Title, Action: v.At("/people/new")}
	if err := p.fill(v, view, form); err != nil {
		return err
	}
	status := http.StatusOK
	if fault != nil {
		if !view.blame(fault) {
			return fault
		}
		status = http.StatusUnprocessableEntity
	}
	return v.Render(status, "person", view)
}

func (p *pages) postNew(v *staff.Visit) error {
	form := readPerson(v)
	_, err := p.base.Auth().Accounts.Create(v.Echo.Request().Context(), v.Actor, account.New{Login: form.login, Name: form.name, Roles: form.roles, Staff: form.teacher})
	if err != nil {
		return p.renderNew(v, form, err)
	}
	part := partOffice
	if slices.Equal(form.roles, []models.Role{models.RoleTeacher}) {
		part = partTeachers
	}
	return v.Redirect(v.At("/people"), url.Values{"done": {"invited"}, "part": {part}})
}

func (p *pages) showOne(v *staff.Visit) error { return p.renderOne(v, nil, nil) }

func (p *pages) renderOne(v *staff.Visit, typed *personForm, fault error) error {
	id, err := models.Parse[models.AccountID](v.Echo.Param("account"))
	if err != nil {
		return errs.New(errs.NotFound, errs.CodeNotFound)
	}
	one, err := p.base.Auth().Accounts.Get(v.Echo.Request().Context(), v.Actor, id)
	if err != nil {
		return err
	}
	v.Shows(one.ID, one.Staff)
	at := v.At("/people/" + id.String())
	v.Here = at
	f := v.Frame("people", "account.person.title")
	name := one.Name
	if name == "" {
		name = one.Login
	}
	view := &personView{
		Frame: f, Heading: name, Action: at, Acts: at + "/act", Chip: chipOf(f, one, v.Now()), Own: v.Actor.Account == id, Invite: one.State == models.AccountInvited && !one.Left,
		NoSecond: one.Held.Second, Disable: one.State != models.AccountDisabled, Enable: one.State == models.AccountDisabled, LogOut: one.State == models.AccountActive,
	}
	view.Remove = !view.Own
	view.Disable = view.Disable && !view.Own
	form := personForm{login: one.Login, name: one.Name, roles: one.Roles, teacher: one.Staff}
	if typed != nil {
		form = *typed
	}
	if err := p.fill(v, view, form); err != nil {
		return err
	}
	if done := v.Query.Value("done"); slices.Contains(acts, done) || done == "saved" {
		f.Say(true, "account.done."+strings.ReplaceAll(done, "-", "_"))
	}
	status := http.StatusOK
	if fault != nil {
		if !view.blame(fault) {
			return fault
		}
		status = http.StatusUnprocessableEntity
	}
	return v.Render(status, "person", view)
}

func (p *pages) postOne(v *staff.Visit) error {
	id, err := models.Parse[models.AccountID](v.Echo.Param("account"))
	if err != nil {
		return errs.New(errs.NotFound, errs.CodeNotFound)
	}
	form := readPerson(v)
	if form.roles == nil {
		form.roles = []models.Role{} // none is said, which is refused
	}
	patch := account.Patch{Login: &form.login, Name: &form.name, Roles: form.roles, Staff: &form.teacher}
	if _, err := p.base.Auth().Accounts.Update(v.Echo.Request().Context(), v.Actor, id, patch); err != nil {
		return p.renderOne(v, &form, err)
	}
	return p.toOne(v, id, "saved")
}

func (p *pages) toOne(v *staff.Visit, id models.AccountID, done string) error {
	return v.Redirect(v.At("/people/"+id.String()), url.Values{"done": {done}})
}

// acts are what one button does with an account.
var acts = []string{"invite", "no-second", "disable", "enable", "log-out", "remove"}

func (p *pages) postAct(v *staff.Visit) error {
	id, err := models.Parse[models.AccountID](v.Echo.Param("account"))
	if err != nil {
		return errs.New(errs.NotFound, errs.CodeNotFound)
	}
	ctx, accounts, act := v.Echo.Request().Context(), p.base.Auth().Accounts, v.Form.Value("act")
	off := act == "disable"
	switch act {
	case "invite":
		_, err = accounts.InviteAgain(ctx, v.Actor, id, false)
	case "no-second":
		_, err = accounts.Update(ctx, v.Actor, id, account.Patch{NoSecond: true})
	case "disable", "enable":
		_, err = accounts.Update(ctx, v.Actor, id, account.Patch{Disabled: &off})
	case "log-out":
		err = accounts.LogOutEverywhere(ctx, v.Actor, id)
	case "remove":
		if err = accounts.Remove(ctx, v.Actor, id); err == nil {
			return v.Redirect(v.At("/people"), url.Values{"done": {"removed"}})
		}
	default:
		return layout.ErrBadForm()
	}
	if err != nil {
		return p.renderOne(v, nil, err)
	}
	return p.toOne(v, id, act)
}
