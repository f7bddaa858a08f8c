package notify

import (
	"context"
	"time"

	"github.com/ouderavond/ouderavond/models"
)

// Figures say how the outbox stands, without naming anybody.
type Figures struct {
	// OldestDue is how long the message has waited that has been due longest; zero if none is.
	OldestDue time.Duration
	// Held is how many messages are held back because families wait; it is counted when the outbox is looked at.
	Held int
	// Paused tells of each channel whether its messages wait because it is out of service or set up wrongly; Setup is the latter.
	Paused, Setup map[models.Channel]bool
	// PausedDomains is how many domains are left alone for a while because they refuse our mail.
	PausedDomains int
}

// Figures gives how the outbox stands now.
func (d *Dispatcher) Figures(ctx context.Context) (Figures, error) {
	now := d.config.Clock.Now()
	figures := Figures{Paused: map[models.Channel]bool{}, Setup: map[models.Channel]bool{}}
	d.pauses.mutex.Lock()
	for _, channel := range []models.Channel{models.ChannelMail, models.ChannelSMS} {
		pausing := d.pauses.channels[channel]
		figures.Paused[channel] = now.Before(pausing.until)
		figures.Setup[channel] = pausing.setup
	}
	for _, pausing := range d.pauses.domains {
		if now.Before(pausing.until) {
			figures.PausedDomains++
		}
	}
	d.pauses.mutex.Unlock()
	for _, l := range d.queues {
		figures.Held += int(l.held.Load())
	}
	next, err := d.config.Store.Installation(models.Actor{Kind: models.ActorSystem, Reason: "outbox figures"}).NextDue(ctx)
	if err == nil && !next.IsZero() {
		figures.OldestDue = max(0, now.Sub(next))
	}
	return figures, err
}
