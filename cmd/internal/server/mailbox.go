package server

import (
	"context"
	"errors"
	"io/fs"
	"slices"

	"github.com/ouderavond/ouderavond/api/rest"
	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/notify/mail"
	"github.com/ouderavond/ouderavond/notify/sms"
)

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
