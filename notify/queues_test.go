package notify_test

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/store"
	"github.com/ouderavond/ouderavond/models/store/storetest"
	"github.com/ouderavond/ouderavond/notify"
	"github.com/ouderavond/ouderavond/notify/notifytest"
)

func aTestTo(address string) func(*models.Message) {
	return func(m *models.Message) {
		aTest(m)
		m.Details.To = address
	}
}

func TestOneDomainIsNotFlooded(t *testing.T) {
	t.Parallel()
	server := notifytest.NewSMTP(t, notifytest.SMTPOptions{Delay: 5 * time.Millisecond})
	h := newHouse(t, overSMTP(t, server), func(c *notify.Config) { c.Limits = notify.Limits{MailAtOnce: 8, MailPerDomain: 2} })
	for range 60 { // more than wait in memory
		h.queue(aTestTo("iemand@groot.example"))
	}
	h.drain()
	h.Clock.Advance(time.Minute) // those that were put off
	h.drain()
	if all, atOnce := server.Connections(); len(server.Letters()) != 60 || atOnce > 2 || all > 10 {
		t.Errorf("%d letters over %d connections, %d at once", len(server.Letters()), all, atOnce)
	}
}

func TestManyDomainsAreServedAtOnce(t *testing.T) {
	t.Parallel()
	server := notifytest.NewSMTP(t, notifytest.SMTPOptions{Delay: 20 * time.Millisecond})
	h := newHouse(t, overSMTP(t, server), func(c *notify.Config) { c.Limits = notify.Limits{MailAtOnce: 4, MailPerDomain: 1} })
	for i := range 24 {
		h.queue(aTestTo(fmt.Sprintf("iemand@d%d.example", i)))
	}
	h.drain()
	if _, atOnce := server.Connections(); len(server.Letters()) != 24 || atOnce < 2 || atOnce > 4 {
		t.Errorf("%d letters, %d at once", len(server.Letters()), atOnce)
	}
}

func TestNoMoreThanAllowedGoesOutInASecond(t *testing.T) {
	t.Parallel()
	h := newHouse(t, func(c *notify.Config) {
		clock := c.Clock.(*storetest.Clock)
		c.Limits = notify.Limits{MailPerSecond: 2, SMSPerSecond: 1, MailAtOnce: 1, SMSAtOnce: 1, UrgentAtOnce: 1}
		c.Pause = func(_ context.Context, length time.Duration) error {
			clock.Advance(length)
			return nil
		}
	})
	for range 5 {
		h.queue(aTest)
	}
	begun := h.Clock.Now()
	h.drain()
	if took := h.Clock.Now().Sub(begun); len(h.mails.sent) != 5 || took != 2*time.Second {
		t.Errorf("%d mails in %v", len(h.mails.sent), took)
	}
}

func TestACodeOvertakesAWholeSchool(t *testing.T) {
	t.Parallel()
	release := make(chan struct{})
	server := notifytest.NewSMTP(t, notifytest.SMTPOptions{Next: func(to string) notifytest.Behaviour {
		if strings.HasPrefix(to, "massa") {
			<-release // a slow server: everything but the code hangs in it
		}
		return notifytest.Behaviour{}
	}})
	h := newHouse(t, overSMTP(t, server), func(c *notify.Config) { c.Limits = notify.Limits{MailAtOnce: 2} })
	other := storetest.School(t, h.Store, "de-lijster")
	for i := range 100 {
		h.must(h.Store.For(storetest.As(other)).Write(h.ctx, func(tx *store.Tx) error {
			return store.Insert(tx, &models.Message{
				ID: models.New[models.MessageID](), Kind: models.MessageTest, Channel: models.ChannelMail, State: models.MessageQueued, DueAt: tx.Now(), UsefulUntil: tx.Now().Add(time.Hour),
				CreatedAt: tx.Now(), Details: models.MessageDetails{To: fmt.Sprintf("massa%d@example.com", i)},
			})
		}))
	}
	stop := h.running(nil)
	h.dispatcher.Wake()
	eventually(t, "the mass is under way", func() bool { all, _ := server.Connections(); return all >= 2 })
	h.queue(aCode)
	h.dispatcher.Wake()
	eventually(t, "the code", func() bool { return len(server.Letters()) == 1 })
	if letter := server.Letters()[0]; letter.To != "ouder@example.com" {
		t.Errorf("the first is to %s", letter.To)
	}
	close(release)
	stop()
}

