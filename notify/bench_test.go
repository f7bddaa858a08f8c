package notify_test

import (
	"fmt"
	"log/slog"
	"syscall"
	"testing"
	"time"

	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/store"
	"github.com/ouderavond/ouderavond/models/store/storetest"
	"github.com/ouderavond/ouderavond/notify"
	"github.com/ouderavond/ouderavond/notify/mail"
	"github.com/ouderavond/ouderavond/notify/notifytest"
)

// BenchmarkMails sends confirmations with their calendar entries to a mail server on this machine, everything written down as it is.
func BenchmarkMails(b *testing.B) {
	server := notifytest.NewSMTP(b, notifytest.SMTPOptions{})
	h := newHouse(b, overSMTP(b, server), func(c *notify.Config) { c.Limits, c.Outcome = notify.Limits{MailAtOnce: 16, MailPerDomain: 16}, nil })
	h.queueMany(b.N)
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

// BenchmarkFolder sends confirmations with their calendar entries to the mailbox folder, as the embedded default does, and tells how much processor time each takes.
func BenchmarkFolder(b *testing.B) {
	folder, err := mail.NewFolder(b.TempDir())
	if err != nil {
		b.Fatal(err)
	}
	h := newHouse(b, func(c *notify.Config) {
		c.Mail, c.Carriers, c.Limits, c.Outcome = folder, nil, notify.Limits{}, nil
		c.Logger = slog.New(slog.DiscardHandler)
	})
	h.queueMany(b.N)
	b.ReportAllocs()
	before := processorTime(b)
	b.ResetTimer()
	if handled, err := h.dispatcher.Drain(h.ctx); err != nil || handled != b.N {
		b.Fatal(handled, err)
	}
	b.StopTimer()
	b.ReportMetric(float64((processorTime(b)-before).Microseconds())/float64(b.N), "cpu-µs/mail")
}

func processorTime(b *testing.B) time.Duration {
	var used syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &used); err != nil {
		b.Fatal(err)
	}
	return time.Duration(used.Utime.Nano() + used.Stime.Nano())
}

// queueMany queues a confirmation for each of so many contacts of the family, over fifty domains.
func (h *house) queueMany(count int) {
	for i := range count {
		h.must(h.Store.For(storetest.As(h.school)).Write(h.ctx, func(tx *store.Tx) error {
			contact := &models.Contact{ID: models.New[models.ContactID](), HouseholdID: h.home, Kind: models.ContactEmail, Source: models.SourceFile, CreatedAt: tx.Now()}
			contact.Details.Value = fmt.Sprintf("ouder@d%d.example.com", i%50)
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
}
