package account

import (
	"bytes"
	"encoding/base64"
	"html/template"
	"image/png"
	"net/http"
	"strings"

	"github.com/pquerna/otp"

	"github.com/ouderavond/ouderavond/api/page/layout"
	"github.com/ouderavond/ouderavond/api/page/staff"
	"github.com/ouderavond/ouderavond/models/errs"
)

// secondView asks for the second factor.
type secondView struct {
	carriedView
	Code layout.Field
}

func codeField(f *layout.Frame) layout.Field {
	return layout.Field{Name: "code", Label: f.T("account.code"), Hint: f.T("account.code_hint"), Type: "text", Autocomplete: "one-time-code", Short: true, Required: true}
}

func (p *pages) showSecond(v *staff.Visit) error {
	own, err := p.base.Auth().Staff.Own(v.Echo.Request().Context(), v.Actor)
	if err != nil {
		return err
	}
	switch own.Next() {
	case "set-up":
		return p.renderSetUp(v, v.Carried(), "")
	case "":
		return p.onward(v, v.Carried())
	}
	return p.renderSecond(v, v.Carried(), "")
}

func (p *pages) renderSecond(v *staff.Visit, carried staff.Carried, problem string) error {
	v.Here = v.At("/second")
	f := v.Frame("", "account.second.title")
	view := &secondView{carriedView: carriedOf(f, carried), Code: codeField(f)}
	status := http.StatusOK
	if problem != "" {
		view.Code.Error, status = f.T(problem), http.StatusUnprocessableEntity
		f.Blame("code", view.Code.Error)
	}
	return v.Render(status, "second", view)
}

func (p *pages) postSecond(v *staff.Visit) error {
	carried := v.Carried()
	now, err := p.base.Auth().Staff.ProveSecond(v.Echo.Request().Context(), v.Actor, v.Form.Value("code"))
	if problem := proofProblem(err, "account.wrong_code"); problem != "" {
		return p.renderSecond(v, carried, problem)
	}
	if err != nil {
		return err
	}
	v.Actor = now
	return p.onward(v, carried)
}

// proofProblem is the id of the sentence that says why a proof was none; empty where the error is of another kind.
func proofProblem(err error, wrong string) string {
	switch {
	case err == nil:
		return ""
	case errs.KindOf(err) == errs.Unauthenticated:
		return wrong
	case errs.KindOf(err) == errs.TooMany:
		return "account.too_many"
	default:
		return ""
	}
}

// setUpView shows the secret of a second factor that is about to be set up.
type setUpView struct {
	carriedView
	Picture template.URL
	Key     string // in groups of four
	Digits  layout.Field
}

func (p *pages) showSetUp(v *staff.Visit) error { return p.renderSetUp(v, v.Carried(), "") }

func (p *pages) renderSetUp(v *staff.Visit, carried staff.Carried, problem string) error {
	begun, err := p.base.Auth().Credentials.BeginTOTP(v.Echo.Request().Context(), v.Actor)
	if err != nil && errs.CodeOf(err) == "login.second-factor" {
		return p.renderSecond(v, staff.Carried{Next: v.At("/set-up")}, "")
	}
	if err != nil {
		return err
	}
	picture, err := pictureOf(begun.URL)
	if err != nil {
		return err
	}
	v.Here = v.At("/set-up")
	f := v.Frame("", "account.set_up.title")
	view := &setUpView{
		carriedView: carriedOf(f, carried), Picture: picture, Key: grouped(begun.Key),
		Digits: layout.Field{Name: "digits", Label: f.T("account.digits"), Type: "text", Mode: "numeric", Autocomplete: "one-time-code", Short: true, Required: true},
	}
	status := http.StatusOK
	if problem != "" {
		view.Digits.Error, status = f.T(problem), http.StatusUnprocessableEntity
		f.Blame("digits", view.Digits.Error)
	}
	return v.Render(status, "setup", view)
}

// pictureSize is the width and height of the picture that telephones read, in points.
const pictureSize = 220

// pictureOf draws what a telephone reads, as part of the page: it must be kept nowhere.
func pictureOf(address string) (template.URL, error) {
	key, err := otp.NewKeyFromURL(address)
	if err != nil {
		return "", err
	}
	drawn, err := key.Image(pictureSize, pictureSize)
	if err != nil {
		return "", err
	}
	var out bytes.Buffer
	if err := png.Encode(&out, drawn); err != nil {
		return "", err
	}
	return template.URL("data:image/png;base64," + base64.StdEncoding.EncodeToString(out.Bytes())), nil //nolint:gosec // drawn here
}

