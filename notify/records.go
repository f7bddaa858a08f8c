package notify

import (
	"context"
	"time"

	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/store"
	"github.com/ouderavond/ouderavond/notify/carrier"
	"github.com/ouderavond/ouderavond/notify/sms"
)

const (
	// recordKept is when a carrier's record is deleted although its message never came to an end: it has been asked for the last time by then.
	recordKept = 48 * time.Hour
	// recordsAtOnce is how many records are asked for in one turn.
	recordsAtOnce = 100
	// recordsTold is after how many vain tries the log says that a record stays.
	recordsTold = 4
)

// deleteAfter is how long is waited after the first, second... request to delete a record that was in vain. There is no last one.
var deleteAfter = []time.Duration{time.Minute, 10 * time.Minute, time.Hour, 6 * time.Hour, 24 * time.Hour}

// remember notes that the carrier of text messages has a record of one, before anything else is written of it: it has to be deleted there even if the message, or
// its school, is gone by now. Ids of other carriers and of the mailbox folder are passed over.
func (d *Dispatcher) remember(ctx context.Context, school models.SchoolID, message models.MessageID, carrierID string) {
	forgetter, ok := d.config.SMS.(sms.Forgetter)
	if !ok || !forgetter.Records(carrierID) {
		return
	}
	err := d.records().RememberCarrierRecord(context.WithoutCancel(ctx), school, message, carrierID, d.config.Clock.Now().Add(recordKept))
	if err != nil {
		d.config.Logger.ErrorContext(ctx, "a record of the carrier could not be noted: it is not deleted there unless the carrier reports on it", "school", school, "message", message, "error", err)
	}
}

func (d *Dispatcher) records() store.Installation {
	return d.config.Store.Installation(models.Actor{Kind: models.ActorSystem, Reason: "carrier's records"})
}

// DeleteRecords asks the carrier of text messages to delete what it has of messages that have come to their end, or are gone with their family or school. What it
// does not delete it is asked for again, without an end.
func (d *Dispatcher) DeleteRecords(ctx context.Context) error {
	forgetter, ok := d.config.SMS.(sms.Forgetter)
	if !ok {
		return nil
	}
	due, err := d.records().DueCarrierRecords(ctx, recordsAtOnce)
	if err != nil {
		return err
	}
	for _, record := range due {
		failed := forgetter.Delete(ctx, record.CarrierID)
		if ctx.Err() != nil {
			return ctx.Err()
		}
		f := carrier.Of(failed)
		again := d.config.Clock.Now().Add(max(deleteAfter[min(record.Tries, len(deleteAfter)-1)], f.RetryAfter))
		if err := d.records().CarrierAsked(ctx, record, failed == nil, again); err != nil {
			return err
		}
		if failed != nil && record.Tries >= recordsTold {
			d.config.Logger.ErrorContext(ctx, "the carrier does not delete the record of a message", "school", record.SchoolID, "message", record.MessageID, "tries", record.Tries+1, "error", failed)
		}
		if failed != nil && f.Reach == carrier.AllOfIt {
			return nil // the others would fail in the same way
		}
	}
	return nil
}
