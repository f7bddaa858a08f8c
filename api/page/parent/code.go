package parent

import (
	"context"
	"net/http"
	"strings"
	"time"

	"github.com/ouderavond/ouderavond/api/page/layout"
	"github.com/ouderavond/ouderavond/auth/parent"
	"github.com/ouderavond/ouderavond/auth/session"
	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/errs"
	"github.com/ouderavond/ouderavond/models/factor"
)

// codeView is the page on which a code is asked for and typed.
type codeView struct {
	*layout.Frame
	// Sent is set for a browser that has just asked for a code: what it types is known as its own, so no name is needed with it (Named). Until and LinkUntil are
	// when the digits and the link end, as the school's clocks show it.
	Sent, Named      bool
	Until, LinkUntil string
	Name, Code, Own  layout.Field
	Carried          []layout.Hidden
	Contact          *schoolContact
	Try              string
	Shared           bool
}

func showCode(v *visit) error {
	if _, err := decodeChoices(v.Query); err != nil {
		return err
	}
	return v.codePage("", v.Query, v.Query.Value("first") != "")
}

// codePage shows the page on which a code is typed: after one was sent, or because somebody has to confirm first that it is them.
func (v *visit) codePage(name string, times layout.Form, first bool) error {
	view := v.codeView(name, times)
	if view.Sent {
		view.Say(true, "code.sent", "Until", view.Until, "LinkUntil", view.LinkUntil)
	}
	if first {
		view.Say(false, "code.first")
	}
	return v.Render(http.StatusOK, "code", view)
}

// codeView is the page with what was typed. times has the ends of a message that this browser has just asked for.
func (v *visit) codeView(name string, times layout.Form) *codeView {
	title := "code.title"
	if v.actor.Kind == models.ActorParent {
		title = "code.confirm_title"
	}
	f := v.frame(title)
	f.Filled = true
	view := &codeView{
		Frame: f, Contact: v.schoolContact(), Carried: v.kept(), Try: v.try(), Shared: v.Form.Value("shared") != "", Until: clockTime(times.Value("sent")), LinkUntil: clockTime(times.Value("link")),
		Name: layout.Field{Name: "name", Label: f.T("login.name"), Hint: f.T("login.name_hint"), Value: echoed(name), Type: "text", Autocomplete: "off", Required: true},
		Code: layout.Field{Name: "code", Label: f.T("code.code"), Hint: f.T("code.code_hint"), Type: "text", Autocomplete: "one-time-code", Short: true, Required: true},
		Own:  layout.Field{Name: "contact", Label: f.T("code.own"), Hint: f.T("code.own_hint"), Value: echoed(v.Form.Value("contact")), Type: "text", Autocomplete: "email"},
	}
	view.Sent = view.Until != "" && view.LinkUntil != ""
	view.Named = !view.Sent
	return view
}

// clockTime takes a time of day out of an address or a form; empty if it is none.
func clockTime(text string) string {
	if _, err := time.Parse("15:04", text); err != nil || len(text) != len("15:04") {
		return ""
	}
	return text
}

func againCode(v *visit) error {
	view := v.codeView(v.Form.Value("name"), v.Form)
	view.Code.Value = echoed(v.Form.Value("code"))
	return v.Render(http.StatusOK, "code", view)
}

func postCode(v *visit) error {
	if _, err := decodeChoices(v.Form); err != nil {
		return err
	}
	switch v.Form.Value("act") {
	case "request":
		return v.requestCode()
	case "own":
		return v.requestOwn()
	case "type":
		return v.codePage(v.Form.Value("name"), v.Query, false)
	}
	answers := parent.Answers{Name: v.Form.Value("name"), Code: v.Form.Value("code")}
	switch {
	case strings.TrimSpace(answers.Code) != "":
	case strings.TrimSpace(v.Form.Value("contact")) != "":
		return v.requestOwn() // the keyboard's key, in the other field
	default:
		return v.codeFailed(errs.InvalidField("code", errs.CodeRequired))
	}
	opened, err := v.recognise(answers)
	if err != nil {
		return v.codeFailed(err)
	}
	v.enter(opened)
	return v.arrive()
}