func TestANewerMessageWaitsForAnOlderOneThatIsOnItsWay(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	var newer models.MessageID
	second := notify.NewDispatcher(h.config)
	h.mails.during = func() {
		if len(h.mails.sent) > 1 {
			return
		}
		newer = h.queue()
		done := make(chan error)
		go func() { // another instance, which must not hand the newer one over now
			_, err := second.Drain(h.ctx)
			done <- err
		}()
		h.must(<-done)
		h.is(newer, models.MessageQueued, "", 0)
	}
	older := h.queue()
	h.drain()
	h.is(older, models.MessageSent, "", 1)
	h.Clock.Advance(2 * time.Second)
	h.drain()
	h.is(newer, models.MessageSent, "", 1)
	if len(h.mails.sent) != 2 || h.mails.sent[1].MessageID != newer.String()+"@ouderavond.example" {
		t.Errorf("%d mails", len(h.mails.sent))
	}
}

func TestTwoInstancesSendEachMessageOnce(t *testing.T) {
	t.Parallel()
	server := notifytest.NewSMTP(t, notifytest.SMTPOptions{})
	h := newHouse(t, overSMTP(t, server), func(c *notify.Config) { c.Limits = notify.Limits{MailAtOnce: 4}; c.Outcome = nil })
	for i := range 80 {
		h.queue(aTestTo(fmt.Sprintf("iemand%d@d%d.example", i, i%9)))
	}
	var both sync.WaitGroup
	for range 3 {
		other := notify.NewDispatcher(h.config)
		both.Go(func() {
			if _, err := other.Drain(h.ctx); err != nil {
				t.Error(err)
			}
		})
	}
	both.Wait()
	seen := map[string]int{}
	for _, letter := range server.Letters() {
		seen[letter.To]++
	}
	if len(seen) != 80 || len(server.Letters()) != 80 {
		t.Errorf("%d letters to %d people", len(server.Letters()), len(seen))
	}
}

func TestAChannelThatIsSetUpWronglyIsTriedOnceInAWhile(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.mails.script = []error{setup}
	for range 30 {
		h.queue(aTest)
	}
	h.drain()
	if len(h.mails.sent) != 1 {
		t.Errorf("%d tries at a server that lets nobody in", len(h.mails.sent))
	}
	figures, err := h.dispatcher.Figures(h.ctx)
	if err != nil || !figures.Paused[models.ChannelMail] || !figures.Setup[models.ChannelMail] || figures.Paused[models.ChannelSMS] {
		t.Errorf("%+v, %v", figures, err)
	}
	h.queue(bySMS(h))
	h.equal("the other channel", h.drain(), "sms sent")
	h.Clock.Advance(time.Minute)
	h.drain()
	if len(h.mails.sent) != 31 {
		t.Errorf("%d tries", len(h.mails.sent))
	}
	figures, err = h.dispatcher.Figures(h.ctx)
	if err != nil || figures.Paused[models.ChannelMail] || figures.Setup[models.ChannelMail] {
		t.Errorf("%+v, %v", figures, err)
	}
}

func TestTheOldestDueMessageIsTold(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.queue(aTest)
	h.Clock.Advance(7 * time.Minute)
	if figures, err := h.dispatcher.Figures(h.ctx); err != nil || figures.OldestDue != 7*time.Minute {
		t.Errorf("%+v, %v", figures, err)
	}
	h.drain()
	if figures, err := h.dispatcher.Figures(h.ctx); err != nil || figures.OldestDue != 0 {
		t.Errorf("%+v, %v", figures, err)
	}
}
