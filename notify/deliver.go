package notify

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/errs"
	"github.com/ouderavond/ouderavond/models/store"
	"github.com/ouderavond/ouderavond/notify/mail"
	"github.com/ouderavond/ouderavond/notify/mail/failure"
	"github.com/ouderavond/ouderavond/notify/sms"
)

// backOff is how long is waited after the first, second... failure that may pass.
var backOff = []time.Duration{time.Minute, 5 * time.Minute, 15 * time.Minute, time.Hour, 4 * time.Hour}

// deliver renders and sends one leased message and writes what became of it.
func (d *Dispatcher) deliver(ctx context.Context, school models.SchoolID, message *models.Message) error {
	if message.State == models.MessageSending && sentOnce(message) {
		// It was being sent when the program died, and whether it went is not known.
		return d.settle(ctx, school, message, outcome{state: models.MessageUnknown, problem: interrupted})
	}
	composed, err := d.compose(ctx, school, message)
	switch {
	case errors.Is(err, errNothingToSay):
		return d.settle(ctx, school, message, outcome{state: models.MessageSuperseded, problem: "nothing-to-say"})
	case errs.KindOf(err) == errs.NotFound && err != nil:
		return nil // the school is gone, and the message with it
	case errs.KindOf(err) == errs.Unavailable && err != nil:
		return err
	case err != nil:
		d.config.Logger.ErrorContext(ctx, "message cannot be written", "school", school, "message", message.ID, "error", err)
		message.Attempts++
		return d.settle(ctx, school, message, d.later(message, "render"))
	}
	if !composed.at.Before(message.UsefulUntil) {
		return d.settle(ctx, school, message, outcome{state: models.MessageFailed, problem: "too-late"})
	}
	mine, err := d.begin(ctx, school, message)
	if err != nil || !mine {
		return gone(err)
	}
	carrierID, err := d.send(ctx, school, message, composed)
	return d.settle(ctx, school, message, d.judge(message, carrierID, err))
}

// sentOnce are the messages that are not sent again where it is not known whether they went: an SMS, which nothing marks as a repeat, and a one-time code.
// A mail sent again carries the same Message-ID, so that the second can be dropped.
func sentOnce(message *models.Message) bool {
	return message.Channel == models.ChannelSMS || message.Kind == models.MessageCode
}

// gone leaves out that a message went by meanwhile: its school was wiped, or its household or contact is gone.
func gone(err error) error {
	if errs.KindOf(err) == errs.NotFound && err != nil {
		return nil
	}
	return err
}

// send hands the letter to its channel; everything of a school in rehearsal goes to the folder.
func (d *Dispatcher) send(ctx context.Context, school models.SchoolID, message *models.Message, l *letter) (string, error) {
	if message.Channel == models.ChannelSMS {
		carrier := d.config.SMS
		if l.school.Rehearsal || carrier == nil {
			carrier = d.config.SMSFolder
		}
		receipt, err := carrier.Send(ctx, sms.Message{School: school.String(), To: l.to, Body: l.message.SMS, Reference: message.ID.String(), Date: message.CreatedAt})
		return receipt.ID, err
	}
	transport := d.config.Mail
	if l.school.Rehearsal || transport == nil {
		transport = d.config.MailFolder
	}
	receipt, err := transport.Send(ctx, mail.Message{
		School: school.String(), From: d.config.From, FromName: senderName(l.school), ReplyTo: l.school.Details.ReplyTo, To: l.to,
		Subject: l.message.Subject, Text: l.message.Text, HTML: l.message.HTML, Calendar: l.calendar, CalendarMethod: l.method,
		MessageID: messageID(message, d.config.From), Date: message.CreatedAt.In(l.school.Location()),
	})
	return receipt.MessageID, err
}

// outcome is what became of a try.
type outcome struct {
	state     models.MessageState
	problem   string
	carrierID string
	again     time.Duration // for a queued one: how long until the next try
	suppress  bool          // nobody is at that address
}

// judge turns a carrier's answer into an outcome.
func (d *Dispatcher) judge(message *models.Message, carrierID string, err error) outcome {
	class := failure.ClassOf(err)
	switch class {
	case failure.None:
		return outcome{state: models.MessageSent, carrierID: carrierID}
	case failure.RecipientRefused:
		return outcome{state: models.MessageFailed, problem: class.String(), suppress: true}
	case failure.Permanent:
		if failure.IsSetup(err) {
			return d.later(message, "setup")
		}
		return outcome{state: models.MessageFailed, problem: class.String()}
	case failure.Ambiguous:
		if sentOnce(message) {
			return outcome{state: models.MessageUnknown, problem: class.String()}
		}
	}
	return d.later(message, class.String())
}

func (d *Dispatcher) later(message *models.Message, problem string) outcome {
	wait := backOff[min(message.Attempts, len(backOff))-1]
	return outcome{state: models.MessageQueued, problem: problem, again: wait}
}

// superseded tells whether a newer message says what this one would say: then a failed one need not be tried again.
func superseded(tx *store.Tx, message *models.Message) (bool, error) {
	if message.Kind != models.MessageConfirmation {
		return false, nil
	}
	all, err := store.List[models.Message](tx, store.Eq("contact_id", message.ContactID), store.Eq("day_id", message.DayID), store.Eq("kind", message.Kind))
	return slices.ContainsFunc(all, func(other models.Message) bool {
		return other.ID.Compare(message.ID) > 0 && other.State != models.MessageFailed
	}), err
}

// settle writes the outcome. A message that went by meanwhile is no error.
func (d *Dispatcher) settle(ctx context.Context, school models.SchoolID, message *models.Message, done outcome) error {
	err := d.scope(school).Write(ctx, func(tx *store.Tx) error {
		message.State, message.Problem, message.LeasedUntil = done.state, done.problem, nil
		if done.carrierID != "" {
			message.CarrierID = done.carrierID
		}
		switch done.state {
		case models.MessageSent:
			now := tx.Now()
			message.SentAt = &now
			message.Details.Code = "" // it has done its work
		case models.MessageQueued:
			message.DueAt = tx.Now().Add(done.again)
			if !message.DueAt.Before(message.UsefulUntil) {
				message.State, message.Problem = models.MessageFailed, "too-late"
			}
			if newer, err := superseded(tx, message); err != nil || newer {
				if err != nil {
					return err
				}
				message.State = models.MessageSuperseded
			}
		}
		if err := store.Update(tx, message, "state", "problem", "attempts", "leased_until", "carrier_id", "sent_at", "due_at", "details"); err != nil {
			return err
		}
		if !done.suppress || message.ContactID.IsZero() {
			return nil
		}
		return store.Update(tx, &models.Contact{ID: message.ContactID, Suppressed: true}, "suppressed")
	})
	if err != nil {
		return gone(err)
	}
	if d.config.Sent != nil {
		d.config.Sent(message.Channel, message.State)
	}
	d.config.Logger.InfoContext(ctx, "message", "school", school, "message", message.ID, "channel", message.Channel, "state", message.State, "problem", message.Problem, "attempts", message.Attempts)
	return nil
}