// requestCode has a code sent, and never tells whether one was.
func (v *visit) requestCode() error {
	typed := readLogin(v.Form)
	asked, err := v.pages.config.Auth.Parents.RequestCode(v.Echo.Request().Context(), v.front.School, typed.answers, v.origin())
	if err != nil {
		return v.loginFailed(typed, err)
	}
	return v.codeSent(asked)
}

// requestOwn has a code sent to somebody's own address, if the school has it, and never says whether it has.
func (v *visit) requestOwn() error {
	answers := parent.Answers{Name: v.Form.Value("name"), Contact: v.Form.Value("contact")}
	if strings.TrimSpace(answers.Contact) == "" {
		return v.codeFailed(errs.InvalidField("contact", errs.CodeRequired))
	}
	asked, err := v.pages.config.Auth.Parents.RequestCode(v.Echo.Request().Context(), v.front.School, answers, v.origin())
	if err != nil {
		return v.codeFailed(err)
	}
	return v.codeSent(asked)
}

// codeSent goes on to where the code is typed, with the times that the message says too.
func (v *visit) codeSent(asked parent.Asked) error {
	times := layout.Form{"sent": {asked.Until.In(v.zone()).Format("15:04")}, "link": {asked.LinkUntil.In(v.zone()).Format("15:04")}}
	if len(v.typedFields()) > 0 {
		return v.codePage("", times, false)
	}
	query := v.chosenFields()
	query.Set("sent", times.Value("sent"))
	query.Set("link", times.Value("link"))
	return v.Redirect(v.Path("/code"), query)
}

func (v *visit) codeFailed(err error) error {
	found, ok := errs.As(err)
	if !ok || found.Kind != errs.Invalid && found.Kind != errs.Unauthenticated {
		return err
	}
	view := v.codeView(v.Form.Value("name"), v.Form)
	if found.Kind == errs.Unauthenticated {
		view.Blame("code", view.T("code.not_recognised"))
	}
	for _, fault := range found.Fields {
		asked := &view.Code
		switch fault.Name {
		case "name":
			asked, view.Named = &view.Name, true
		case "contact":
			asked = &view.Own
		}
		if fault.Name == "family_code" {
			fault.Name = "code"
		}
		asked.Error = view.FaultText(fault.Name, fault.Code)
		view.Blame(asked.Name, asked.Error)
	}
	if len(view.Problems) == 0 {
		return err
	}
	return v.Render(http.StatusUnprocessableEntity, "code", view)
}

// linkView is the page of a manage link. Looking at it opens nothing: programs that read mail follow links too.
type linkView struct{ *layout.Frame }

func showLink(v *visit) error {
	f := v.frame("link.title")
	return v.Render(http.StatusOK, "link", &linkView{f})
}

func postLink(v *visit) error { return v.openLink(v.pages.config.Auth.Parents.OpenManageLink) }

func postCodeLink(v *visit) error { return v.openLink(v.pages.config.Auth.Parents.OpenCodeLink) }

// openLink opens a session by the link of a message.
func (v *visit) openLink(open func(context.Context, models.SchoolID, string, parent.Origin) (*session.Opened, error)) error {
	origin := v.origin()
	opened, err := open(v.Echo.Request().Context(), v.front.School, v.Echo.Param("token"), origin)
	if err != nil && errs.KindOf(err) == errs.NotFound && origin.Session.Kind == models.ActorParent {
		origin.Session = models.Actor{}
		opened, err = open(v.Echo.Request().Context(), v.front.School, v.Echo.Param("token"), origin)
	}
	if err != nil {
		if errs.KindOf(err) != errs.Unauthenticated {
			return err
		}
		v.Here = v.Path("")
		f := v.frame("link.bad_title")
		return v.Render(http.StatusForbidden, "failure", &layout.FailureView{Frame: f, Heading: f.Title, Body: f.T("link.bad"), Back: v.Path("")})
	}
	v.enter(opened)
	return v.Redirect(v.Path("/appointments"), nil)
}

// testView is the page of the link in a school's test message. Looking at it says nothing: programs that read mail follow links too.
type testView struct{ *layout.Frame }

func showTest(v *visit) error {
	return v.Render(http.StatusOK, "test", &testView{v.frame("test.title")})
}