// grouped writes a key in groups of four, as people type it.
func grouped(key string) string {
	var out strings.Builder
	for i, r := range key {
		if i > 0 && i%4 == 0 {
			out.WriteByte(' ')
		}
		out.WriteRune(r)
	}
	return out.String()
}

// codesView shows recovery codes, this once.
type codesView struct {
	carriedView
	Codes []string
	// Action is where somebody was going, or their first page. Fields are what they had typed, to be sent there.
	Action string
	Fields []layout.Hidden
}

func (p *pages) postSetUp(v *staff.Visit) error {
	carried := v.Carried()
	codes, err := p.base.Auth().Credentials.ConfirmTOTP(v.Echo.Request().Context(), v.Actor, v.Form.Value("digits"))
	switch {
	case err != nil && errs.KindOf(err) == errs.Invalid:
		return p.renderSetUp(v, carried, "account.wrong_digits")
	case err != nil && errs.CodeOf(err) == "totp.not-begun": // the page was loaded again
		return v.Redirect(v.Home(), nil)
	case err != nil:
		return err
	}
	token := v.Cookie(layout.StaffCookie)
	if now, err := p.base.Auth().Authenticate(v.Echo.Request().Context(), v.School(), token); err == nil {
		v.Actor = now
	}
	return p.renderCodes(v, carried, codes)
}

func (p *pages) renderCodes(v *staff.Visit, carried staff.Carried, codes []string) error {
	v.Here = v.At("/account")
	f := v.Frame("account", "account.codes.title")
	view := &codesView{carriedView: carriedOf(f, carried), Codes: codes, Action: v.Home()}
	if carried.Next != "" {
		view.Action, view.Fields = carried.Next, carried.Kept
	}
	return v.Render(http.StatusOK, "codes", view)
}

// proofView asks somebody who is in to show once more that it is they.
type proofView struct {
	carriedView
	Code, Password *layout.Field
	// ByLink says that a new link is the way: the account has neither password nor second factor.
	ByLink bool
	Login  string
}

func (p *pages) showProof(v *staff.Visit) error { return p.renderProof(v, v.Carried(), "") }

func (p *pages) renderProof(v *staff.Visit, carried staff.Carried, problem string) error {
	own, err := p.base.Auth().Staff.Own(v.Echo.Request().Context(), v.Actor)
	if err != nil {
		return err
	}
	v.Here = v.At("/proof")
	f := v.Frame("", "account.proof.title")
	view := &proofView{carriedView: carriedOf(f, carried), Login: own.Login}
	target, status := "", http.StatusOK
	switch {
	case own.Held.Second:
		code := codeField(f)
		view.Code, target = &code, "code"
	case own.Held.Password:
		view.Password = &layout.Field{Name: "password", Label: f.T("account.password"), Type: "password", Autocomplete: "current-password", Required: true}
		target = "password"
	default:
		view.ByLink = true
	}
	if problem != "" {
		text := f.T(problem)
		if view.Code != nil {
			view.Code.Error = text
		} else if view.Password != nil {
			view.Password.Error = text
		}
		f.Blame(target, text)
		status = http.StatusUnprocessableEntity
	}
	return v.Render(status, "proof", view)
}

func (p *pages) postProof(v *staff.Visit) error {
	ctx, carried := v.Echo.Request().Context(), v.Carried()
	if password, typed := v.Form.Optional("password"); typed {
		now, err := p.base.Auth().Staff.ProvePassword(ctx, v.Actor, password, v.Origin())
		if problem := proofProblem(err, "account.wrong_password"); problem != "" {
			return p.renderProof(v, carried, problem)
		}
		if err != nil {
			return err
		}
		v.Actor = now
		return p.onward(v, carried)
	}
	now, err := p.base.Auth().Staff.ProveSecond(ctx, v.Actor, v.Form.Value("code"))
	if problem := proofProblem(err, "account.wrong_code"); problem != "" {
		return p.renderProof(v, carried, problem)
	}
	if err != nil {
		return err
	}
	v.Actor = now
	return p.onward(v, carried)
}
