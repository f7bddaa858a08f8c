package parent

import (
	"context"
	"net/netip"
	"slices"
	"sync"
	"time"

	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/budget"
	"github.com/ouderavond/ouderavond/models/errs"
)

// What one address may ask for, and what waits at one school.
const (
	// perSecond is how many tries a second come from one address at most, in a burst too; where families of today come from, so many times as much.
	perSecond, homesTimes = 20, 10
	// heldAddresses bounds what is remembered of addresses.
	heldAddresses = 50_000
	// triesAtOnce is how many tries of one school's public form are under way. Each holds a connection while it waits for its turn, and half of the connections that
	// write to PostgreSQL are left to codes, links, staff and bookings. triesWaiting is how many wait for that, which is about a second of work: when booking opens
	// for everybody, a queue of fifty turned every fourth family away for five seconds.
	triesAtOnce, triesWaiting = 8, 400
	// wrongMost bounds how many failures of a school's form are remembered; each log-in wipes out wrongForgiven of them. From wrongMany on one try is under way at a
	// time, so that whoever comes by a link waits for one try and not for eight. Families at an opening fail once in ten tries and never come near it.
	wrongMost, wrongMany, wrongForgiven = 64, 32, 4
)

// rates turns away who tries too often from one address, before anything is read. It is of this program alone and forgotten with it: it bounds work, not guesses.
type rates struct {
	mutex sync.Mutex
	of    map[string]*rate
}

type rate struct {
	left    float64
	at      time.Time
	homesAt time.Time // when a household last got in from there
}

// allow counts a try and reports whether it may go on. An address that stands for nobody in particular, this machine's own or none, always may.
func (r *rates) allow(address netip.Addr, now time.Time) bool {
	if !address.IsValid() || address.IsLoopback() {
		return true
	}
	r.mutex.Lock()
	defer r.mutex.Unlock()
	one := r.get(address, now)
	most := float64(perSecond)
	if now.Before(one.homesAt.Add(24 * time.Hour)) {
		most *= homesTimes
	}
	one.left = min(most, one.left+most*max(0, now.Sub(one.at).Seconds()))
	one.at = now
	if one.left < 1 {
		return false
	}
	one.left--
	return true
}

func (r *rates) get(address netip.Addr, now time.Time) *rate {
	name := budget.Network(address)
	if one := r.of[name]; one != nil {
		return one
	}
	if len(r.of) >= heldAddresses {
		for name, old := range r.of {
			if now.Sub(old.at) > time.Second && now.Sub(old.homesAt) > time.Hour {
				delete(r.of, name)
			}
		}
	}
	if r.of == nil || len(r.of) >= heldAddresses {
		r.of = map[string]*rate{}
	}
	one := &rate{left: perSecond, at: now}
	r.of[name] = one
	return one
}

// home notes that a household got in from an address.
func (r *rates) home(address netip.Addr, now time.Time) {
	if !address.IsValid() || address.IsLoopback() {
		return
	}
	r.mutex.Lock()
	defer r.mutex.Unlock()
	one := r.get(address, now)
	if now.Sub(one.homesAt) > 24*time.Hour {
		one.left = perSecond * homesTimes
	}
	one.homesAt = now
}

// queues hold the tries of each school's public form, so that a flood of them keeps nobody else waiting: codes, links, known devices, staff and bookings never
// stand in it.
type queues struct {
	mutex sync.Mutex
	of    map[models.SchoolID]*queue
}

// queue is of one school.
type queue struct {
	underWay int
	waiting  []chan struct{} // closed when the turn of whoever waits has come
	wrong    int             // how many tries failed of late
}

// end is how a try ended.
type end int

const (
	endedOtherwise end = iota
	endedIn
	endedWrong
)

// comeBack is when somebody for whom there is no place may try again.
const comeBack = 5 * time.Second

// enter waits for a place, and returns how to leave it. The error is errs.TooMany, code "busy", if too many wait already: it is the flood's fault and not the
// program's, so it must not count among failures.
func (q *queues) enter(ctx context.Context, school models.SchoolID) (leave func(end), err error) {
	q.mutex.Lock()
	if q.of == nil {
		q.of = map[models.SchoolID]*queue{}
	}
	line := q.of[school]
	if line == nil {
		line = &queue{}
		q.of[school] = line
	}
	if len(line.waiting) >= triesWaiting {
		q.mutex.Unlock()
		return nil, &errs.Error{Kind: errs.TooMany, Code: errs.CodeBusy, RetryAfter: comeBack}
	}
	turn := make(chan struct{})
	line.waiting = append(line.waiting, turn)
	line.letIn()
	q.mutex.Unlock()
	select {
	case <-turn:
		return func(how end) { q.leave(school, line, how) }, nil
	case <-ctx.Done():
		q.giveUp(school, line, turn)
		return nil, errs.Because(errs.Unavailable, "cancelled", ctx.Err())
	}
}

// letIn lets those in whose turn has come.
func (l *queue) letIn() {
	most := triesAtOnce
	if l.wrong >= wrongMany {
		most = 1
	}
	for l.underWay < most && len(l.waiting) > 0 {
		l.underWay++
		close(l.waiting[0])
		l.waiting = l.waiting[1:]
	}
}

func (q *queues) leave(school models.SchoolID, line *queue, how end) {
	q.mutex.Lock()
	defer q.mutex.Unlock()
	line.underWay--
	switch how {
	case endedIn:
		line.wrong = max(line.wrong-wrongForgiven, 0)
	case endedWrong:
		line.wrong = min(line.wrong+1, wrongMost)
	case endedOtherwise: // says nothing of who comes
	}
	line.letIn()
	if line.underWay == 0 && line.wrong == 0 {
		delete(q.of, school)
	}
}

// giveUp takes a caller that went away out of the queue, or frees the place that it was given meanwhile.
func (q *queues) giveUp(school models.SchoolID, line *queue, turn chan struct{}) {
	q.mutex.Lock()
	at := slices.Index(line.waiting, turn)
	if at >= 0 {
		line.waiting = slices.Delete(line.waiting, at, at+1)
	}
	q.mutex.Unlock()
	if at < 0 {
		q.leave(school, line, endedOtherwise)
	}
}
