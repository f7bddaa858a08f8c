package account

import (
	"context"
	"net/netip"
	"strings"
	"time"

	"github.com/ouderavond/ouderavond/api/rest"
	"github.com/ouderavond/ouderavond/api/shape"
	"github.com/ouderavond/ouderavond/auth/account"
	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/errs"
)

type newAccountInput struct {
	shape.SchoolPath
	Body struct {
		Login    string                    `json:"login" maxLength:"200" doc:"The address that the invitation goes to, by which its owner logs in; with a password it may be any name. Case does not matter." example:"j.visser@delinde.example.com"`
		Name     string                    `json:"name,omitempty" maxLength:"200" doc:"Whose account it is." example:"J. Visser"`
		Password string                    `json:"password,omitempty" maxLength:"1000" doc:"Makes the account without an invitation: at least twelve characters, and none that is known to everybody." example:"correct horse battery staple"`
		Roles    []string                  `json:"roles" maxItems:"5" enum:"administrator,coordinator,teacher,reception,read-only" doc:"What the account may do." example:"[\"teacher\"]"`
		Teacher  shape.Ref[models.StaffID] `json:"teacher,omitzero" doc:"The teacher that it is; needed for the role teacher."`
	}
}

type newAccountOutput struct {
	Body struct {
		ID         shape.Ref[models.AccountID] `json:"id" doc:"The account's id."`
		Invitation string                      `json:"invitation,omitempty" doc:"For the operator alone: what stands in the invitation's link behind the last slash. Nothing was sent then." example:"p9n1ZyQfS0mWb7s1YkT4aA"`
	}
}

func (s *Chapter) createAccount(ctx context.Context, in *newAccountInput) (*newAccountOutput, error) {
	actor := rest.CallOf(ctx).Actor
	made, err := s.auth.Accounts.Create(ctx, actor, account.New{
		Login: in.Body.Login, Name: in.Body.Name, Password: in.Body.Password, Roles: modelRoles(in.Body.Roles), Staff: in.Body.Teacher.Value, Untold: handsOn(actor),
	})
	if err != nil {
		return nil, err
	}
	out := &newAccountOutput{}
	out.Body.ID = shape.RefTo(made.ID)
	if handsOn(actor) {
		out.Body.Invitation = made.Token
	}
	return out, nil
}

// handsOn reports whether who invites hands the link on: the operator, who makes a school's first account before any mail goes. Nobody else ever sees another's link.
func handsOn(actor models.Actor) bool { return actor.Kind == models.ActorOperator }

func modelRoles(names []string) []models.Role {
	return shape.Mapped(names, func(name string) models.Role { return models.Role(name) })
}

// accountBody is a staff account.
type accountBody struct {
	ID            shape.Ref[models.AccountID] `json:"id" doc:"The account's id."`
	Login         string                      `json:"login" doc:"The address, or the login name." example:"j.visser@delinde.example.com"`
	Name          string                      `json:"name" doc:"Whose account it is." example:"J. Visser"`
	Roles         []string                    `json:"roles" doc:"What the account may do: administrator, coordinator, teacher, reception, read-only." example:"[\"teacher\"]"`
	Teacher       shape.Ref[models.StaffID]   `json:"teacher,omitzero" doc:"The teacher that it is; missing for who is none."`
	State         string                      `json:"state" enum:"invited,active,disabled,left" doc:"Whether it lets anybody in. Invited: nobody has accepted yet. Left: its teacher is not at the school any more." example:"active"`
	InvitedUntil  *time.Time                  `json:"invited_until,omitempty" doc:"Until when the invitation that was sent last can be accepted, UTC; missing where there is none." example:"2026-09-15T08:00:00Z"`
	SecondFactor  string                      `json:"second_factor" enum:"none,missing,set-up" doc:"Whether there is a second factor; missing says that a role needs one that is not set up yet." example:"none"`
	RecoveryCodes int                         `json:"recovery_codes" doc:"How many recovery codes are left." example:"0"`
	CreatedAt     time.Time                   `json:"created_at" doc:"When it was made, UTC." example:"2026-09-01T08:00:00Z"`
	SeenAt        *time.Time                  `json:"seen_at,omitempty" doc:"The last log-in, UTC; missing where there was none." example:"2026-11-02T18:00:00Z"`
}

func bodyOf(view account.View) accountBody {
	state, second := string(view.State), "none"
	if view.Left && view.State != models.AccountDisabled {
		state = "left"
	}
	switch {
	case view.Held.Second:
		second = "set-up"
	case view.Strong():
		second = "missing"
	}
	return accountBody{
		ID: shape.RefTo(view.ID), Login: view.Login, Name: view.Name, Roles: rolesOf(view.Roles), Teacher: shape.RefTo(view.Staff), State: state, InvitedUntil: shape.UTC(view.InvitedUntil),
		SecondFactor: second, RecoveryCodes: view.Held.Recovery, CreatedAt: view.CreatedAt.UTC(), SeenAt: shape.UTC(view.SeenAt),
	}
}

type accountsOutput struct{ Body shape.List[accountBody] }

func (s *Chapter) listAccounts(ctx context.Context, _ *shape.SchoolPath) (*accountsOutput, error) {
	views, err := s.auth.Accounts.List(ctx, rest.CallOf(ctx).Actor)
	if err != nil {
		return nil, err
	}
	return &accountsOutput{Body: shape.ListOf(shape.Mapped(views, bodyOf))}, nil
}

type inviteTeachersInput struct {
	shape.SchoolPath
	Body struct {
		Again bool `json:"again,omitempty" doc:"Send those another link who have not accepted." example:"false"`
	}
}

