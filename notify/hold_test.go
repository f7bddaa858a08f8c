package notify_test

import (
	"sync/atomic"
	"testing"
	"time"

	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/notify"
)

// crowdedHouse is a house before whose door families wait, until the crowd is over.
func crowdedHouse(t *testing.T) (h *house, crowd *atomic.Bool) {
	crowd = &atomic.Bool{}
	crowd.Store(true)
	return newHouse(t, func(c *notify.Config) { c.Crowded = crowd.Load }), crowd
}

// aNotice makes the message one that nobody waits for, and that has nothing to do with the others.
func aNotice(m *models.Message) { m.Kind, m.DayID = models.MessageNewDevice, models.DayID{} }

func (h *house) held(want int) {
	h.t.Helper()
	if figures, err := h.dispatcher.Figures(h.ctx); err != nil || figures.Held != want {
		h.t.Errorf("%d messages are held back, want %d (%v)", figures.Held, want, err)
	}
}

func (h *house) sends(what string, want int) {
	h.t.Helper()
	if got := len(h.drain()); got != want {
		h.t.Errorf("%s: %d messages, want %d", what, got, want)
	}
}

func TestMailTricklesWhileFamiliesWait(t *testing.T) {
	t.Parallel()
	h, crowd := crowdedHouse(t)
	for range 20 {
		h.queue(aNotice)
	}
	h.sends("at once", 5)
	h.held(20) // as it was looked
	h.sends("in the same second", 0)
	h.Clock.Advance(time.Second)
	h.sends("in the next second", 5)
	h.held(15)
	crowd.Store(false)
	h.sends("when nobody waits any more", 10)
	h.held(0)
}

func TestNoMessageIsHeldBackForLong(t *testing.T) {
	t.Parallel()
	h, _ := crowdedHouse(t)
	for range 60 {
		h.queue(aNotice)
	}
	h.sends("at once", 5)
	h.Clock.Advance(29 * time.Second)
	for range 8 {
		h.queue(aNotice) // younger
	}
	h.sends("just before half a minute", 5)
	h.Clock.Advance(time.Second)
	h.sends("after half a minute all that are so old, though families wait, and the trickle", 50+5)
	h.Clock.Advance(time.Second)
	h.sends("the other younger ones, in the trickle", 3)
}

func TestAMessageThatIsTriedAgainIsNotHeldBackAnew(t *testing.T) {
	t.Parallel()
	h, _ := crowdedHouse(t)
	h.mails.script = []error{temporary}
	for range 6 { // one more than trickles
		h.queue(aNotice)
	}
	h.equal("the first try", h.drain(), "mail queued", "mail sent", "mail sent", "mail sent", "mail sent")
	h.Clock.Advance(time.Minute)
	h.equal("the second, and the one that waited", h.drain(), "mail sent", "mail sent")
}

func TestWhatSomebodyWaitsForIsNeverHeldBack(t *testing.T) {
	t.Parallel()
	h, _ := crowdedHouse(t)
	for range 20 {
		h.queue(aNotice)
	}
	h.drain()
	h.queue(aCode)
	h.equal("a code, in the same second", h.drain(), "mail sent")
	h.Clock.Advance(time.Second)
	for range 5 {
		h.queue(aNotice) // the trickle goes to the oldest
	}
	h.queue(aTest)
	h.queue(func(m *models.Message) { m.Again = true })
	h.queue(bySMS(h), func(m *models.Message) {
		m.Kind, m.DayID = models.MessageTest, models.DayID{}
		m.Details.To = "+31612345678"
	})
	h.equal("a test, one that the office sends again, the trickle, a test by SMS", h.drain(),
		"mail sent", "mail sent", "mail sent", "mail sent", "mail sent", "mail sent", "mail sent", "sms sent")
	h.held(20) // of the 25, as it was looked
}

func TestWhoChangesABookingInTheCrowdGetsOneMail(t *testing.T) {
	t.Parallel()
	h, crowd := crowdedHouse(t)
	for range 5 {
		h.queue(aNotice)
	}
	h.drain() // no more in this second
	first, second, third := h.queue(), h.queue(), h.queue()
	h.sends("in the crowd", 0)
	crowd.Store(false)
	h.drain()
	h.is(first, models.MessageSuperseded, "", 0)
	h.is(second, models.MessageSuperseded, "", 0)
	h.is(third, models.MessageSent, "", 1)
	if len(h.mails.sent) != 6 {
		t.Errorf("%d mails", len(h.mails.sent))
	}
}

func TestAnotherProgramBeforeWhichNobodyWaitsSendsAtOnce(t *testing.T) {
	t.Parallel()
	h, _ := crowdedHouse(t)
	for range 20 {
		h.queue(aNotice)
	}
	h.sends("the one with the crowd", 5)
	other := h.config
	other.Crowded = nil
	if handled, err := notify.NewDispatcher(other).Drain(h.ctx); err != nil || handled != 15 {
		t.Errorf("the other sent %d, %v", handled, err)
	}
}

func TestABookingDoesNotMakeTheLaneOfCodesLook(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	tick := make(chan time.Time)
	stop := h.running(tick)
	defer stop()
	tick <- h.Clock.Now()
	h.queue(aTest)
	h.dispatcher.WakeForBulk()
	if got := <-h.outcomes; got != "mail sent" {
		t.Errorf("outcome %s", got)
	}
	h.queue(aCode)
	h.dispatcher.Wake()
	if got := <-h.outcomes; got != "mail sent" {
		t.Errorf("outcome %s", got)
	}
}
