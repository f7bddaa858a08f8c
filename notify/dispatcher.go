package notify

import (
	"context"
	"log/slog"
	"time"

	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/store"
	"github.com/ouderavond/ouderavond/notify/mail"
	"github.com/ouderavond/ouderavond/notify/sms"
	"github.com/ouderavond/ouderavond/notify/text"
)

const (
	leaseFor      = 2 * time.Minute
	schoolsAtOnce = 50
	leaseAtOnce   = 20
)

// Config says how messages go out.
type Config struct {
	Store    *store.Store
	Clock    models.Clock
	Logger   *slog.Logger
	Renderer *text.Renderer
	// Mail and SMS are the real channels; MailFolder and SMSFolder the mailbox folder, which takes everything of a school in rehearsal. In the embedded default
	// the real channels are the folder too.
	Mail, MailFolder mail.Transport
	SMS, SMSFolder   sms.Carrier
	// From is the address that mail is sent from; its domain names messages.
	From string
	// BaseURL is where pages are, without a slash at the end: https://afspraak.example.nl.
	BaseURL string
	// Sent, if not nil, is told of each message's outcome, for metrics.
	Sent func(channel models.Channel, state models.MessageState)
}

// Dispatcher sends the messages of the outbox.
type Dispatcher struct {
	config Config
	wake   chan struct{}
}

// interrupted is the problem of a message whose sender died while it was being sent.
const interrupted = "interrupted"

// NewDispatcher makes a dispatcher; Run makes it work.
func NewDispatcher(config Config) *Dispatcher {
	return &Dispatcher{config: config, wake: make(chan struct{}, 1)}
}

// Wake tells that something was queued. It never waits.
func (d *Dispatcher) Wake() {
	select {
	case d.wake <- struct{}{}:
	default:
	}
}

// Run sends until the context ends. tick gives a channel that fires when the outbox is to be looked at without having been woken; messages under way when
// the context ends are finished.
func (d *Dispatcher) Run(ctx context.Context, tick <-chan time.Time) {
	for {
		if _, err := d.Drain(ctx); err != nil && ctx.Err() == nil {
			d.config.Logger.ErrorContext(ctx, "outbox", "error", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-d.wake:
		case <-tick:
		}
	}
}

// Drain sends everything that is due now, and tells how many messages it handled.
func (d *Dispatcher) Drain(ctx context.Context) (int, error) {
	installation := d.config.Store.Installation(models.Actor{Kind: models.ActorSystem, Reason: "outbox"})
	handled := 0
	for ctx.Err() == nil {
		schools, err := installation.DueSchools(ctx, schoolsAtOnce)
		if err != nil || len(schools) == 0 {
			return handled, err
		}
		for _, school := range schools {
			count, err := d.school(ctx, school)
			handled += count
			if err != nil {
				return handled, err
			}
		}
	}
	return handled, ctx.Err()
}

// school sends one batch of a school.
func (d *Dispatcher) school(ctx context.Context, school models.SchoolID) (int, error) {
	leased, err := d.lease(ctx, school)
	if err != nil {
		return 0, err
	}
	for i := range leased {
		// A message that was taken is brought to its end even if the program is stopping.
		if err := d.deliver(context.WithoutCancel(ctx), school, &leased[i]); err != nil {
			return i, err
		}
	}
	return len(leased), nil
}

// lease takes due messages, so that nobody else sends them meanwhile. That they are being sent is written later, one by one: a message that was only
// taken when the program died is simply taken again.
func (d *Dispatcher) lease(ctx context.Context, school models.SchoolID) ([]models.Message, error) {
	var leased []models.Message
	err := d.scope(school).Write(ctx, func(tx *store.Tx) error {
		var err error
		leased, err = tx.DueMessages(leaseAtOnce)
		if err != nil {
			return err
		}
		until := tx.Now().Add(leaseFor)
		for i := range leased {
			leased[i].LeasedUntil = &until
			if err := store.Update(tx, &leased[i], "leased_until"); err != nil {
				return err
			}
		}
		return nil
	})
	return leased, err
}

// begin writes that a leased message is being sent now, before any carrier is called. It tells false if somebody else decided about the message since it
// was leased: a newer one supersedes it, or another machine took it over.
func (d *Dispatcher) begin(ctx context.Context, school models.SchoolID, message *models.Message) (mine bool, err error) {
	err = d.scope(school).Write(ctx, func(tx *store.Tx) error {
		mine = false
		present, err := store.Get[models.Message](tx, message.ID)
		if err != nil {
			return err
		}
		if present.State != message.State || present.LeasedUntil == nil || !present.LeasedUntil.Equal(*message.LeasedUntil) {
			return nil
		}
		until := tx.Now().Add(leaseFor)
		present.State, present.LeasedUntil = models.MessageSending, &until
		present.Attempts++
		mine = true
		*message = *present
		return store.Update(tx, present, "state", "leased_until", "attempts")
	})
	return mine, err
}

func (d *Dispatcher) scope(school models.SchoolID) store.Scope {
	return d.config.Store.For(models.System(school, "outbox"))
}
