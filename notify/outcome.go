package notify

import (
	"context"
	"time"

	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/errs"
	"github.com/ouderavond/ouderavond/models/store"
	"github.com/ouderavond/ouderavond/notify/carrier"
	"github.com/ouderavond/ouderavond/notify/sms"
)

// backOff is how long is waited after the first, second... failure that may pass.
var backOff = []time.Duration{time.Minute, 5 * time.Minute, 15 * time.Minute, time.Hour, 4 * time.Hour}

// outcome is what became of a try.
type outcome struct {
	state     models.MessageState
	problem   string
	carrierID string
	again     time.Duration // for a queued one: how long until the next try
	suppress  bool          // nobody is at that address
	followUp  time.Duration // when the carrier is to be asked about it; zero: never
}

// judge turns a carrier's answer into an outcome.
func (d *Dispatcher) judge(message *models.Message, l *letter, carrierID string, err error) outcome {
	f := carrier.Of(err)
	switch carrier.ClassOf(err) {
	case carrier.None:
		done := outcome{state: models.MessageSent, carrierID: carrierID}
		switch {
		case message.Kind == models.MessageTest && d.carrierOf(l.school, message.Channel) == models.Mailbox:
			done.state = models.MessageDelivered // the folder is where it was to arrive
		case message.Channel == models.ChannelSMS && !l.folder && d.asks():
			done.followUp = statusAfter[0]
		}
		return done
	case carrier.RecipientRefused:
		return outcome{state: models.MessageFailed, problem: f.Problem, suppress: true}
	case carrier.Permanent:
		if !f.Setup {
			return outcome{state: models.MessageFailed, problem: f.Problem}
		}
	case carrier.Ambiguous:
		if sentOnce(message) {
			return lost(d, message, f.Problem)
		}
	case carrier.Temporary:
	}
	return later(message, f.Problem, f.RetryAfter)
}

// asks reports whether the SMS carrier can be asked about messages.
func (d *Dispatcher) asks() bool {
	_, ok := d.config.SMS.(sms.Finder)
	return ok
}

// lost is the outcome of a delivery whose answer was lost, and which must not be repeated before it is known that it did not go.
func lost(d *Dispatcher, message *models.Message, problem string) outcome {
	done := outcome{state: models.MessageUnknown, problem: problem}
	if message.Channel == models.ChannelSMS && d.asks() && len(message.Details.Body) > 0 {
		done.followUp = lookUpAfter[0]
	}
	return done
}

// later is the outcome of a failure that may pass.
func later(message *models.Message, problem string, asked time.Duration) outcome {
	wait := backOff[min(max(message.Attempts, 1), len(backOff))-1]
	return outcome{state: models.MessageQueued, problem: problem, again: max(wait, asked)}
}

// lastWord is why a message that is given up did not go: what was wrong at the last try, if that was known.
func lastWord(problem string) string {
	switch problem {
	case models.ProblemMailboxFull, models.ProblemPolicy, models.ProblemSetup:
		return problem
	}
	return ""
}

const (
	// settleTries is how often it is tried to write an outcome, and settlePause how long is waited before the second try; longer each time. What is not written
	// is sent again when its lease is over, and the family has it twice.
	settleTries, settlePause = 4, 100 * time.Millisecond
)

// settle writes the outcome. A message that went by meanwhile is no error.
func (d *Dispatcher) settle(ctx context.Context, j *leased, done outcome) error {
	for try := 1; ; try++ {
		err := d.settleOnce(ctx, j, done)
		if errs.KindOf(err) != errs.Unavailable || try == settleTries || d.config.Pause != nil && d.config.Pause(ctx, settlePause<<try) != nil {
			return err
		}
	}
}

func (d *Dispatcher) settleOnce(ctx context.Context, j *leased, done outcome) error {
	var written models.Message
	err := d.scope(j.school).Write(ctx, func(tx *store.Tx) error {
		written = j.message
		if err := d.apply(tx, &written, done); err != nil {
			return err
		}
		mine, err := tx.Advance(j.message, &written, settledColumns...)
		if err != nil {
			return err
		}
		if !mine {
			// A report of the carrier came before this, or another machine took the message over when the lease was up.
			written, err = d.afterwards(tx, j.message.ID, done)
			return err
		}
		return d.consequences(tx, &written, done.suppress)
	})
	if err != nil {
		return gone(err)
	}
	d.told(ctx, j.school, &written)
	return nil
}

