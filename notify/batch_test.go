package notify_test

import (
	"testing"
	"time"

	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/notify"
)

func TestTextMessagesAndCodesAreBegunOneByOne(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	toTest := func(m *models.Message) {
		m.Kind, m.DayID, m.Channel, m.Details.To = models.MessageTest, models.DayID{}, models.ChannelSMS, "+31612345678"
	}
	h.queue(toTest)
	second := h.queue(toTest)
	h.texts.during = func() {
		if len(h.texts.sent) == 1 {
			h.is(second, models.MessageQueued, "", 0) // or it would be of unknown fate if the program died now
		}
	}
	h.equal("text messages", h.drain(), "sms sent", "sms sent")
	h.queue(aCode)
	code := h.queue(aCode)
	tried := len(h.mails.sent)
	h.mails.during = func() {
		if len(h.mails.sent) == tried+1 {
			h.is(code, models.MessageQueued, "", 0)
		}
	}
	h.equal("codes", h.drain(), "mail sent", "mail sent")
}

func TestAMailOfABatchThatWaitedIsWrittenAnew(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.queue(aTest)
	waiting := h.queue()
	var newer models.MessageID
	h.mails.during = func() {
		if len(h.mails.sent) == 1 {
			h.Clock.Advance(6 * time.Second) // a slow server
			newer = h.queue()
		}
	}
	h.equal("outcomes", h.drain(), "mail sent", "mail sent")
	h.is(waiting, models.MessageSuperseded, "", 0)
	h.is(newer, models.MessageSent, "", 1)
}

func TestAMailOfABatchWhoseTurnComesLateCountsOneTry(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.queue(aTest)
	waiting := h.queue()
	h.mails.during = func() {
		if len(h.mails.sent) == 1 {
			h.Clock.Advance(time.Minute)
			return
		}
		if until := h.message(waiting).LeasedUntil; until == nil || until.Sub(h.Clock.Now()) != 2*time.Minute {
			t.Errorf("leased until %v", until) // anew, for the whole delivery
		}
	}
	h.drain()
	h.is(waiting, models.MessageSent, "", 1)
}

func TestAMailOfABatchThatAnotherProgramTookOverIsNotSentTwice(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.queue(aTest)
	second := h.queue()
	other := notify.NewDispatcher(h.config)
	h.mails.during = func() {
		if len(h.mails.sent) > 1 {
			return
		}
		h.Clock.Advance(3 * time.Minute) // longer than the lease
		h.mails.mutex.Unlock()
		defer h.mails.mutex.Lock()
		if _, err := other.Drain(h.ctx); err != nil {
			t.Error(err)
		}
	}
	_, err := h.dispatcher.Drain(h.ctx)
	h.must(err)
	h.is(second, models.MessageSent, "", 2)
	times := 0
	for _, mail := range h.mails.sent {
		if mail.MessageID == second.String()+"@ouderavond.example" {
			times++
		}
	}
	if times != 1 {
		t.Errorf("sent %d times", times)
	}
}

func TestAMailThatWasBegunWhenTheProgramDiedIsSentOnce(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	id := h.queue(begun)
	h.equal("outcomes", h.drain(), "mail sent")
	h.equal("later", h.drain())
	h.is(id, models.MessageSent, "", 2)
}
