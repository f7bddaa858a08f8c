package parent

import (
	"net/http"
	"strings"

	"github.com/ouderavond/ouderavond/api/page/layout"
	"github.com/ouderavond/ouderavond/auth/parent"
	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/errs"
	"github.com/ouderavond/ouderavond/models/names"
)

// sentCodeDigits is how many digits a code has that was sent or is read out at the desk. A family code is longer and has letters.
const sentCodeDigits = 8

// codeView is the page on which a code is asked for and typed.
type codeView struct {
	*layout.Frame
	Sent    bool
	Name    layout.Field
	Code    layout.Field
	Carried []layout.Hidden
	Contact *schoolContact
}

func showCode(v *visit) error {
	if _, err := decodeChoices(v.Query); err != nil {
		return err
	}
	return v.codePage("", v.Query.Value("sent") != "", v.Query.Value("first") != "")
}

// codePage shows the page on which a code is typed: after one was sent, or because somebody has to confirm first that it is them.
func (v *visit) codePage(name string, sent, first bool) error {
	view := v.codeView(name)
	if view.Sent = sent; sent {
		view.Say(true, "code.sent")
	}
	if first {
		view.Say(false, "code.first")
	}
	return v.Render(http.StatusOK, "code", view)
}

func (v *visit) codeView(name string) *codeView {
	title := "code.title"
	if v.actor.Kind == models.ActorParent {
		title = "code.confirm_title"
	}
	f := v.frame(title)
	f.Filled = true
	return &codeView{
		Frame: f, Contact: v.schoolContact(), Carried: v.kept(),
		Name: layout.Field{Name: "name", Label: f.T("login.name"), Hint: f.T("login.name_hint"), Value: echoed(name), Type: "text", Autocomplete: "off", Required: true},
		Code: layout.Field{Name: "code", Label: f.T("code.code"), Hint: f.T("code.code_hint"), Type: "text", Autocomplete: "one-time-code", Short: true, Required: true},
	}
}

func againCode(v *visit) error {
	view := v.codeView(v.Form.Value("name"))
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
	case "type":
		return v.codePage(v.Form.Value("name"), false, false)
	}
	answers := parent.Answers{Name: v.Form.Value("name")}
	typed := v.Form.Value("code")
	if digits := onlyDigits(typed); len(digits) == sentCodeDigits && !hasLetters(typed) {
		answers.Code = digits
	} else {
		answers.FamilyCode = typed
	}
	if strings.TrimSpace(typed) == "" {
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
	if err := v.pages.config.Auth.Parents.RequestCode(v.Echo.Request().Context(), v.front.School, typed.answers, v.origin()); err != nil {
		return v.loginFailed(typed, err)
	}
	if len(v.typedFields()) > 0 {
		return v.codePage(v.Form.Value("name"), true, false)
	}
	query := v.chosenFields()
	query.Set("sent", "1")
	return v.Redirect(v.Path("/code"), query)
}

func (v *visit) codeFailed(err error) error {
	found, ok := errs.As(err)
	if !ok || found.Kind != errs.Invalid && found.Kind != errs.Unauthenticated {
		return err
	}
	view := v.codeView(v.Form.Value("name"))
	if found.Kind == errs.Unauthenticated {
		view.Blame("code", view.T("code.not_recognised"))
	}
	for _, fault := range found.Fields {
		asked := &view.Code
		if fault.Name == "name" {
			asked = &view.Name
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

func onlyDigits(text string) string {
	return strings.Map(func(r rune) rune {
		if r < '0' || r > '9' {
			return -1
		}
		return r
	}, names.Digits(text))
}

func hasLetters(text string) bool {
	return strings.ContainsFunc(strings.ToUpper(text), func(r rune) bool { return r >= 'A' && r <= 'Z' })
}

// linkView is the page of a manage link. Looking at it opens nothing: programs that read mail follow links too.
type linkView struct{ *layout.Frame }

func showLink(v *visit) error {
	f := v.frame("link.title")
	return v.Render(http.StatusOK, "link", &linkView{f})
}

func postLink(v *visit) error {
	origin := v.origin()
	opened, err := v.pages.config.Auth.Parents.OpenManageLink(v.Echo.Request().Context(), v.front.School, v.Echo.Param("token"), origin)
	if err != nil && errs.KindOf(err) == errs.NotFound && origin.Session.Kind == models.ActorParent {
		origin.Session = models.Actor{}
		opened, err = v.pages.config.Auth.Parents.OpenManageLink(v.Echo.Request().Context(), v.front.School, v.Echo.Param("token"), origin)
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
