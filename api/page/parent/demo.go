package parent

import (
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"github.com/ouderavond/ouderavond/api/page/layout"
	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/errs"
	"github.com/ouderavond/ouderavond/models/factor"
	"github.com/ouderavond/ouderavond/models/names"
)

// mailboxLimit is how many messages of a school the mailbox lists.
const mailboxLimit = 50

// startView is the first page: in a demonstration its schools, elsewhere a word on where to go.
type startView struct {
	*layout.Frame
	Schools []demoSchoolView
}

// demoSchoolView is a school of the demonstration.
type demoSchoolView struct {
	Name, Href string
	Families   []demoFamilyView
}

// demoFamilyView is how to log in as a family.
type demoFamilyView struct {
	About, Child string
	Answers      []demoAnswer
}

// demoAnswer is what to type in a field.
type demoAnswer struct{ Label, Value string }

func showStart(v *visit) error {
	f := v.frame("start.title")
	view := &startView{Frame: f}
	if !v.pages.config.Demo {
		return v.Render(http.StatusOK, "start", view)
	}
	schools, err := v.demoSchools()
	if err != nil {
		return err
	}
	for _, school := range schools {
		shown := demoSchoolView{Name: school.Name, Href: "/" + school.Slug}
		for _, family := range school.Families {
			shown.Families = append(shown.Families, v.demoFamily(family))
		}
		view.Schools = append(view.Schools, shown)
	}
	return v.Render(http.StatusOK, "start", view)
}

func (v *visit) demoSchools() ([]DemoSchool, error) {
	if v.pages.config.DemoNotes == nil {
		return nil, nil
	}
	return v.pages.config.DemoNotes(v.Echo.Request().Context())
}

func (v *visit) demoFamily(family DemoFamily) demoFamilyView {
	about, ok := family.About[v.Text.Language()]
	if !ok {
		about = family.About["nl"]
	}
	view := demoFamilyView{About: about, Child: family.Child}
	for _, asked := range factor.All {
		value := family.Answers[asked.Name]
		if value == "" {
			continue
		}
		if date, ok := names.BirthDate(value); ok && asked.Page.Date {
			value = fmt.Sprintf("%d-%d-%d", date.Day, date.Month, date.Year) // as its three fields are filled in
		}
		view.Answers = append(view.Answers, demoAnswer{v.Text.Text("login."+string(asked.Name), nil), value})
	}
	if family.FamilyCode != "" {
		view.Answers = append(view.Answers, demoAnswer{v.Text.Text("start.family_code", nil), family.FamilyCode})
	}
	return view
}

// mailboxView lists what the demonstration's schools would have sent.
type mailboxView struct {
	*layout.Frame
	Schools []mailboxSchool
}

type mailboxSchool struct {
	Name, Anchor string
	Mails        []mailLine
	Texts        []textLine
}

type mailLine struct{ Date, To, Subject, Href string }

type textLine struct {
	Date, To string
	Body     []part
}

// part is a piece of a text; one with an address is shown as a link.
type part struct{ Text, Href string }

func showMailbox(v *visit) error {
	schools, err := v.demoSchools()
	if err != nil {
		return err
	}
	f := v.frame("mailbox.title")
	f.Current = "mailbox"
	view := &mailboxView{Frame: f}
	for _, school := range schools {
		shown, err := v.mailboxOf(school)
		if err != nil {
			return err
		}
		view.Schools = append(view.Schools, shown)
	}
	return v.Render(http.StatusOK, "mailbox", view)
}

func (v *visit) mailboxOf(school DemoSchool) (mailboxSchool, error) {
	shown := mailboxSchool{Name: school.Name, Anchor: school.Slug}
	ctx, box := v.Echo.Request().Context(), v.pages.config.Mailbox
	id, err := v.enterDemo(school.Slug)
	if err != nil {
		return shown, err
	}
	defer func() { v.front = nil }()
	if box.Mails != nil {
		mails, err := box.Mails(ctx, id.String(), mailboxLimit)
		if err != nil {
			return shown, err
		}
		for _, mail := range mails {
			shown.Mails = append(shown.Mails, mailLine{v.dates().DateTime(mail.Date), mail.To, mail.Subject, mailPath(school.Slug, mail.ID)})
		}
	}
	if box.Texts != nil {
		texts, err := box.Texts(ctx, id.String(), mailboxLimit)
		if err != nil {
			return shown, err
		}
		for _, text := range texts {
			shown.Texts = append(shown.Texts, textLine{v.dates().DateTime(text.Date), text.To, linked(text.Body)})
		}
	}
	return shown, nil
}

