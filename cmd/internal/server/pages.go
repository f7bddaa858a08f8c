package server

import (
	"context"
	"errors"
	"io/fs"
	"net/http"
	"net/netip"
	"slices"
	"strings"

	"github.com/ouderavond/ouderavond/api/page/parent"
	"github.com/ouderavond/ouderavond/api/page/setup"
	"github.com/ouderavond/ouderavond/api/rest"
	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/notify/carrier"
	"github.com/ouderavond/ouderavond/notify/ical"
	"github.com/ouderavond/ouderavond/notify/mail"
	"github.com/ouderavond/ouderavond/notify/sms"
)

// pageConfig gives the pages what they need of the rest of the program.
func (a *App) pageConfig(secure bool, addresses rest.Addresses) parent.Config {
	config := parent.Config{
		Booking: a.Booking, Auth: a.Auth, Clock: a.Clock, Logger: a.Logger, Secure: secure,
		Address:  func(r *http.Request) netip.Addr { return addresses.Of(r) },
		Calendar: a.calendar, NoteSchool: rest.NoteSchool, NoteCause: rest.NoteCause,
	}
	if a.demo != nil {
		config.Demo = true
		config.DemoNotes = a.demo
		config.Mailbox = mailboxPages(a.Folder.Mailbox())
	}
	return config
}

// calendar writes the appointments that a session may see as a calendar file, one event for each talk.
func (a *App) calendar(ctx context.Context, school models.SchoolID, actor models.Actor) ([]byte, error) {
	front, err := a.Auth.Front(ctx, school)
	if err != nil {
		return nil, err
	}
	family, err := a.Booking.Families.Family(ctx, actor)
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
			UID: talk.ID.String() + "@" + domain(a.Settings.MailFrom), Sequence: int(talk.Version), Stamp: a.Clock.Now(), Start: talk.Start, End: talk.End,
			Summary: front.Name + ": " + talk.Title, Description: talk.Child + ", " + strings.Join(names, ", "), Location: talk.Room,
		})
	}
	return ical.EncodeFeed(feed)
}

func domain(address string) string {
	_, after, _ := strings.Cut(address, "@")
	return after
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
			if errors.Is(err, carrier.ErrName) {
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

// mailboxOf reads a school's messages in the mailbox folder, the newest first, mails and text messages together.
func mailboxOf(path string) func(context.Context, models.SchoolID, int) ([]rest.MailboxMessage, error) {
	return func(_ context.Context, school models.SchoolID, limit int) ([]rest.MailboxMessage, error) {
		var all []rest.MailboxMessage
		texts, err := sms.List(path, school.String(), limit)
		if err != nil {
			return nil, err
		}
		for _, one := range texts {
			all = append(all, rest.MailboxMessage{ID: one.ID, Channel: models.ChannelSMS, At: one.Date, To: one.To, Text: one.Body})
		}
		mails, err := mail.List(path, school.String(), limit)
		if err != nil {
			return nil, err
		}
		for _, one := range mails {
			all = append(all, rest.MailboxMessage{ID: one.ID, Channel: models.ChannelMail, At: one.Date, To: one.To, Subject: one.Subject})
		}
		slices.SortStableFunc(all, func(a, b rest.MailboxMessage) int { return b.At.Compare(a.At) })
		all = all[:min(limit, len(all))]
		for i := range all {
			if all[i].Channel != models.ChannelMail {
				continue
			}
			stored, err := mail.Open(path, school.String(), all[i].ID)
			if errors.Is(err, fs.ErrNotExist) {
				continue // it was erased meanwhile
			}
			if err != nil {
				return nil, err
			}
			all[i].Text = stored.Text
		}
		return all, nil
	}
}

// FirstSchool returns the address of the page that makes the first school, and the code that it asks from another machine; empty where there is a school.
func (a *App) FirstSchool(ctx context.Context) (address, code string) {
	if empty, err := a.first.Empty(ctx); err != nil || !empty {
		return "", ""
	}
	return a.Settings.PublicURL() + setup.Path, a.first.Code()
}
