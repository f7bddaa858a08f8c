package notify

import (
	"context"
	"sync"
	"time"

	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/notify/carrier"
)

// How long is waited where more than one message would fail: doubled each time until something gets through.
const (
	channelPause, channelPauseMost = 15 * time.Second, 5 * time.Minute
	setupPause, setupPauseMost     = time.Minute, 15 * time.Minute
	domainPause, domainPauseMost   = 15 * time.Minute, 2 * time.Hour
)

// pauses remember what is not tried for a while: a channel that is set up wrongly, out of service or out of its carrier's limits, and domains that do not want
// our mail.
type pauses struct {
	mutex    sync.Mutex
	channels map[models.Channel]pausing
	domains  map[string]pausing
}

type pausing struct {
	until time.Time
	last  time.Duration
	setup bool
}

func newPauses() *pauses {
	return &pauses{channels: map[models.Channel]pausing{}, domains: map[string]pausing{}}
}

// open lists the channels that are not paused.
func (p *pauses) open(now time.Time) []models.Channel {
	p.mutex.Lock()
	defer p.mutex.Unlock()
	var open []models.Channel
	for _, channel := range []models.Channel{models.ChannelMail, models.ChannelSMS} {
		if !now.Before(p.channels[channel].until) {
			open = append(open, channel)
		}
	}
	return open
}

// domain tells until when a domain is paused; the zero time if it is not.
func (p *pauses) domain(domain string, now time.Time) time.Time {
	p.mutex.Lock()
	defer p.mutex.Unlock()
	if until := p.domains[domain].until; now.Before(until) {
		return until
	}
	return time.Time{}
}

// well notes that something got through.
func (p *pauses) well(channel models.Channel, domain string) {
	p.mutex.Lock()
	defer p.mutex.Unlock()
	delete(p.channels, channel)
	delete(p.domains, domain)
}

// longer gives the pause after a further failure. Failures of messages that were under way together count once.
func longer(present pausing, now time.Time, first, most, least time.Duration, setup bool) pausing {
	if now.Before(present.until) && least <= present.until.Sub(now) {
		return present
	}
	length := max(min(max(2*present.last, first), most), least)
	return pausing{until: now.Add(length), last: length, setup: setup}
}

// note pauses what a failure reaches, and says so loudly: nobody else would notice that all mail waits.
func (d *Dispatcher) note(ctx context.Context, channel models.Channel, domain string, f *carrier.Failure, now time.Time) {
	p := d.pauses
	p.mutex.Lock()
	var until time.Time
	switch {
	case f.Reach == carrier.AllOfIt && f.Setup:
		p.channels[channel] = longer(p.channels[channel], now, setupPause, setupPauseMost, f.RetryAfter, true)
		until = p.channels[channel].until
	case f.Reach == carrier.AllOfIt:
		p.channels[channel] = longer(p.channels[channel], now, channelPause, channelPauseMost, f.RetryAfter, false)
		until = p.channels[channel].until
	case f.Reach == carrier.OneDomain && domain != "":
		p.domains[domain] = longer(p.domains[domain], now, domainPause, domainPauseMost, f.RetryAfter, false)
		until = p.domains[domain].until
	}
	p.mutex.Unlock()
	switch {
	case until.IsZero():
	case f.Reach == carrier.OneDomain:
		name := "a small domain"
		if d.gates.common(domain) {
			name = domain
		}
		d.config.Logger.ErrorContext(ctx, "a domain refuses our mail and is left alone for a while", "domain", name, "until", until, "code", f.Code, "enhanced", f.Enhanced, "stage", f.Stage)
	case f.Setup:
		d.config.Logger.ErrorContext(ctx, "the channel is set up wrongly and all its messages wait", "channel", channel, "until", until, "code", f.Code, "enhanced", f.Enhanced, "stage", f.Stage)
	default:
		d.config.Logger.WarnContext(ctx, "the channel is out of service and its messages wait", "channel", channel, "until", until, "problem", f.Problem, "code", f.Code, "stage", f.Stage)
	}
}