func mailPath(slug, id string) string {
	return "/mailbox/" + url.PathEscape(slug) + "/mail/" + url.PathEscape(id)
}

// enterDemo finds a school of the demonstration; one that is not of it has no mailbox here.
func (v *visit) enterDemo(slug string) (models.SchoolID, error) {
	schools, err := v.demoSchools()
	if err != nil {
		return models.SchoolID{}, err
	}
	if !slices.ContainsFunc(schools, func(s DemoSchool) bool { return s.Slug == slug }) {
		return models.SchoolID{}, errs.New(errs.NotFound, errs.CodeNotFound)
	}
	ctx := v.Echo.Request().Context()
	id, err := v.pages.config.Auth.School(ctx, slug)
	if err != nil {
		return id, err
	}
	v.front, err = v.pages.config.Auth.Front(ctx, id)
	return id, err
}

// mailView is one mail of the mailbox.
type mailView struct {
	*layout.Frame
	Mail     Mail
	Date     string
	Lines    []part
	HTML     string // the address of its HTML
	Calendar string
}

func (v *visit) demoMail() (Mail, error) {
	open := v.pages.config.Mailbox.Mail
	if open == nil {
		return Mail{}, errs.New(errs.NotFound, errs.CodeNotFound)
	}
	id, err := v.enterDemo(v.Echo.Param("slug"))
	if err != nil {
		return Mail{}, err
	}
	mail, err := open(v.Echo.Request().Context(), id.String(), v.Echo.Param("message"))
	if errors.Is(err, fs.ErrNotExist) {
		return Mail{}, errs.Because(errs.NotFound, errs.CodeNotFound, err)
	}
	return mail, err
}

func showMail(v *visit) error {
	mail, err := v.demoMail()
	if err != nil {
		return err
	}
	date := v.dates().DateTime(mail.Date)
	v.front = nil
	f := v.frame("mailbox.mail_title")
	f.Current = "mailbox"
	v.Policy += "; frame-src 'self'"
	view := &mailView{Frame: f, Mail: mail, Date: date, Lines: linked(mail.Text), Calendar: mail.Calendar}
	if mail.HTML != "" {
		view.HTML = mailPath(v.Echo.Param("slug"), mail.ID) + "/html"
	}
	return v.Render(http.StatusOK, "mail", view)
}

// mailPolicy lets a mail show its own styles and nothing else: it runs nothing, loads nothing and sends nothing.
const mailPolicy = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'self'; form-action 'none'; base-uri 'none'; sandbox"

// getMailHTML gives a mail's own HTML, to be shown in a sandboxed frame.
func getMailHTML(v *visit) error {
	mail, err := v.demoMail()
	if err != nil {
		return err
	}
	if mail.HTML == "" {
		return errs.New(errs.NotFound, errs.CodeNotFound)
	}
	v.Policy, v.Framing = mailPolicy, "SAMEORIGIN"
	v.Headers()
	return v.Echo.HTML(http.StatusOK, mail.HTML)
}

// addresses finds web addresses in the text of a message.
var addresses = regexp.MustCompile(`https?://[^\s<>"']+`)

// linked cuts a text into pieces, web addresses apart.
func linked(text string) []part {
	var parts []part
	from := 0
	for _, found := range addresses.FindAllStringIndex(text, -1) {
		address := strings.TrimRight(text[found[0]:found[1]], ".,;:!?)")
		if found[0] > from {
			parts = append(parts, part{Text: text[from:found[0]]})
		}
		parts = append(parts, part{address, address})
		from = found[0] + len(address)
	}
	return append(parts, part{Text: text[from:]})
}