type inviteTeachersOutput struct {
	Body struct {
		New     int                         `json:"new" doc:"Teachers who were invited for the first time." example:"28"`
		Again   int                         `json:"again" doc:"Teachers who were sent another link." example:"0"`
		Have    int                         `json:"have" doc:"Teachers who had accepted before." example:"1"`
		Missing []shape.Ref[models.StaffID] `json:"missing" doc:"Teachers without an address, or with one that another account has: to be invited one by one."`
	}
}

func (s *Chapter) inviteTeachers(ctx context.Context, in *inviteTeachersInput) (*inviteTeachersOutput, error) {
	done, err := s.auth.Accounts.InviteTeachers(ctx, rest.CallOf(ctx).Actor, in.Body.Again)
	if err != nil {
		return nil, err
	}
	out := &inviteTeachersOutput{}
	out.Body.New, out.Body.Again, out.Body.Have, out.Body.Missing = done.New, done.Again, done.Have, shape.Mapped(done.Missing, shape.RefTo)
	return out, nil
}

// Path is the path of an account.
type Path struct {
	shape.SchoolPath
	Account string `path:"account" doc:"The account's id." example:"019a1f3e-5c1d-7b2a-8f00-3d5e6f708192"`
}

type accountPatchInput struct {
	Path
	Body struct {
		Login        *string                    `json:"login,omitempty" maxLength:"200" doc:"Another address. Links that went to the former one are of no use any more." example:"j.visser@delinde.example.com"`
		Name         *string                    `json:"name,omitempty" maxLength:"200" doc:"Whose account it is." example:"J. Visser"`
		Password     *string                    `json:"password,omitempty" maxLength:"1000" doc:"A new password. Whoever is logged in with the account is out at once, but for the session that asks." example:"correct horse battery staple"`
		Disabled     *bool                      `json:"disabled,omitempty" doc:"True lets nobody in any more, and ends the account's sessions." example:"true"`
		Roles        []string                   `json:"roles,omitempty" maxItems:"5" enum:"administrator,coordinator,teacher,reception,read-only" doc:"What the account may do from now on." example:"[\"teacher\",\"coordinator\"]"`
		Teacher      *shape.Ref[models.StaffID] `json:"teacher,omitempty" doc:"The teacher that it is."`
		SecondFactor *bool                      `json:"second_factor,omitempty" doc:"False takes the second factor and the recovery codes away: its owner has lost them, and sets up new ones at the next log-in." example:"false"`
	}
}

type accountOutput struct{ Body accountBody }

func (s *Chapter) updateAccount(ctx context.Context, in *accountPatchInput) (*accountOutput, error) {
	id, err := shape.PathID[models.AccountID](in.Account)
	if err != nil {
		return nil, err
	}
	patch := account.Patch{Login: in.Body.Login, Name: in.Body.Name, Password: in.Body.Password, Disabled: in.Body.Disabled}
	if in.Body.Roles != nil {
		patch.Roles = modelRoles(in.Body.Roles)
	}
	if in.Body.Teacher != nil {
		patch.Staff = &in.Body.Teacher.Value
	}
	if second := in.Body.SecondFactor; second != nil {
		if *second {
			return nil, errs.InvalidField("second_factor", errs.CodeUnknown) // only its owner can set one up
		}
		patch.NoSecond = true
	}
	view, err := s.auth.Accounts.Update(ctx, rest.CallOf(ctx).Actor, id, patch)
	if err != nil {
		return nil, err
	}
	return &accountOutput{Body: bodyOf(view)}, nil
}

func (s *Chapter) removeAccount(ctx context.Context, in *Path) (*struct{}, error) {
	id, err := shape.PathID[models.AccountID](in.Account)
	if err != nil {
		return nil, err
	}
	return nil, s.auth.Accounts.Remove(ctx, rest.CallOf(ctx).Actor, id)
}

func (s *Chapter) inviteAgain(ctx context.Context, in *Path) (*newAccountOutput, error) {
	actor := rest.CallOf(ctx).Actor
	id, err := shape.PathID[models.AccountID](in.Account)
	if err != nil {
		return nil, err
	}
	token, err := s.auth.Accounts.InviteAgain(ctx, actor, id, handsOn(actor))
	if err != nil {
		return nil, err
	}
	out := &newAccountOutput{}
	out.Body.ID = shape.RefTo(id)
	if handsOn(actor) {
		out.Body.Invitation = token
	}
	return out, nil
}

func (s *Chapter) logOutAccount(ctx context.Context, in *Path) (*struct{}, error) {
	id, err := shape.PathID[models.AccountID](in.Account)
	if err != nil {
		return nil, err
	}
	return nil, s.auth.Accounts.LogOutEverywhere(ctx, rest.CallOf(ctx).Actor, id)
}

type openAccountInput struct {
	Path
	Body struct {
		Address string `json:"address" maxLength:"50" doc:"The address that somebody will log in from, of IP version 4 or 6." example:"203.0.113.5"`
	}
}

type openAccountOutput struct {
	Body struct {
		Until time.Time `json:"until" doc:"Until when it is open there, UTC." example:"2026-11-02T19:00:00Z"`
	}
}

func (s *Chapter) openAccount(ctx context.Context, in *openAccountInput) (*openAccountOutput, error) {
	id, err := shape.PathID[models.AccountID](in.Account)
	if err != nil {
		return nil, err
	}
	address, err := netip.ParseAddr(strings.TrimSpace(in.Body.Address))
	if err != nil || address.Zone() != "" {
		return nil, errs.InvalidField("address", errs.CodeUnknown)
	}
	out := &openAccountOutput{}
	until, err := s.auth.Staff.OpenFrom(ctx, rest.CallOf(ctx).Actor, id, address)
	out.Body.Until = until.UTC()
	return out, err
}
