package parent_test

import (
	"context"
	"fmt"
	"io/fs"
	"net/http"
	"strings"
	"testing"

	"github.com/ouderavond/ouderavond/api/page/parent"
	"github.com/ouderavond/ouderavond/booking/school"
	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/store/storetest"
)

func contextThatEnded() (context.Context, context.CancelFunc) {
	return context.WithCancel(context.Background())
}

func patchRehearsal(on *bool) school.Patch { return school.Patch{Rehearsal: on} }

// demonstration is a school whose mailbox holds one mail and one text message.
func demonstration(t *testing.T) *world {
	t.Helper()
	var w *world
	mail := parent.Mail{
		ID: "20261102T180000Z-a.eml", Date: storetest.Start(), From: "De Linde <noreply@linde.example>", To: "ouder@vries.example", Subject: `Uw gesprek <b>"staat"</b>`,
		Text: "Uw gesprek staat vast.\nWijzigen: http://example.com/de-linde/m/abc. Tot dan!", HTML: `<p style="color:red" onclick="x()">Uw gesprek</p><script>alert(1)</script>`,
		Calendar: "BEGIN:VCALENDAR",
	}
	w = primary(t, func(config *parent.Config) {
		config.Demo = true
		config.DemoNotes = func(context.Context) ([]parent.DemoSchool, error) {
			return []parent.DemoSchool{{Slug: "de-linde", Name: "Basisschool De Linde", Families: []parent.DemoFamily{{
				About: map[string]string{"nl": "Een gezin met twee kinderen.", "en": "A family with two children."}, Child: "Sanne de Vries",
				Answers: map[models.Factor]string{models.FactorBirthDate: "2017-01-03", models.FactorPostcode: "1234 AB"}, FamilyCode: "ABCD-EFGH-1",
			}}}}, nil
		}
		config.Mailbox = parent.Mailbox{
			Mails: func(_ context.Context, school string, _ int) ([]parent.Mail, error) {
				if school != w.school.String() {
					return nil, fmt.Errorf("asked for another school")
				}
				return []parent.Mail{mail}, nil
			},
			Mail: func(_ context.Context, _, id string) (parent.Mail, error) {
				if id != mail.ID {
					return parent.Mail{}, fs.ErrNotExist
				}
				return mail, nil
			},
			Texts: func(context.Context, string, int) ([]parent.Text, error) {
				return []parent.Text{{ID: "b", Date: storetest.Start(), To: "+31612345678", Body: "Uw code: 12345678. https://example.com/x"}}, nil
			},
		}
	})
	return w
}

func TestTheDemonstrationsFirstPageShowsHowToLogIn(t *testing.T) {
	t.Parallel()
	w := demonstration(t)
	c := w.client()
	c.get("/").is(http.StatusOK).wants("Dit is een demonstratie", "Basisschool De Linde", "Een gezin met twee kinderen.", "Sanne de Vries", "Geboortedatum", "3-1-2017", "1234 AB", "ABCD-EFGH-1")
	c.follow("English").wants("A family with two children.")
	c.follow("Log in at").is(http.StatusOK).wants("Log in for")
}

func TestTheDemonstrationsMailboxCanBeRead(t *testing.T) {
	t.Parallel()
	w := demonstration(t)
	c := w.client()
	c.get("/mailbox").is(http.StatusOK).wants(`Uw gesprek <b>"staat"</b>`, "ouder@vries.example", "maandag 2 november 2026 om 19:00", "Uw code: 12345678.")
	c.follow("Uw gesprek").is(http.StatusOK).wants("Uw gesprek staat vast.", "BEGIN:VCALENDAR")
	links := []string{}
	for _, link := range c.nodes("a") {
		links = append(links, attribute(link, "href"))
	}
	if !strings.Contains(strings.Join(links, " "), "http://example.com/de-linde/m/abc ") {
		t.Errorf("the link of the mail is no link: %v", links)
	}
	frame := c.nodes("iframe")[0]
	if !has(frame, "sandbox") || attribute(frame, "sandbox") != "" || !strings.Contains(c.head.Get("Content-Security-Policy"), "frame-src 'self'") {
		t.Error("the mail's own page is not kept apart")
	}
	c.get(attribute(frame, "src")).is(http.StatusOK)
	if c.head.Get("X-Frame-Options") != "SAMEORIGIN" {
		t.Error("an older browser does not show it")
	}
	policy := c.head.Get("Content-Security-Policy")
	if !strings.Contains(policy, "default-src 'none'") || !strings.Contains(policy, "sandbox") || strings.Contains(policy, "script") {
		t.Errorf("policy %q", policy)
	}
	for _, path := range []string{"/mailbox/de-linde/mail/x", "/mailbox/de-linde/mail/..%2f..%2fetc", "/mailbox/nergens/mail/20261102T180000Z-a.eml", "/mailbox/de-linde/mail/x/html"} {
		w.client().get(path).is(http.StatusNotFound)
	}
}

func TestTheMailboxOfARealSchoolIsNotThere(t *testing.T) {
	t.Parallel()
	w := demonstration(t)
	_, err := w.booking.Schools.Create(t.Context(), models.Actor{Kind: models.ActorOperator}, school.NewSchool{Slug: "echt", Details: models.SchoolDetails{Name: "Echte school"}})
	w.must(err)
	w.client().get("/mailbox/echt/mail/20261102T180000Z-a.eml").is(http.StatusNotFound)
	w.client().get("/").lacks("Echte school")
	real := primary(t)
	real.client().get("/").is(http.StatusOK).wants("Gebruik de link").lacks("De Linde")
	real.client().get("/mailbox/de-linde/mail/x").is(http.StatusNotFound)
}
