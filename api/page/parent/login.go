package parent

import (
	"cmp"
	"net/http"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/ouderavond/ouderavond/api/page/layout"
	"github.com/ouderavond/ouderavond/auth/parent"
	"github.com/ouderavond/ouderavond/auth/session"
	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/errs"
	"github.com/ouderavond/ouderavond/models/factor"
	"github.com/ouderavond/ouderavond/models/names"
)

// maxEcho is the longest text that is given back in a field after a mistake.
const maxEcho = 200

// loginView is the log-in page, which is also the page on which a brother or sister is added.
type loginView struct {
	*layout.Frame
	Heading string
	Adding  bool
	Again   bool // choices are kept from before
	Name    layout.Field
	Date    *dateField // nil where the school does not ask the birth date
	Factors []layout.Field
	Carried []layout.Hidden
	Failed  bool
	Contact *schoolContact
	// Try is the try token, for a browser that keeps no cookies; Shared that somebody says that the device is not theirs.
	Try    string
	Shared bool
}

// dateField is a date asked in three fields, so that nobody needs to know an order.
type dateField struct {
	Label, Hint, Error string
	Day, Month, Year   string
}

// DescribedBy names the elements that describe the date.
func (d dateField) DescribedBy() string {
	if d.Error != "" {
		return "birth_date-hint birth_date-error"
	}
	return "birth_date-hint"
}

// typedLogin is what came in the log-in form.
type typedLogin struct {
	answers          parent.Answers
	day, month, year string
}

func readLogin(f layout.Form) typedLogin {
	typed := typedLogin{day: f.Value("birth_day"), month: f.Value("birth_month"), year: f.Value("birth_year")}
	if date, ok := names.BirthDate(typed.day); ok { // a whole date, pasted into the first field
		typed.day, typed.month, typed.year = strconv.Itoa(date.Day), strconv.Itoa(date.Month), strconv.Itoa(date.Year)
	}
	typed.answers = parent.Answers{Name: f.Value("name"), Factors: map[models.Factor]string{}}
	for _, one := range factor.All {
		typed.answers.Factors[one.Name] = f.Value(string(one.Name))
		if one.Page.Date && strings.TrimSpace(typed.day+typed.month+typed.year) != "" {
			typed.answers.Factors[one.Name] = strings.Join([]string{typed.day, typed.month, typed.year}, "-")
		}
	}
	return typed
}

func showLogin(v *visit) error {
	adding := v.Query.Value("add") != "" && v.actor.Kind == models.ActorParent
	if v.actor.Kind == models.ActorParent && !adding {
		return v.Redirect(v.Path("/choose"), nil)
	}
	chosen, err := decodeChoices(v.Query)
	if err != nil {
		return err
	}
	view := v.loginView(typedLogin{}, adding)
	switch {
	case adding:
	case v.Query.Value("left") != "":
		view.Say(true, "login.left")
	default:
		view.sayKept(v.Query.Value("again") != "", len(chosen) > 0)
	}
	return v.Render(http.StatusOK, "login", view)
}

// sayKept says why somebody is asked to log in, and that nothing of what they had chosen is lost.
func (l *loginView) sayKept(expired, chosen bool) {
	switch {
	case expired && chosen:
		l.Say(false, "login.expired_kept")
	case expired:
		l.Say(false, "login.expired")
	case chosen:
		l.Say(false, "login.first_kept")
	}
}

func postLogin(v *visit) error {
	typed := readLogin(v.Form)
	if _, err := decodeChoices(v.Form); err != nil {
		return err
	}
	opened, err := v.recognise(typed.answers)
	if err != nil {
		return v.loginFailed(typed, err)
	}
	v.enter(opened)
	return v.arrive()
}

// adding tells that the log-in form is to add a brother or sister to the session.
func (v *visit) adding() bool {
	return v.Form.Value("add") != "" && v.actor.Kind == models.ActorParent
}

func againLogin(v *visit) error {
	return v.Render(http.StatusOK, "login", v.loginView(readLogin(v.Form), v.adding()))
}

// recognise logs in, beside the present session if there is one. A session that ended in between is no reason to refuse the right answers.
func (v *visit) recognise(answers parent.Answers) (*session.Opened, error) {
	ctx, origin := v.Echo.Request().Context(), v.origin()
	opened, err := v.pages.config.Auth.Parents.Recognise(ctx, v.front.School, answers, origin)
	if err != nil && errs.KindOf(err) == errs.NotFound && origin.Session.Kind == models.ActorParent {
		origin.Session = models.Actor{}
		return v.pages.config.Auth.Parents.Recognise(ctx, v.front.School, answers, origin)
	}
	return opened, err
}

