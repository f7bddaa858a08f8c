package notify

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/store"
	"github.com/ouderavond/ouderavond/notify/mail"
	"github.com/ouderavond/ouderavond/notify/sms"
	"github.com/ouderavond/ouderavond/notify/text"
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
	// Carriers names the real channels, for the school's list of what was tried out: "smtp", "twilio"; models.Mailbox, or nothing, is the folder.
	Carriers map[models.Channel]string
	// From is the address that mail is sent from; its domain names messages.
	From string
	// BounceDomain is the domain to whose addresses servers report what could not be delivered; empty: to From.
	BounceDomain string
	// BaseURL is where pages are, without a slash at the end: https://afspraak.example.nl.
	BaseURL string
	// Limits bound how much goes out at once.
	Limits Limits
	// Pause waits, and ends early with an error if the context does. Nil does not wait: then no rate is kept.
	Pause func(ctx context.Context, length time.Duration) error
	// Crowded, if not nil, tells whether families wait for the program right now. While they do, messages that nobody waits for are sent at a trickle; none is
	// held back longer than half a minute.
	Crowded func() bool
	// Outcome, if not nil, is told what each try of a message came to, for metrics.
	Outcome func(channel models.Channel, state models.MessageState, problem string)
}

// Limits bound how much goes out at once. Zero takes the default where there is one.
type Limits struct {
	MailAtOnce      int     // mails being handed over at once; 8 by default
	MailPerDomain   int     // of them to one domain; 4 by default
	MailPerSecond   float64 // as many mails begin in a second; no limit by default
	SMSAtOnce       int     // text messages being handed over at once; 2 by default
	SMSPerSecond    float64 // as many text messages begin in a second; no limit by default
	UrgentAtOnce    int     // one-time codes being handed over at once, beside all else; 2 by default
	FollowUpsAtOnce int     // questions to carriers at once; 1 by default
}

func (l Limits) orDefaults() Limits {
	for _, limit := range []struct {
		field     *int
		otherwise int
	}{{&l.MailAtOnce, 8}, {&l.MailPerDomain, 4}, {&l.SMSAtOnce, 2}, {&l.UrgentAtOnce, 2}, {&l.FollowUpsAtOnce, 1}} {
		if *limit.field <= 0 {
			*limit.field = limit.otherwise
		}
	}
	return l
}

// Dispatcher sends the messages of the outbox. Several may work on one database, in one program or on many machines.
type Dispatcher struct {
	config Config
	wake   chan struct{}
	bulk   chan struct{}
	looks  looks
	queues []*queue
	gates  *gates
	paces  map[models.Channel]*pace
	pauses *pauses
}

// NewDispatcher makes a dispatcher; Run makes it work.
func NewDispatcher(config Config) *Dispatcher {
	config.Limits = config.Limits.orDefaults()
	d := &Dispatcher{config: config, wake: make(chan struct{}, 1), bulk: make(chan struct{}, 1), gates: newGates(config.Limits.MailPerDomain), pauses: newPauses()}
	d.paces = map[models.Channel]*pace{
		models.ChannelMail: newPace(config.Limits.MailPerSecond, config.Clock, config.Pause), models.ChannelSMS: newPace(config.Limits.SMSPerSecond, config.Clock, config.Pause),
	}
	d.queues = d.newQueues()
	return d
}

// Wake tells that something was queued. It never waits.
func (d *Dispatcher) Wake() { signal(d.wake) }

// WakeForBulk is Wake for who queued no one-time code: the queue of these is left alone.
func (d *Dispatcher) WakeForBulk() { signal(d.bulk) }

func signal(to chan struct{}) {
	select {
	case to <- struct{}{}:
	default:
	}
}

// Run sends until the context ends. tick gives a channel that fires when the outbox is to be looked at without having been woken. Messages that are being
// handed over when the context ends are brought to their end; those that were only taken are given back.
func (d *Dispatcher) Run(ctx context.Context, tick <-chan time.Time) {
	var working sync.WaitGroup
	for _, l := range d.queues {
		working.Go(func() { d.runQueue(ctx, l) })
	}
	for {
		onlyBulk := false
		select {
		case <-ctx.Done():
			working.Wait()
			return
		case <-d.bulk:
			onlyBulk = true
		case <-d.wake:
		case <-tick:
		}
		d.looks.wakes.Add(1)
		for _, l := range d.queues {
			if l.bulk || !onlyBulk {
				signal(l.wake)
			}
		}
	}
}

func (d *Dispatcher) runQueue(ctx context.Context, l *queue) {
	for {
		if _, err := d.drainQueue(ctx, l); err != nil && ctx.Err() == nil {
			d.config.Logger.ErrorContext(ctx, "outbox", "queue", l.name, "error", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-l.wake:
		}
	}
}

// Drain sends everything that is due now, queue by queue, and tells how many messages it handled.
func (d *Dispatcher) Drain(ctx context.Context) (int, error) {
	handled := 0
	for {
		before := handled
		for _, l := range d.queues {
			count, err := d.drainQueue(ctx, l)
			handled += count
			if err != nil {
				return handled, err
			}
		}
		if handled == before {
			return handled, ctx.Err()
		}
	}
}

func (d *Dispatcher) scope(school models.SchoolID) store.Scope {
	return d.config.Store.For(models.System(school, "outbox"))
}
