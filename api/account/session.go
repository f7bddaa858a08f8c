package account

import (
	"context"
	"time"

	"github.com/ouderavond/ouderavond/api/rest"
	"github.com/ouderavond/ouderavond/api/shape"
	"github.com/ouderavond/ouderavond/auth/session"
	"github.com/ouderavond/ouderavond/auth/staff"
	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/errs"
)

type staffSessionInput struct {
	shape.SchoolPath
	Body struct {
		Login    string `json:"login" maxLength:"200" doc:"The address of the account, or its login name." example:"j.visser@delinde.example.com"`
		Password string `json:"password" maxLength:"1000" doc:"The password." example:"correct horse battery staple"`
		Code     string `json:"code,omitempty" maxLength:"40" doc:"The second factor: the digits that the telephone shows, or a recovery code. It can follow in a call of its own." example:"492039"`
		Device   string `json:"device,omitempty" maxLength:"100" doc:"The device's receipt of an earlier log-in: with it, wrong passwords that others type for the login keep nobody out here." example:"od_0u3mWb7s1Yk"`
	}
}

type staffSessionOutput struct {
	Body struct {
		Token     string                    `json:"token" doc:"The session's token, for the Authorization header. Shown this once." example:"os_9p1ZyQ"`
		ExpiresAt time.Time                 `json:"expires_at" doc:"When the session ends at the latest, UTC." example:"2026-11-03T06:00:00Z"`
		Device    string                    `json:"device" doc:"The device's receipt, good for 180 days: keep it, and send it at the next log-in." example:"od_0u3mWb7s1Yk"`
		Roles     []string                  `json:"roles" doc:"What this session may do." example:"[\"teacher\"]"`
		Next      string                    `json:"next" enum:",second-factor,set-up" doc:"What is to be done before all of the account's roles can be used: nothing, give the second factor, or set one up." example:"second-factor"`
		Teacher   shape.Ref[models.StaffID] `json:"teacher,omitzero" doc:"The teacher that it is; missing for who is none."`
	}
}

func (s *Chapter) openSession(ctx context.Context, in *staffSessionInput) (*staffSessionOutput, error) {
	call := rest.CallOf(ctx)
	opened, err := s.auth.Staff.LogIn(ctx, call.School, in.Body.Login, in.Body.Password, in.Body.Code, originOf(call, in.Body.Device))
	if err != nil {
		return nil, err
	}
	return s.sessionOf(ctx, opened)
}

func originOf(call *rest.Call, device string) staff.Origin {
	return staff.Origin{Address: call.Address, Device: device, Language: call.Language}
}

func (s *Chapter) sessionOf(ctx context.Context, opened *session.Opened) (*staffSessionOutput, error) {
	own, err := s.auth.Staff.Own(ctx, opened.Actor)
	if err != nil {
		return nil, err
	}
	out := &staffSessionOutput{}
	out.Body.Token, out.Body.Device, out.Body.ExpiresAt = opened.Token, opened.Device, opened.ExpiresAt.UTC()
	out.Body.Roles, out.Body.Next, out.Body.Teacher = rolesOf(own.Roles), own.Next(), shape.RefTo(own.Staff)
	return out, nil
}

func rolesOf(roles []models.Role) []string {
	return shape.Mapped(roles, func(role models.Role) string { return string(role) })
}

type askLinkInput struct {
	shape.SchoolPath
	Body struct {
		Address string `json:"address" maxLength:"254" doc:"The address of the account." example:"j.visser@delinde.example.com"`
		For     string `json:"for,omitempty" enum:"log-in,password" doc:"What the link is to open: a session, or the choice of another password. Log-in where left out." example:"log-in"`
	}
}

type linkSentOutput struct {
	Body struct {
		Message string `json:"message" doc:"What to tell the person; always the same." example:"If there is an account with this address, a link has been sent."`
	}
}

func (s *Chapter) askLink(ctx context.Context, in *askLinkInput) (*linkSentOutput, error) {
	call := rest.CallOf(ctx)
	purpose := models.TokenLogIn
	if in.Body.For != "" {
		purpose = models.TokenPurpose(in.Body.For)
	}
	if err := s.auth.Staff.AskLink(ctx, call.School, in.Body.Address, purpose, originOf(call, "")); err != nil {
		return nil, err
	}
	out := &linkSentOutput{}
	out.Body.Message = s.base.Texts.Say(call.Voice(), "code.staff-link", nil)
	return out, nil
}

// StaffLink is a link that was sent.
type StaffLink struct {
	Link string `json:"link" maxLength:"100" doc:"What stands in the address of the link, behind the last slash." example:"p9n1ZyQfS0mWb7s1YkT4aA"`
}

