package notify_test

import (
	"strings"
	"sync/atomic"
	"testing"

	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/errs"
	"github.com/ouderavond/ouderavond/models/store/storetest"
)

// cutAt cuts the connection to the database when the first statement comes that has all the parts, and no other.
func cutAt(between *storetest.Between, parts ...string) {
	var cut atomic.Bool
	between.Watch(func(statement string) bool {
		for _, part := range parts {
			if !strings.Contains(statement, part) {
				return true
			}
		}
		return !cut.CompareAndSwap(false, true)
	})
}

func TestMailsThatCouldNotBeWrittenAreGivenBack(t *testing.T) {
	t.Parallel()
	rows, between := storetest.NewHeard(t)
	h := houseOn(t, rows)
	ids := []models.MessageID{h.queue(aTest), h.queue()}
	cutAt(between, "SELECT", `FROM "appointments"`)
	if _, err := h.dispatcher.Drain(h.ctx); errs.KindOf(err) != errs.Unavailable {
		t.Fatalf("error %v", err)
	}
	for _, id := range ids {
		h.is(id, models.MessageQueued, "", 0)
		if h.message(id).LeasedUntil != nil {
			t.Error("it waits until its lease is over")
		}
	}
	h.equal("when the database is well", h.drain(), "mail sent", "mail sent")
	for _, id := range ids {
		h.is(id, models.MessageSent, "", 1)
	}
}

func TestATextMessageThatCouldNotBeWrittenIsGivenBack(t *testing.T) {
	t.Parallel()
	rows, between := storetest.NewHeard(t)
	h := houseOn(t, rows)
	id := h.queue(bySMS(h))
	cutAt(between, "SELECT", `FROM "appointments"`)
	if _, err := h.dispatcher.Drain(h.ctx); errs.KindOf(err) != errs.Unavailable {
		t.Fatalf("error %v", err)
	}
	h.is(id, models.MessageQueued, "", 0)
	h.equal("when the database is well", h.drain(), "sms sent")
}

func TestWhatWasSentIsWrittenEvenIfTheConnectionBreaks(t *testing.T) {
	t.Parallel()
	rows, between := storetest.NewHeard(t)
	h := houseOn(t, rows)
	id := h.queue()
	h.mails.during = func() { cutAt(between, "UPDATE", `"messages"`) }
	h.equal("outcomes", h.drain(), "mail sent")
	h.is(id, models.MessageSent, "", 1)
	if len(h.mails.sent) != 1 {
		t.Errorf("it was sent %d times", len(h.mails.sent))
	}
}