// arrive takes somebody who logged in to where they were going, with what they had chosen and typed.
func (v *visit) arrive() error {
	chosen, err := decodeChoices(v.Form)
	if err != nil {
		return err
	}
	query := v.chosenFields()
	next, adding, typed := query.Get(nextField), v.Form.Value("add") != "", len(v.typedFields()) > 0
	query.Del(nextField)
	switch {
	case next == "address" && typed:
		return againAddress(v)
	case adding && typed:
		return v.choosePage(chosen)
	case adding:
		return v.Redirect(v.Path("/choose"), query)
	case len(chosen) > 0 && typed:
		return v.confirmChosen(chosen, v.typedContact())
	case len(chosen) > 0:
		return v.Redirect(v.Path("/confirm"), query)
	case strings.HasPrefix(next, "appointments/"):
		return v.Redirect(v.Path("/"+next), withAnd(query, "kept"))
	case next != "":
		return v.Redirect(v.Path("/"+next), query)
	default:
		return v.Redirect(v.Path("/choose"), query)
	}
}

func (v *visit) loginFailed(typed typedLogin, err error) error {
	found, ok := errs.As(err)
	if !ok || found.Kind != errs.Invalid && found.Kind != errs.Unauthenticated && found.Kind != errs.TooMany {
		return err
	}
	view := v.loginView(typed, v.adding())
	if found.Kind == errs.TooMany { // nobody types it all again for a moment's crowd
		v.AskLater(err)
		view.Say(false, "login.busy")
		return v.Render(http.StatusTooManyRequests, "login", view)
	}
	if found.Kind == errs.Unauthenticated {
		view.Failed = true
		view.Blame("name", view.T("login.not_recognised"))
	}
	for _, fault := range found.Fields {
		view.fault(fault)
	}
	if len(view.Problems) == 0 {
		return err
	}
	return v.Render(http.StatusUnprocessableEntity, "login", view)
}

// fault puts what is wrong with one field beside it and into the summary.
func (l *loginView) fault(fault errs.Field) {
	text := l.FaultText(fault.Name, fault.Code)
	switch {
	case fault.Name == "name":
		l.Name.Error = text
		l.Blame("name", text)
	case fault.Name == "birth_date" && l.Date != nil:
		l.Date.Error = text
		l.Blame("birth_day", text)
	default:
		for i := range l.Factors {
			if l.Factors[i].Name == fault.Name {
				l.Factors[i].Error = text
				l.Blame(fault.Name, text)
			}
		}
	}
}

func echoed(text string) string {
	if utf8.RuneCountInString(text) > maxEcho {
		return ""
	}
	return text
}

func (v *visit) loginView(typed typedLogin, adding bool) *loginView {
	heading := "login.title"
	if adding {
		heading = "login.add_title"
	}
	f := v.frame(heading)
	f.Filled = true
	view := &loginView{Frame: f, Heading: f.Title, Adding: adding, Contact: v.schoolContact(), Carried: v.kept(), Try: v.try(), Shared: v.Form.Value("shared") != ""}
	view.Name = layout.Field{
		Name: "name", Label: f.T("login.name"), Hint: f.T("login.name_hint"), Value: echoed(typed.answers.Name), Type: "text", Autocomplete: "off", Required: true,
	}
	for _, asked := range factor.Asked(v.front.Policy) {
		id := "login." + string(asked.Name)
		if asked.Page.Date {
			view.Date = &dateField{Label: f.T(id), Hint: f.T(id + "_hint"), Day: echoed(typed.day), Month: echoed(typed.month), Year: echoed(typed.year)}
			continue
		}
		view.Factors = append(view.Factors, v.factorField(f, asked, typed))
	}
	return view
}

// factorField asks for a factor; of a postcode, the part that the school wants.
func (v *visit) factorField(f *layout.Frame, asked factor.Factor, typed typedLogin) layout.Field {
	id := "login." + string(asked.Name)
	mode := asked.Page.Mode
	if part := v.front.Policy.PostcodePart; asked.Name == models.FactorPostcode && (part == models.PostcodeDigits || part == models.PostcodeLetters) {
		id += "_" + string(part)
		if part == models.PostcodeDigits {
			mode = "numeric"
		}
	}
	field := layout.Field{
		Name: string(asked.Name), Label: f.T(id), Hint: f.T(id + "_hint"), Type: "text", Mode: mode, Autocomplete: cmp.Or(asked.Page.Autocomplete, "off"),
		Length: asked.Page.Length, Short: true, Required: true,
	}
	if !asked.Page.Secret {
		field.Value = echoed(typed.answers.Factors[asked.Name])
	}
	return field
}

// schoolContact is how a family asks the school; nil where that is not known.
type schoolContact struct{ Mail, Phone string }

// schoolContact is known to whoever is logged in.
func (v *visit) schoolContact() *schoolContact {
	if v.actor.Kind != models.ActorParent || v.front == nil || v.front.ReplyTo == "" && v.front.Phone == "" {
		return nil
	}
	return &schoolContact{v.front.ReplyTo, v.front.Phone}
}

func postLeave(v *visit) error {
	if v.actor.Kind == models.ActorParent {
		if err := v.pages.config.Auth.Sessions.Leave(v.Echo.Request().Context(), v.actor); err != nil {
			return err
		}
	}
	v.DropCookie(layout.SessionCookie)
	return v.Redirect(v.Path("")+"?left=1", nil)
}
