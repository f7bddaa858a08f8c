package main

import (
	"context"
	"errors"
	"io/fs"
	"net/http"
	"net/netip"
	"strings"

	"github.com/ouderavond/ouderavond/api/page/parent"
	"github.com/ouderavond/ouderavond/api/rest"
	"github.com/ouderavond/ouderavond/booking/sample"
	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/notify/ical"
	"github.com/ouderavond/ouderavond/notify/mail"
	"github.com/ouderavond/ouderavond/notify/mail/mailbox"
	"github.com/ouderavond/ouderavond/notify/sms"
)

// pageConfig gives the pages what they need of the rest of the program.
func (a *app) pageConfig(secure bool, addresses rest.Addresses) parent.Config {
	config := parent.Config{
		Booking: a.booking, Auth: a.auth, Clock: a.clock, Logger: a.logger, Secure: secure,
		Address:  func(r *http.Request) netip.Addr { return addresses.Of(r) },
		Calendar: a.calendar, NoteSchool: rest.NoteSchool, NoteCause: rest.NoteCause,
	}
	if a.demo != nil {
		config.Demo = true
		config.DemoNotes = a.demo.pages
		config.Mailbox = mailboxPages(a.folder.mailbox())
	}
	return config
}

// calendar writes the appointments that a session may see as a calendar file, one event for each talk.
func (a *app) calendar(ctx context.Context, school models.SchoolID, actor models.Actor) ([]byte, error) {
	front, err := a.auth.Front(ctx, school)
	if err != nil {
		return nil, err
	}
	family, err := a.booking.Families.Family(ctx, actor)
	if err != nil {
		return nil, err
	}
	feed := ical.Feed{Name: front.Name}
	for _, talk := range family.Appointments {
		names := make([]string, len(talk.Staff))
		for i, staff := range talk.Staff {
			names[i] = staff.Name
		}
		feed.Talks = append(feed.Talks, ical.Event{
			UID: talk.ID.String() + "@" + domain(a.settings.MailFrom), Sequence: int(talk.Version), Stamp: a.clock.Now(), Start: talk.Start, End: talk.End,
			Summary: front.Name + ": " + talk.Title, Description: talk.Child + ", " + strings.Join(names, ", "), Location: talk.Room,
		})
	}
	return ical.EncodeFeed(feed)
}

func domain(address string) string {
	_, after, _ := strings.Cut(address, "@")
	return after
}

// pages gives the start page the demonstration's families.
func (n *demoNotes) pages(context.Context) ([]parent.DemoSchool, error) {
	schools := make([]parent.DemoSchool, 0, len(n.Schools))
	for _, school := range n.Schools {
		shown := parent.DemoSchool{Slug: school.Slug, Name: school.Name}
		for _, login := range school.Logins {
			shown.Families = append(shown.Families, parent.DemoFamily{
				About: demoExpectations[login.Case], Child: login.Name,
				Answers: map[models.Factor]string{models.FactorBirthDate: login.BirthDate, models.FactorPostcode: login.Postcode},
			})
		}
		schools = append(schools, shown)
	}
	return schools, nil
}

// demoExpectations says, by language, what to see with each of the demonstration's families.
var demoExpectations = map[sample.LoginCase]map[string]string{
	sample.CaseThreeChildren:   {"nl": "Drie kinderen, in één keer te boeken.", "en": "Three children, booked in one go."},
	sample.CaseTwins:           {"nl": "Een tweeling: wie met de een inlogt, ziet ook de ander.", "en": "Twins: log in with one and see both."},
	sample.CaseSeparatedFirst:  {"nl": "Gescheiden ouders: dit huishouden ziet van het andere niets.", "en": "Separated parents: this household sees nothing of the other."},
	sample.CaseSeparatedSecond: {"nl": "Hetzelfde kind, met de postcode van het andere huishouden.", "en": "The same child, with the other household's postcode."},
	sample.CaseBlended:         {"nl": "Een samengesteld gezin: twee achternamen op één adres.", "en": "A blended family: two surnames at one address."},
	sample.CaseStaff:           {"nl": "Deze ouder geeft ook les op school, en kan niet op twee plaatsen tegelijk zijn.", "en": "This parent teaches here too, and cannot be in two places."},
	sample.CaseAdult:           {"nl": "Een leerling van achttien jaar.", "en": "A pupil of eighteen."},
	sample.CaseNamesake:        {"nl": "Twee leerlingen heten precies zo; de gegevens wijzen de juiste aan.", "en": "Two pupils have this very name; the data choose the right one."},
	sample.CaseNoPostcode:      {"nl": "De school kent de postcode niet: inloggen kan met een code.", "en": "The school has no postcode: log in with a code."},
	sample.CaseNoContact:       {"nl": "De school heeft geen adres of nummer van dit gezin; boeken kan gewoon.", "en": "No address or number on file; booking works all the same."},
	sample.CaseOrdinary:        {"nl": "Een gezin met één kind.", "en": "A family with one child."},
}

// mailboxPages reads the mailbox folder for the demonstration's page.
func mailboxPages(path string) parent.Mailbox {
	return parent.Mailbox{
		Mails: func(_ context.Context, school string, limit int) ([]parent.Mail, error) {
			entries, err := mail.List(path, school, limit)
			mails := make([]parent.Mail, len(entries))
			for i, entry := range entries {
				mails[i] = parent.Mail{ID: entry.ID, Date: entry.Date, From: entry.From, To: entry.To, Subject: entry.Subject}
			}
			return mails, err
		},
		Mail: func(_ context.Context, school, id string) (parent.Mail, error) {
			stored, err := mail.Open(path, school, id)
			if errors.Is(err, mailbox.ErrName) {
				return parent.Mail{}, fs.ErrNotExist
			}
			if err != nil {
				return parent.Mail{}, err
			}
			return parent.Mail{
				ID: stored.ID, Date: stored.Date, From: stored.From, To: stored.To, Subject: stored.Subject, Text: stored.Text, HTML: stored.HTML, Calendar: stored.Calendar,
			}, nil
		},
		Texts: func(_ context.Context, school string, limit int) ([]parent.Text, error) {
			entries, err := sms.List(path, school, limit)
			texts := make([]parent.Text, len(entries))
			for i, entry := range entries {
				texts[i] = parent.Text{ID: entry.ID, Date: entry.Date, From: entry.From, To: entry.To, Body: entry.Body}
			}
			return texts, err
		},
	}
}