type linkFormInput struct {
	shape.SchoolPath
	Body StaffLink
}

type linkFormOutput struct {
	Body struct {
		Opens    string   `json:"opens" enum:"invitation,log-in,password" doc:"What the link does." example:"invitation"`
		Login    string   `json:"login" doc:"The address of the account." example:"j.visser@delinde.example.com"`
		Name     string   `json:"name" doc:"Whose account it is." example:"J. Visser"`
		Roles    []string `json:"roles" doc:"What the account may do." example:"[\"teacher\"]"`
		Password bool     `json:"password" doc:"Whether a password is chosen by it." example:"false"`
	}
}

func (s *Chapter) lookAtLink(ctx context.Context, in *linkFormInput) (*linkFormOutput, error) {
	link, err := s.auth.Staff.Look(ctx, rest.CallOf(ctx).School, in.Body.Link)
	if err != nil {
		return nil, err
	}
	out := &linkFormOutput{}
	out.Body.Opens, out.Body.Login, out.Body.Name, out.Body.Roles, out.Body.Password = string(link.Purpose), link.Login, link.Name, rolesOf(link.Roles), link.Password
	return out, nil
}

type useLinkInput struct {
	shape.SchoolPath
	Body struct {
		StaffLink
		Password string `json:"password,omitempty" maxLength:"1000" doc:"The new password, where the link lets choose one: at least twelve characters, and none that is known to everybody." example:"correct horse battery staple"`
		Remember bool   `json:"remember,omitempty" doc:"Keeps the device logged in for 30 days, for one's own list and hours; only where no password is chosen." example:"false"`
		Device   string `json:"device,omitempty" maxLength:"100" doc:"The device's receipt of an earlier log-in." example:"od_0u3mWb7s1Yk"`
	}
}

func (s *Chapter) useLink(ctx context.Context, in *useLinkInput) (*staffSessionOutput, error) {
	call := rest.CallOf(ctx)
	use := staff.Use{Token: in.Body.Link, Password: in.Body.Password, Remember: in.Body.Remember}
	opened, err := s.auth.Staff.UseLink(ctx, call.School, use, originOf(call, in.Body.Device))
	if err != nil {
		return nil, err
	}
	return s.sessionOf(ctx, opened)
}

func (s *Chapter) closeSession(ctx context.Context, _ *shape.SchoolPath) (*struct{}, error) {
	return nil, s.auth.Sessions.Leave(ctx, rest.CallOf(ctx).Actor)
}

func (s *Chapter) closeOthers(ctx context.Context, _ *shape.SchoolPath) (*struct{}, error) {
	return nil, s.auth.Staff.EndOthers(ctx, rest.CallOf(ctx).Actor)
}

type ownSession struct {
	Here       bool      `json:"here" doc:"Whether it is the one that asks." example:"true"`
	Remembered bool      `json:"remembered" doc:"Whether the device is remembered for 30 days." example:"false"`
	CreatedAt  time.Time `json:"created_at" doc:"When it was opened, UTC." example:"2026-11-02T18:00:00Z"`
	SeenAt     time.Time `json:"seen_at" doc:"When it was last used, UTC; to the minute." example:"2026-11-02T18:04:00Z"`
}

type ownOutput struct {
	Body struct {
		ID            shape.Ref[models.AccountID] `json:"id" doc:"The account's id."`
		Login         string                      `json:"login" doc:"The address of the account, or its login name." example:"j.visser@delinde.example.com"`
		Name          string                      `json:"name" doc:"Whose account it is." example:"J. Visser"`
		Roles         []string                    `json:"roles" doc:"What this session may do." example:"[\"teacher\"]"`
		Withheld      []string                    `json:"withheld" doc:"Roles that wait for the second factor." example:"[]"`
		Next          string                      `json:"next" enum:",second-factor,set-up" doc:"What is to be done before all roles can be used." example:""`
		Teacher       shape.Ref[models.StaffID]   `json:"teacher,omitzero" doc:"The teacher that it is; missing for who is none."`
		Password      bool                        `json:"password" doc:"Whether the account has a password." example:"false"`
		SecondFactor  bool                        `json:"second_factor" doc:"Whether the account has a second factor." example:"false"`
		RecoveryCodes int                         `json:"recovery_codes" doc:"How many recovery codes are left." example:"10"`
		Sessions      []ownSession                `json:"sessions" doc:"The account's sessions, the newest first."`
	}
}

func (s *Chapter) getOwn(ctx context.Context, _ *shape.SchoolPath) (*ownOutput, error) {
	return s.ownOf(ctx, rest.CallOf(ctx).Actor)
}

