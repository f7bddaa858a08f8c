package notify

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"time"

	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/contactpoint"
	"github.com/ouderavond/ouderavond/models/errs"
	"github.com/ouderavond/ouderavond/models/store"
	"github.com/ouderavond/ouderavond/notify/carrier"
	"github.com/ouderavond/ouderavond/notify/mail"
	"github.com/ouderavond/ouderavond/notify/sms"
)

const (
	// turnWait is how long a message waits for an older one about the same day that is on its way to the same person.
	turnWait = time.Second
	// domainWait is how long a message is put off whose domain has too many waiting.
	domainWait = 3 * time.Second
)

// deliver renders and sends one taken message and writes what became of it.
func (d *Dispatcher) deliver(ctx context.Context, j *leased) ([]*leased, error) {
	message := &j.message
	if message.State == models.MessageSending && sentOnce(message) {
		// It was being sent when the program died, and whether it went is not known.
		return nil, d.settle(ctx, j, lost(d, message, models.ProblemInterrupted))
	}
	composed, err := j.letter, j.failed
	if !j.fresh(d.config.Clock.Now()) {
		composed, err = d.compose(ctx, j.school, message)
	}
	switch {
	case errors.Is(err, errNothingToSay):
		j.untried(message)
		return nil, d.settle(ctx, j, outcome{state: models.MessageSuperseded, problem: models.ProblemNothingToSay})
	case errs.KindOf(err) == errs.NotFound && err != nil:
		return nil, nil // the school is gone, and the message with it
	case errs.KindOf(err) == errs.Unavailable && err != nil:
		d.releaseAll(ctx, []*leased{j})
		return nil, err
	case err != nil:
		d.config.Logger.ErrorContext(ctx, "message cannot be written", "school", j.school, "message", message.ID, "error", err)
		if !j.begun {
			message.Attempts++
		}
		return nil, d.settle(ctx, j, later(message, models.ProblemRender, 0))
	}
	if !composed.at.Before(message.UsefulUntil) {
		j.untried(message)
		return nil, d.settle(ctx, j, outcome{state: models.MessageFailed, problem: cmp.Or(lastWord(message.Problem), models.ProblemTooLate)})
	}
	if message.Channel == models.ChannelSMS || composed.folder {
		return nil, d.hand(ctx, j, composed) // no domain is flooded by a folder
	}
	return d.throughGate(ctx, j, composed)
}

// throughGate hands a mail over if its domain is not paused and not busy.
func (d *Dispatcher) throughGate(ctx context.Context, j *leased, l *letter) (more []*leased, err error) {
	domain := contactpoint.Domain(l.to)
	if until := d.pauses.domain(domain, l.at); !until.IsZero() && !l.school.Rehearsal {
		j.untried(&j.message)
		return nil, d.settle(ctx, j, outcome{state: models.MessageQueued, problem: models.ProblemPolicy, again: until.Sub(l.at)})
	}
	switch d.gates.enter(domain, j) {
	case through:
	case parked:
		return nil, nil
	case putOff:
		j.untried(&j.message)
		return nil, d.settle(ctx, j, outcome{state: models.MessageQueued, problem: j.message.Problem, again: domainWait})
	}
	defer func() { more = d.gates.leave(domain) }()
	return nil, d.hand(ctx, j, l)
}

// hand gives a letter to its carrier, once it is its turn, and writes what became of it.
func (d *Dispatcher) hand(ctx context.Context, j *leased, l *letter) error {
	if !slices.Contains(d.pauses.open(l.at), j.message.Channel) {
		return d.release(ctx, j) // it was found out of service since this one was taken
	}
	if err := d.paces[j.message.Channel].wait(ctx, j.urgent); err != nil {
		return d.release(context.WithoutCancel(ctx), j)
	}
	if !j.fresh(d.config.Clock.Now()) {
		mine, err := d.begin(ctx, j, l)
		if err != nil {
			d.releaseAll(ctx, []*leased{j})
		}
		if err != nil || !mine {
			return gone(err)
		}
	}
	carrierID, err := d.send(ctx, j.school, &j.message, l)
	if err == nil {
		d.remember(ctx, j.school, j.message.ID, carrierID)
		d.pauses.well(j.message.Channel, contactpoint.Domain(l.to))
	} else if !l.folder {
		d.note(ctx, j.message.Channel, contactpoint.Domain(l.to), carrier.Of(err), l.at)
	}
	return d.settle(ctx, j, d.judge(&j.message, l, carrierID, err))
}

// sentOnce are the messages that are not sent again where it is not known whether they went: an SMS, which nothing marks as a repeat, and a one-time code.
// A mail sent again carries the same Message-ID, so that the second can be dropped.
func sentOnce(message *models.Message) bool {
	return message.Channel == models.ChannelSMS || message.Kind == models.MessageCode
}

