package notify_test

import (
	"context"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/errs"
	"github.com/ouderavond/ouderavond/notify/mail"
)

type mailMessage = mail.Message

// running runs the dispatcher until stop is called, which waits for its end.
func (h *house) running(tick <-chan time.Time) (stop func()) {
	ctx, cancel := context.WithCancel(h.ctx)
	var done sync.WaitGroup
	done.Go(func() { h.dispatcher.Run(ctx, tick) })
	return func() {
		cancel()
		done.Wait()
	}
}

func TestTheDispatcherWorksWhenItIsWokenAndWhenTheClockTicks(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.queue()
	tick := make(chan time.Time)
	stop := h.running(tick)
	defer stop()
	if got := <-h.outcomes; got != "mail sent" { // what was there when it began
		t.Errorf("outcome %s", got)
	}
	h.queue()
	h.dispatcher.Wake()
	if got := <-h.outcomes; got != "mail sent" {
		t.Errorf("outcome %s", got)
	}
	h.queue(func(m *models.Message) { m.DueAt = m.DueAt.Add(time.Hour) })
	h.Clock.Advance(time.Hour)
	tick <- h.Clock.Now()
	if got := <-h.outcomes; got != "mail sent" {
		t.Errorf("outcome %s", got)
	}
}

func TestWakingNeverWaits(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	for range 100 {
		h.dispatcher.Wake()
	}
	h.queue()
	stop := h.running(nil)
	<-h.outcomes
	stop()
}

func TestMessagesUnderWayAreFinishedBeforeTheDispatcherStops(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	ids := []models.MessageID{h.queue(), h.queue(), h.queue()}
	handing, release := make(chan struct{}), make(chan struct{})
	h.mails.during = func() {
		if len(h.mails.sent) == 1 {
			close(handing)
			<-release
		}
	}
	ctx, cancel := context.WithCancel(h.ctx)
	var done sync.WaitGroup
	done.Go(func() { h.dispatcher.Run(ctx, nil) })
	<-handing
	cancel()
	close(release)
	done.Wait()
	for _, id := range ids {
		h.is(id, models.MessageSent, "", 1)
	}
}

func TestADatabaseThatIsAwayStopsNothingForGood(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.queue()
	h.must(h.Store.Close())
	if _, err := h.dispatcher.Drain(h.ctx); errs.KindOf(err) != errs.Unavailable {
		t.Errorf("error %v", err)
	}
	tick := make(chan time.Time)
	stop := h.running(tick)
	tick <- h.Clock.Now() // it came through the first failure
	tick <- h.Clock.Now() // and the second
	stop()
	if !strings.Contains(h.log.String(), "outbox") || len(h.mails.sent) != 0 {
		t.Errorf("log %s", h.log)
	}
}

func TestADispatcherThatIsStoppedTakesNothing(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	id := h.queue()
	ctx, cancel := context.WithCancel(h.ctx)
	cancel()
	if handled, err := h.dispatcher.Drain(ctx); handled != 0 || err == nil {
		t.Errorf("%d handled, %v", handled, err)
	}
	h.is(id, models.MessageQueued, "", 0)
}
