package notify

import (
	"cmp"
	"context"
	"errors"
	"net/url"
	"time"

	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/errs"
	"github.com/ouderavond/ouderavond/models/store"
	"github.com/ouderavond/ouderavond/notify/carrier"
	"github.com/ouderavond/ouderavond/notify/sms"
)

// When a carrier is asked about a text message: what became of one whose answer was lost, and how far one is that was taken. After the last time it is left.
var (
	lookUpAfter = []time.Duration{30 * time.Second, 2 * time.Minute, 5 * time.Minute}
	statusAfter = []time.Duration{10 * time.Minute, time.Hour, 6 * time.Hour, 24 * time.Hour}
)

// followUp asks the carrier about one message.
func (d *Dispatcher) followUp(ctx context.Context, j *leased) ([]*leased, error) {
	finder, ok := d.config.SMS.(sms.Finder)
	switch {
	case !ok:
		return nil, d.leave(ctx, j) // another carrier was there when it was sent
	case j.message.State == models.MessageUnknown:
		return nil, d.lookUp(ctx, j, finder)
	case j.message.State == models.MessageSent:
		return nil, d.askStatus(ctx, j, finder)
	}
	return nil, d.leave(ctx, j)
}

// lookUp finds out whether a message went whose answer was lost.
func (d *Dispatcher) lookUp(ctx context.Context, j *leased, finder sms.Finder) error {
	to, err := d.addressOf(ctx, j)
	if errors.Is(err, errNothingToSay) {
		return d.leave(ctx, j)
	}
	if err != nil {
		return gone(err)
	}
	found, err := finder.Lookup(ctx, to, j.message.CreatedAt)
	if err != nil {
		return d.askAgain(ctx, j, lookUpAfter, err, d.leave)
	}
	for _, sent := range found {
		if !sent.Has(j.message.Details.Body) {
			continue
		}
		if taken, err := d.isOthers(ctx, j, sent.ID); err != nil || taken {
			if err != nil {
				return gone(err)
			}
			continue
		}
		return d.report(ctx, j.school, j.message.ID, sms.Report{ID: sent.ID, Status: atLeastTaken(sent.Status)})
	}
	return d.askAgain(ctx, j, lookUpAfter, nil, d.notThere)
}

// atLeastTaken is the status of a message that the carrier knows: that it has it is all that was asked.
func atLeastTaken(status sms.Status) sms.Status {
	if status.Progress == sms.UnderWay {
		status.Progress = sms.HandedOn
	}
	return status
}

// notThere ends a search that found nothing: what can be said again is sent again, and a code stays unknown, so that nobody has two.
func (d *Dispatcher) notThere(ctx context.Context, j *leased) error {
	if j.message.Kind == models.MessageCode {
		return d.leave(ctx, j)
	}
	return d.change(ctx, j, func(tx *store.Tx, message *models.Message) error {
		message.FollowUpAt, message.Problem = nil, ""
		return d.apply(tx, message, outcome{state: models.MessageQueued, problem: models.ProblemNotReached, again: 0})
	})
}

// isOthers reports whether another message of the school already is the one that the carrier knows by an id: two may have the same text.
func (d *Dispatcher) isOthers(ctx context.Context, j *leased, carrierID string) (others bool, err error) {
	err = d.scope(j.school).Read(ctx, func(tx *store.Tx) error {
		count, err := store.Count[models.Message](tx, store.Eq("carrier_id", carrierID), store.Not("id", j.message.ID))
		others = count > 0
		return err
	})
	return others, err
}

// addressOf gives the number that a message goes to.
func (d *Dispatcher) addressOf(ctx context.Context, j *leased) (to string, err error) {
	err = d.scope(j.school).Read(ctx, func(tx *store.Tx) error {
		if j.message.Kind == models.MessageTest {
			to = j.message.Details.To
			return nil
		}
		contact, err := store.Get[models.Contact](tx, j.message.ContactID)
		if err != nil && errs.KindOf(err) == errs.NotFound {
			return errNothingToSay
		}
		if err == nil {
			to = contact.Details.Value
		}
		return err
	})
	return to, err
}

// askStatus asks how far a message is, for where no report came.
func (d *Dispatcher) askStatus(ctx context.Context, j *leased, finder sms.Finder) error {
	status, err := finder.Status(ctx, j.message.CarrierID)
	if err == nil && (status.Progress == sms.Delivered || status.Progress == sms.Failed) {
		return d.report(ctx, j.school, j.message.ID, sms.Report{ID: j.message.CarrierID, Status: status})
	}
	return d.askAgain(ctx, j, statusAfter, err, d.leave)
}