func postTest(v *visit) error {
	err := v.pages.config.Booking.Schools.ConfirmTest(v.Echo.Request().Context(), v.front.School, v.Echo.Param("token"))
	if err != nil && errs.KindOf(err) != errs.NotFound {
		return err
	}
	v.Here = v.Path("")
	if err != nil {
		f := v.frame("link.bad_title")
		return v.Render(http.StatusNotFound, "failure", &layout.FailureView{Frame: f, Heading: f.Title, Body: f.T("test.bad"), Back: v.Path("")})
	}
	f := v.frame("test.done_title")
	return v.Render(http.StatusOK, "failure", &layout.FailureView{Frame: f, Heading: f.Title, Body: f.T("test.done"), Back: v.Path("")})
}

// personalView is the page of a family's personal link. It names no child, and looking at it opens and counts nothing.
type personalView struct {
	*layout.Frame
	Asks    bool
	Date    *dateField
	Factor  *layout.Field
	Contact *schoolContact
}

func showPersonal(v *visit) error {
	view, err := v.personalView(typedLogin{})
	if err != nil {
		return v.personalFailed(err)
	}
	return v.Render(http.StatusOK, "personal", view)
}

func againPersonal(v *visit) error {
	view, err := v.personalView(readLogin(v.Form))
	if err != nil {
		return v.personalFailed(err)
	}
	return v.Render(http.StatusOK, "personal", view)
}

func (v *visit) personalView(typed typedLogin) (*personalView, error) {
	form, err := v.pages.config.Auth.Parents.LinkForm(v.Echo.Request().Context(), v.front.School, v.Echo.Param("token"))
	if err != nil {
		return nil, err
	}
	f := v.frame("personal.title")
	f.Filled = true
	view := &personalView{Frame: f, Contact: v.schoolContact(), Asks: form.Factor != ""}
	asked, _ := factor.Find(form.Factor)
	switch {
	case form.Spent:
		view.Say(false, "personal.spent")
	case !view.Asks:
		view.Say(false, "personal.code_only")
	case asked.Page.Date:
		id := "login." + string(asked.Name)
		view.Date = &dateField{Label: f.T(id), Hint: f.T("personal.any_child"), Day: echoed(typed.day), Month: echoed(typed.month), Year: echoed(typed.year)}
	default:
		field := v.factorField(f, asked, typed)
		view.Factor = &field
	}
	return view, nil
}

func postPersonal(v *visit) error {
	ctx, token, auth := v.Echo.Request().Context(), v.Echo.Param("token"), v.pages.config.Auth.Parents
	if v.Form.Value("act") == "request" {
		asked, err := auth.RequestLinkCode(ctx, v.front.School, token, v.origin())
		if err != nil {
			return v.personalFailed(err)
		}
		return v.codeSent(asked)
	}
	typed, origin := readLogin(v.Form), v.origin()
	opened, err := auth.OpenPersonalLink(ctx, v.front.School, token, typed.answers, origin)
	if err != nil && errs.KindOf(err) == errs.NotFound && origin.Session.Kind == models.ActorParent {
		origin.Session = models.Actor{}
		opened, err = auth.OpenPersonalLink(ctx, v.front.School, token, typed.answers, origin)
	}
	if err == nil {
		v.enter(opened)
		return v.Redirect(v.Path("/choose"), nil)
	}
	found, ok := errs.As(err)
	if !ok || found.Kind != errs.Invalid && found.Code != errs.CodeNotRecognised {
		return v.personalFailed(err)
	}
	view, err := v.personalView(typed)
	if err != nil {
		return v.personalFailed(err)
	}
	text := view.T("personal.wrong")
	for _, fault := range found.Fields {
		text = view.FaultText(fault.Name, fault.Code)
	}
	switch {
	case view.Date != nil:
		view.Date.Error = text
		view.Blame("birth_day", text)
	case view.Factor != nil:
		view.Factor.Error = text
		view.Blame(view.Factor.Name, text)
	}
	return v.Render(http.StatusUnprocessableEntity, "personal", view)
}

// personalFailed shows the one page for links that open nothing, whatever the reason. It leads on to the form and to codes.
func (v *visit) personalFailed(err error) error {
	if errs.CodeOf(err) != errs.CodeLinkNotGood {
		return err
	}
	v.Here = v.Path("")
	f := v.frame("link.bad_title")
	return v.Render(http.StatusForbidden, "failure", &layout.FailureView{Frame: f, Heading: f.Title, Body: f.T("personal.bad"), Back: v.Path("")})
}
