package main

import (
	"context"
	"net/http"
	"net/netip"
	"strings"

	"github.com/ouderavond/ouderavond/api"
	"github.com/ouderavond/ouderavond/api/page"
	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/notify/ical"
	"github.com/ouderavond/ouderavond/notify/mail"
	"github.com/ouderavond/ouderavond/notify/sms"
)

// pageConfig gives the pages what they need of the rest of the program.
func (a *app) pageConfig(secure bool, addresses api.Addresses) page.Config {
	config := page.Config{
		Booking: a.booking, Auth: a.auth, Clock: a.clock, Logger: a.logger, Secure: secure,
		Address:  func(r *http.Request) netip.Addr { return addresses.Of(r) },
		Calendar: a.calendar,
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
	family, err := a.booking.Family(ctx, actor)
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
func (n *demoNotes) pages(context.Context) ([]page.DemoSchool, error) {
	schools := make([]page.DemoSchool, 0, len(n.Schools))
	for _, school := range n.Schools {
		shown := page.DemoSchool{Slug: school.Slug, Name: school.Name}
		for _, login := range school.Logins {
			shown.Families = append(shown.Families, page.DemoFamily{
				About: map[string]string{"nl": demoExpectations[login.Case], "en": login.Expect}, Child: login.Name,
				Answers: map[models.Factor]string{models.FactorBirthDate: login.BirthDate, models.FactorPostcode: login.Postcode},
			})
		}
		schools = append(schools, shown)
	}
	return schools, nil
}

// demoExpectations says in Dutch what is special about the demonstration's families; the generator says it in English.
var demoExpectations = map[string]string{
	"three-children":    "Drie kinderen, in één keer te boeken.",
	"twins":             "Een tweeling: inloggen met de een laat ook de ander zien.",
	"separated-first":   "Gescheiden ouders: dit is het ene huishouden, en het ziet van het andere niets.",
	"separated-second":  "Gescheiden ouders: hetzelfde kind met de postcode van het andere huishouden.",
	"blended":           "Een samengesteld gezin: kinderen met verschillende achternamen op één adres.",
	"teacher-is-parent": "Deze ouder geeft ook les op school en kan niet op twee plaatsen tegelijk zijn.",
	"adult-pupil":       "Een leerling van achttien jaar.",
	"namesake":          "Twee leerlingen heten precies zo; de gegevens wijzen de juiste aan.",
	"no-postcode":       "Van dit kind kent de school geen postcode: inloggen kan met een code.",
	"no-contact":        "De school heeft van dit gezin geen contactgegevens; boeken kan gewoon.",
	"one-child":         "Een gewoon gezin met één kind.",
}

// mailboxPages reads the mailbox folder for the demonstration's page.
func mailboxPages(path string) page.Mailbox {
	return page.Mailbox{
		Mails: func(_ context.Context, school string, limit int) ([]page.Mail, error) {
			entries, err := mail.List(path, school, limit)
			mails := make([]page.Mail, len(entries))
			for i, entry := range entries {
				mails[i] = page.Mail{ID: entry.ID, Date: entry.Date, From: entry.From, To: entry.To, Subject: entry.Subject}
			}
			return mails, err
		},
		Mail: func(_ context.Context, school, id string) (page.Mail, error) {
			stored, err := mail.Open(path, school, id)
			if err != nil {
				return page.Mail{}, err
			}
			return page.Mail{
				ID: stored.ID, Date: stored.Date, From: stored.From, To: stored.To, Subject: stored.Subject, Text: stored.Text, HTML: stored.HTML, Calendar: stored.Calendar,
			}, nil
		},
		Texts: func(_ context.Context, school string, limit int) ([]page.Text, error) {
			entries, err := sms.List(path, school, limit)
			texts := make([]page.Text, len(entries))
			for i, entry := range entries {
				texts[i] = page.Text{ID: entry.ID, Date: entry.Date, From: entry.From, To: entry.To, Body: entry.Body}
			}
			return texts, err
		},
	}
}