// begin writes that a message is being sent now, before any carrier is called. It tells false if it is not to be sent now: somebody else decided about it since
// it was taken, a newer one says it all, or an older one about the same day is on its way to the same person and must not come after.
func (d *Dispatcher) begin(ctx context.Context, j *leased, l *letter) (mine bool, err error) {
	var done leased
	err = d.scope(j.school).Write(ctx, func(tx *store.Tx) error {
		done = *j
		others, err := confirmationsTo(tx, []models.Message{done.message})
		if err != nil {
			return err
		}
		if done.message.Channel == models.ChannelSMS {
			done.message.Details.Body = sms.Digest(l.message.SMS)
		}
		mine, err = beginIn(tx, &done, others)
		return err
	})
	if err == nil && mine {
		j.message = done.message
	}
	return mine, err
}

// beginIn is begin within a transaction that has read the confirmations to the same contact.
func beginIn(tx *store.Tx, j *leased, others []models.Message) (mine bool, err error) {
	done := j.message
	until := tx.Now().Add(leaseFor)
	columns := []string{"state", "problem", "leased_until", "due_at", "attempts"}
	older, newer := neighbours(&done, others)
	switch {
	case newer:
		done.State, done.LeasedUntil = done.Superseded(), nil
		j.untried(&done)
	case older:
		done.State, done.LeasedUntil, done.DueAt = models.MessageQueued, nil, tx.Now().Add(turnWait)
		j.untried(&done)
	default:
		done.State, done.LeasedUntil = models.MessageSending, &until
		if !j.begun {
			done.Attempts++
		}
		if done.Channel == models.ChannelSMS {
			columns = append(columns, "details") // with the digest of its text
		}
	}
	advanced, err := tx.Advance(j.message, &done, columns...)
	if mine = advanced && done.State == models.MessageSending; mine && err == nil {
		j.message = done
	}
	return mine, err
}

// neighbours looks among the confirmations to a contact at those that tell of the same day: whether an older one is on its way now, and whether there is a newer
// one, which says all that this one would say. Newer is what has the greater revision of the household. A person who has moved to another household hears of
// that one after whatever is on its way about the former.
func neighbours(message *models.Message, others []models.Message) (older, newer bool) {
	if message.Kind != models.MessageConfirmation {
		return false, false
	}
	for i := range others {
		other := &others[i]
		if other.ContactID != message.ContactID || other.DayID != message.DayID {
			continue
		}
		if other.HouseholdID != message.HouseholdID {
			older = older || other.State == models.MessageSending
			continue
		}
		switch order := cmp.Compare(other.Revision, message.Revision); {
		case order > 0 && other.State != models.MessageFailed && other.State != models.MessageSuperseded:
			newer = true
		case order < 0 && other.State == models.MessageSending:
			older = true
		}
	}
	return older, newer
}

// send hands the letter to its channel; everything of a school in rehearsal goes to the folder.
func (d *Dispatcher) send(ctx context.Context, school models.SchoolID, message *models.Message, l *letter) (string, error) {
	if message.Channel == models.ChannelSMS {
		carrier := d.config.SMS
		if l.folder {
			carrier = d.config.SMSFolder
		}
		receipt, err := carrier.Send(ctx, sms.Message{School: school.String(), To: l.to, Body: l.message.SMS, Reference: message.ID.String(), Date: message.CreatedAt})
		return receipt.ID, err
	}
	transport := d.config.Mail
	if l.folder {
		transport = d.config.MailFolder
	}
	receipt, err := transport.Send(ctx, mail.Message{
		School: school.String(), From: d.config.From, FromName: senderName(l.school), ReplyTo: l.school.Details.ReplyTo, To: l.to, Envelope: l.envelope,
		Subject: l.message.Subject, Text: l.message.Text, HTML: l.message.HTML, Calendar: l.calendar, CalendarMethod: l.method,
		MessageID: messageID(message, d.config.From), Date: message.CreatedAt.In(l.school.Location()),
	})
	return receipt.MessageID, err
}

// inFolder reports whether a school's messages of a channel go to the mailbox folder.
func (d *Dispatcher) inFolder(school *models.School, channel models.Channel) bool {
	switch {
	case school.Rehearsal:
		return true
	case channel == models.ChannelSMS:
		return d.config.SMS == nil
	}
	return d.config.Mail == nil
}

// carrierOf names who takes a school's messages of a channel.
func (d *Dispatcher) carrierOf(school *models.School, channel models.Channel) string {
	if d.inFolder(school, channel) {
		return models.Mailbox
	}
	return cmp.Or(d.config.Carriers[channel], models.Mailbox)
}
