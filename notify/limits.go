package notify

import (
	"cmp"
	"context"
	"slices"
	"sync"
	"time"

	"github.com/ouderavond/ouderavond/models"
)

// pace keeps a number of messages in a second. One that is urgent takes the next place; the others wait until a place is free, without reserving one.
type pace struct {
	clock models.Clock
	pause func(context.Context, time.Duration) error
	every time.Duration // between two; zero: no limit

	mutex sync.Mutex
	next  time.Time
}

func newPace(perSecond float64, clock models.Clock, pause func(context.Context, time.Duration) error) *pace {
	p := &pace{clock: clock, pause: pause}
	if perSecond > 0 && pause != nil {
		p.every = time.Duration(float64(time.Second) / perSecond)
	}
	return p
}

// wait returns when the next message may begin.
func (p *pace) wait(ctx context.Context, urgent bool) error {
	for p.every > 0 {
		p.mutex.Lock()
		now := p.clock.Now()
		length := p.next.Sub(now)
		if length <= 0 || urgent {
			start := now
			if length > 0 {
				start = p.next
			}
			p.next = start.Add(p.every)
			p.mutex.Unlock()
			if length <= 0 {
				return nil
			}
			return p.pause(ctx, length)
		}
		p.mutex.Unlock()
		if err := p.pause(ctx, length); err != nil {
			return err
		}
	}
	return nil
}

// waitingMost is how many messages wait in memory for a domain that is busy; further ones are put off in the outbox, so that those to other domains are
// reached.
const waitingMost = 40

// gates let a number of messages at once through to each domain.
type gates struct {
	max int

	mutex sync.Mutex
	by    map[string]*gate
}

// gate is the way to one domain.
type gate struct {
	busy    int
	waiting []*leased // urgent ones first
	served  int       // messages since the program began
}

func newGates(most int) *gates { return &gates{max: most, by: map[string]*gate{}} }

// passage is what a gate says to a message.
type passage int

const (
	through passage = iota // go on, and leave afterwards
	parked                 // the gate keeps the message, and whoever leaves takes it along
	putOff                 // too many wait already
)

func (g *gates) enter(domain string, j *leased) passage {
	g.mutex.Lock()
	defer g.mutex.Unlock()
	at, ok := g.by[domain]
	if !ok {
		at = &gate{}
		g.by[domain] = at
	}
	switch {
	case at.busy < g.max:
		at.busy++
		at.served++
		return through
	case len(at.waiting) >= waitingMost && !j.urgent:
		return putOff
	}
	at.waiting = append(at.waiting, j)
	slices.SortStableFunc(at.waiting, func(a, b *leased) int { return cmp.Compare(rank(a), rank(b)) })
	return parked
}

func rank(j *leased) int {
	if j.urgent {
		return 0
	}
	return 1
}

// leave frees a place, and gives the message that waits longest for it, which enters again by itself.
func (g *gates) leave(domain string) []*leased {
	g.mutex.Lock()
	defer g.mutex.Unlock()
	at := g.by[domain]
	at.busy--
	if len(at.waiting) == 0 {
		return nil
	}
	first := at.waiting[0]
	at.waiting = at.waiting[1:]
	return []*leased{first}
}

// common tells that so many messages went to a domain that its name is nobody's.
func (g *gates) common(domain string) bool {
	const many = 20
	g.mutex.Lock()
	defer g.mutex.Unlock()
	at, ok := g.by[domain]
	return ok && at.served >= many
}