// settledColumns are what an outcome changes.
var settledColumns = []string{"state", "problem", "attempts", "leased_until", "carrier_id", "sent_at", "due_at", "follow_up_at", "follow_ups", "details"}

// apply brings a message to the state that an outcome says.
func (d *Dispatcher) apply(tx *store.Tx, message *models.Message, done outcome) error {
	now := tx.Now()
	uncertain := message.Uncertain()
	before := message.Problem
	message.State, message.Problem, message.LeasedUntil = done.state, done.problem, nil
	if done.carrierID != "" {
		message.CarrierID = done.carrierID
	}
	if done.followUp > 0 {
		message.FollowUpAt, message.FollowUps = new(now.Add(done.followUp)), 0
	}
	switch done.state {
	case models.MessageSent, models.MessageDelivered:
		message.SentAt = &now
		message.Details.ForgetCode() // it has done its work
	case models.MessageQueued:
		message.DueAt = now.Add(done.again)
		if !message.DueAt.Before(message.UsefulUntil) {
			message.State = models.MessageFailed
			if lastWord(done.problem) == "" {
				message.Problem = models.ProblemTooLate
			}
		}
		others, err := confirmationsTo(tx, []models.Message{*message})
		if err != nil {
			return err
		}
		if _, newer := neighbours(message, others); newer {
			message.State = models.MessageSuperseded
		}
	case models.MessageSending, models.MessageUnknown, models.MessageFailed, models.MessageSuperseded:
	}
	switch {
	case uncertain:
		stayUncertain(message, before)
	case models.Uncertain(done.problem):
		stayUncertain(message, done.problem)
	}
	if message.State.Final() {
		message.FollowUpAt = nil
		message.Details.ForgetCode()
	}
	return nil
}

// stayUncertain keeps that a try of a message may have gone, as the problem says, whatever else it came to: until the carrier says that it took the message, or
// that nobody is there.
func stayUncertain(message *models.Message, problem string) {
	switch {
	case message.State == models.MessageQueued:
		message.Problem = problem
	case message.State == models.MessageSuperseded, message.State == models.MessageFailed && message.Problem == models.ProblemTooLate:
		message.State, message.Problem = models.MessageUnknown, problem
	}
}

// afterwards adds to a message that somebody else has brought further what only the sender knows.
func (d *Dispatcher) afterwards(tx *store.Tx, id models.MessageID, done outcome) (models.Message, error) {
	present, err := store.Get[models.Message](tx, id)
	if err != nil {
		return models.Message{}, err
	}
	taken := present.State == models.MessageSent || present.State == models.MessageDelivered || present.State == models.MessageFailed
	if !taken || done.carrierID == "" || present.SentAt != nil {
		return *present, nil
	}
	now := tx.Now()
	present.SentAt = &now
	present.Details.ForgetCode()
	if present.CarrierID == "" {
		present.CarrierID = done.carrierID
	}
	return *present, store.Update(tx, present, "carrier_id", "sent_at", "details")
}

// consequences are what a message's new state means for others: nobody is at an address, or a school's test message has arrived.
func (d *Dispatcher) consequences(tx *store.Tx, message *models.Message, suppress bool) error {
	if suppress && !message.ContactID.IsZero() {
		now := tx.Now()
		contact := &models.Contact{ID: message.ContactID, Suppressed: true, SuppressedAt: &now, SuppressedFor: message.Problem}
		if err := store.Update(tx, contact, "suppressed", "suppressed_at", "suppressed_for"); err != nil {
			return err
		}
	}
	if message.Kind == models.MessageTest && message.State == models.MessageDelivered {
		tx.School().Arrive(message.Channel, d.carrierOf(tx.School(), message.Channel), tx.Now())
		return tx.UpdateSchool("arrivals")
	}
	return nil
}

// told tells the metrics and the log what became of a message.
func (d *Dispatcher) told(ctx context.Context, school models.SchoolID, message *models.Message) {
	if message.State == "" {
		return
	}
	if d.config.Outcome != nil {
		d.config.Outcome(message.Channel, message.State, message.Problem)
	}
	d.config.Logger.InfoContext(ctx, "message", "school", school, "message", message.ID, "kind", message.Kind, "channel", message.Channel, "state", message.State,
		"problem", message.Problem, "attempts", message.Attempts)
}
