package notify_test

import (
	"fmt"
	"testing"

	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/store"
	"github.com/ouderavond/ouderavond/models/store/storetest"
	"github.com/ouderavond/ouderavond/notify"
	"github.com/ouderavond/ouderavond/notify/notifytest"
)

// BenchmarkMails sends confirmations with their calendar entries to a mail server on this machine, everything written down as it is.
func BenchmarkMails(b *testing.B) {
	server := notifytest.NewSMTP(b, notifytest.SMTPOptions{})
	h := newHouse(b, overSMTP(b, server), func(c *notify.Config) { c.Limits, c.Outcome = notify.Limits{MailAtOnce: 16, MailPerDomain: 16}, nil })
	for range b.N {
		h.must(h.Store.For(storetest.As(h.school)).Write(h.ctx, func(tx *store.Tx) error {
			contact := &models.Contact{ID: models.New[models.ContactID](), HouseholdID: h.home, Kind: models.ContactEmail, Source: models.SourceFile, CreatedAt: tx.Now()}
			contact.Details.Value = fmt.Sprintf("ouder@d%d.example.com", tx.Now().Nanosecond()%50)
			if err := store.Insert(tx, contact); err != nil {
				return err
			}
			if err := store.Insert(tx, &models.Invitation{HouseholdID: h.home, DayID: h.day, ContactID: contact.ID, UID: models.New[models.RowID]()}); err != nil {
				return err
			}
			return store.Insert(tx, &models.Message{
				ID: models.New[models.MessageID](), Kind: models.MessageConfirmation, Channel: models.ChannelMail, State: models.MessageQueued, HouseholdID: h.home, ContactID: contact.ID, DayID: h.day,
				DueAt: tx.Now(), UsefulUntil: tx.Now().AddDate(0, 1, 0), CreatedAt: tx.Now(),
			})
		}))
	}
	b.ResetTimer()
	if _, err := h.dispatcher.Drain(h.ctx); err != nil {
		b.Fatal(err)
	}
	b.StopTimer()
	if len(server.Letters()) != b.N {
		b.Fatalf("%d letters of %d", len(server.Letters()), b.N)
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "mails/s")
}