func (s *Chapter) ownOf(ctx context.Context, actor models.Actor) (*ownOutput, error) {
	own, err := s.auth.Staff.Own(ctx, actor)
	if err != nil {
		return nil, err
	}
	out := &ownOutput{}
	out.Body.ID, out.Body.Login, out.Body.Name, out.Body.Teacher = shape.RefTo(own.ID), own.Login, own.Name, shape.RefTo(own.Staff)
	out.Body.Roles, out.Body.Withheld, out.Body.Next = rolesOf(own.Roles), rolesOf(own.Withheld), own.Next()
	out.Body.Password, out.Body.SecondFactor, out.Body.RecoveryCodes = own.Held.Password, own.Held.Second, own.Held.Recovery
	out.Body.Sessions = shape.Mapped(own.Sessions, func(one staff.OwnSession) ownSession {
		return ownSession{Here: one.Here, Remembered: one.Remembered, CreatedAt: one.CreatedAt.UTC(), SeenAt: one.SeenAt.UTC()}
	})
	return out, nil
}

type proofInput struct {
	shape.SchoolPath
	Body struct {
		Code     string `json:"code,omitempty" maxLength:"40" doc:"The digits that the telephone shows, or a recovery code." example:"492039"`
		Password string `json:"password,omitempty" maxLength:"1000" doc:"Or the account's password." example:"correct horse battery staple"`
	}
}

func (s *Chapter) prove(ctx context.Context, in *proofInput) (*ownOutput, error) {
	call := rest.CallOf(ctx)
	now, err := call.Actor, error(nil)
	switch {
	case in.Body.Code == "" && in.Body.Password == "":
		err = errs.InvalidField("code", errs.CodeRequired)
	case in.Body.Code != "" && in.Body.Password != "":
		err = errs.InvalidField("password", "not-both")
	case in.Body.Code != "":
		now, err = s.auth.Staff.ProveSecond(ctx, call.Actor, in.Body.Code)
	default:
		now, err = s.auth.Staff.ProvePassword(ctx, call.Actor, in.Body.Password, originOf(call, ""))
	}
	if err != nil {
		return nil, err
	}
	return s.ownOf(ctx, now)
}

type totpOutput struct {
	Body struct {
		URL string `json:"url" doc:"What the program on the telephone reads, as a picture mostly." example:"otpauth://totp/De%20Linde:j.visser?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=De%20Linde"`
		Key string `json:"key" doc:"The same secret, for who types it (base 32)." example:"GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"`
	}
}

func (s *Chapter) beginTOTP(ctx context.Context, _ *shape.SchoolPath) (*totpOutput, error) {
	begun, err := s.auth.Credentials.BeginTOTP(ctx, rest.CallOf(ctx).Actor)
	if err != nil {
		return nil, err
	}
	out := &totpOutput{}
	out.Body.URL, out.Body.Key = begun.URL, begun.Key
	return out, nil
}

type confirmTOTPInput struct {
	shape.SchoolPath
	Body struct {
		Digits string `json:"digits" maxLength:"20" doc:"What the program shows." example:"492039"`
	}
}

type recoveryOutput struct {
	Body struct {
		RecoveryCodes []string `json:"recovery_codes" doc:"Ten codes, each good once instead of the digits. Shown this once." example:"[\"JBSW-Y3DP-EHPK-3PXP\"]"`
	}
}

func (s *Chapter) confirmTOTP(ctx context.Context, in *confirmTOTPInput) (*recoveryOutput, error) {
	codes, err := s.auth.Credentials.ConfirmTOTP(ctx, rest.CallOf(ctx).Actor, in.Body.Digits)
	return recoveryOf(codes), err
}

func (s *Chapter) renewRecovery(ctx context.Context, _ *shape.SchoolPath) (*recoveryOutput, error) {
	codes, err := s.auth.Credentials.NewRecoveryCodes(ctx, rest.CallOf(ctx).Actor)
	return recoveryOf(codes), err
}

func recoveryOf(codes []string) *recoveryOutput {
	out := &recoveryOutput{}
	out.Body.RecoveryCodes = codes
	return out
}

type ownPasswordInput struct {
	shape.SchoolPath
	Body struct {
		Present  string `json:"present,omitempty" maxLength:"1000" doc:"The present password, where there is one." example:"correct horse battery staple"`
		Password string `json:"password" maxLength:"1000" doc:"The new one: at least twelve characters, and none that is known to everybody." example:"staple battery horse correct"`
	}
}

func (s *Chapter) changePassword(ctx context.Context, in *ownPasswordInput) (*struct{}, error) {
	return nil, s.auth.Credentials.ChangePassword(ctx, rest.CallOf(ctx).Actor, in.Body.Present, in.Body.Password)
}