// askAgain puts a question off to its next time, or gives it up after the last. A question that got no answer for want of one counts no more than once in
// a while: the carrier is out of service, and the message must not be sent again for that.
func (d *Dispatcher) askAgain(ctx context.Context, j *leased, times []time.Duration, failed error, giveUp func(context.Context, *leased) error) error {
	f := carrier.Of(failed)
	outage := failed != nil && f.Class == carrier.Temporary
	asked := j.message.FollowUps + 1
	if asked >= len(times) && (!outage || asked >= 3*len(times)) || failed != nil && !outage {
		return giveUp(ctx, j)
	}
	return d.change(ctx, j, func(tx *store.Tx, message *models.Message) error {
		message.FollowUps = asked
		message.FollowUpAt = new(tx.Now().Add(max(times[min(asked, len(times)-1)], f.RetryAfter)))
		return nil
	})
}

// leave asks no more about a message.
func (d *Dispatcher) leave(ctx context.Context, j *leased) error {
	return d.change(ctx, j, func(_ *store.Tx, message *models.Message) error {
		message.FollowUpAt = nil
		return nil
	})
}

// change writes a taken message, if nobody else changed it meanwhile, and gives it back.
func (d *Dispatcher) change(ctx context.Context, j *leased, set func(*store.Tx, *models.Message) error) error {
	return gone(d.scope(j.school).Write(ctx, func(tx *store.Tx) error {
		changed := j.message
		changed.LeasedUntil = nil
		if err := set(tx, &changed); err != nil {
			return err
		}
		_, err := tx.Advance(j.message, &changed, settledColumns...)
		return err
	}))
}

// SMSReport takes a carrier's report on a message, signed for the address that names the two. known is false for what no carrier of ours has signed; a report
// on a message or school that is gone is taken and forgotten.
func (d *Dispatcher) SMSReport(ctx context.Context, school, message, signature string, form url.Values) (known bool, err error) {
	reader, ok := d.config.SMS.(interface {
		Report(path string, form url.Values, signature string) (sms.Report, bool)
	})
	if !ok {
		return false, nil
	}
	report, ok := reader.Report(sms.ReportPath(school, message), form, signature)
	if !ok {
		return false, nil
	}
	schoolID, badSchool := models.Parse[models.SchoolID](school)
	messageID, badMessage := models.Parse[models.MessageID](message)
	if cmp.Or(badSchool, badMessage) != nil {
		return true, nil
	}
	return true, d.report(ctx, schoolID, messageID, report)
}

// report brings a message to the state that a carrier reports. Reports come before our own note that the message was taken, twice, and out of order; what leads
// back is left.
func (d *Dispatcher) report(ctx context.Context, school models.SchoolID, id models.MessageID, report sms.Report) error {
	// Who has no row any more, or none yet, has a record there all the same.
	d.remember(ctx, school, id, report.ID)
	done := outcome{carrierID: report.ID}
	switch report.Progress {
	case sms.HandedOn:
		done.state, done.followUp = models.MessageSent, statusAfter[0]
	case sms.Delivered:
		done.state = models.MessageDelivered
	case sms.Failed:
		done.state, done.problem, done.suppress = models.MessageFailed, report.Problem, report.Nobody
	default:
		return nil
	}
	return d.bring(ctx, school, id, done)
}

// bring takes what somebody outside tells of a message: a carrier, a mail server, or whoever got it.
func (d *Dispatcher) bring(ctx context.Context, school models.SchoolID, id models.MessageID, done outcome) error {
	for {
		var told models.Message
		again := false
		err := d.scope(school).Write(ctx, func(tx *store.Tx) (err error) {
			told, again, err = d.bringIn(tx, id, done)
			return err
		})
		if err == nil && again {
			continue // the sender wrote its own note in this very moment
		}
		if err == nil {
			d.told(ctx, school, &told)
		}
		return gone(err)
	}
}

// bringIn is bring within a transaction. changed is empty if the report leads nowhere; again tells that the message changed while it was looked at.
func (d *Dispatcher) bringIn(tx *store.Tx, id models.MessageID, done outcome) (changed models.Message, again bool, err error) {
	present, err := store.Get[models.Message](tx, id)
	if err != nil {
		return models.Message{}, false, err
	}
	// A message that was sent twice because an answer was lost is not failed by the report on the first.
	otherOne := done.carrierID != "" && present.CarrierID != "" && done.carrierID != present.CarrierID
	if !present.State.MayBecome(done.state) || present.State == done.state || otherOne && done.state == models.MessageFailed {
		return models.Message{}, false, nil
	}
	changed = *present
	if err := d.apply(tx, &changed, done); err != nil {
		return models.Message{}, false, err
	}
	changed.ReportedAt = new(tx.Now())
	if present.SentAt != nil {
		changed.SentAt = present.SentAt
	}
	mine, err := tx.Advance(*present, &changed, append([]string{"reported_at"}, settledColumns...)...)
	if err != nil || !mine {
		return models.Message{}, err == nil, err
	}
	return changed, false, d.consequences(tx, &changed, done.suppress)
}
