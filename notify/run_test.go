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
	h.queue(aTest)
	h.dispatcher.Wake()
	if got := <-h.outcomes; got != "mail sent" {
		t.Errorf("outcome %s", got)
	}
	h.queue(aTest, func(m *models.Message) { m.DueAt = m.DueAt.Add(time.Hour) })
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

func TestAMessageUnderWayIsFinishedBeforeTheDispatcherStops(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	ids := []models.MessageID{h.queue(aTest), h.queue(aTest), h.queue(aTest)}
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
	h.is(ids[0], models.MessageSent, "", 1)
	for _, id := range ids[1:] { // those that were only taken are there for whoever comes next, at once
		h.is(id, models.MessageQueued, "", 0)
		if h.message(id).LeasedUntil != nil {
			t.Error("a message that was not begun is still taken")
		}
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
	failures := func() int { return strings.Count(h.log.String(), "msg=outbox") }
	eventually(t, "the first failure", func() bool { return failures() > 0 })
	tick <- h.Clock.Now()
	eventually(t, "another one", func() bool { return failures() > 4 })
	stop()
	if len(h.mails.sent) != 0 {
		t.Error("something was sent")
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
