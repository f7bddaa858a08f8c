package notify

import (
	"context"
	"sync"
	"sync/atomic"
	"time"

	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/errs"
	"github.com/ouderavond/ouderavond/models/store"
)

const (
	// leaseFor is how long a message that was taken, or is being sent, is nobody else's: more than the longest delivery.
	leaseFor = 2 * time.Minute
	// schoolsAtOnce is how many schools are served in a round.
	schoolsAtOnce = 1000
	// leaseAtOnce is how many messages of one school are taken at once, if it is the only one; with many schools each has less, so that none waits long.
	leaseAtOnce, leaseAtLeast = 40, 4
	roundSize                 = 200
	// passes is how often the schools of one look are gone over before it is looked again which have something due: looking reads all that waits.
	passes = 5
)

// queue is one of several, so that what goes slowly does not hold up what goes fast: text messages, for which carriers allow a few in a second, the mails
// of a whole school, and one-time codes, for which somebody is waiting.
type queue struct {
	name    string
	workers int
	wake    chan struct{}
	// batches tells that the queue's messages are begun and written in batches.
	batches bool
	// bulk tells that the queue holds back while families wait.
	bulk bool
	// count tells how many messages of what a school has due are the queue's, and how many of these are never held back.
	count func(due store.Due) (all, pressing int)
	// due lists messages of a school that the queue would take now; with held only those that are never held back.
	due func(tx *store.Tx, limit int, held bool) ([]models.Message, error)
	// handle brings one taken message as far as it goes. more are messages that can go on because of it.
	handle func(ctx context.Context, job *leased) (more []*leased, err error)

	looked int64        // the wake whose look it has seen
	rest   time.Time    // until when it does not look while families wait
	held   atomic.Int64 // how many messages it holds back
}

// leased is a message that a queue has taken.
type leased struct {
	school  models.SchoolID
	message models.Message
	urgent  bool

	// Of a mail that was begun in a batch: that it was, when it was written, and what came of that.
	begun   bool
	written time.Time
	letter  *letter
	failed  error
}

func (d *Dispatcher) newQueues() []*queue {
	limits := d.config.Limits
	sending := func(conditions ...store.Condition) func(*store.Tx, int, bool) ([]models.Message, error) {
		return func(tx *store.Tx, limit int, held bool) ([]models.Message, error) {
			asked := append([]store.Condition{store.In("channel", d.pauses.open(tx.Now()))}, conditions...)
			if held {
				asked = append(asked, store.Pressing(tx.Now().Add(-heldMost)))
			}
			return tx.DueMessages(limit, asked...)
		}
	}
	code := models.MessageCode
	queues := []*queue{
		{
			name: "codes", workers: limits.UrgentAtOnce, due: sending(store.Eq("kind", code)), handle: d.deliver,
			count: func(due store.Due) (int, int) { return due.Codes, due.Codes },
		},
		{
			name: "mail", workers: limits.MailAtOnce, due: sending(store.Not("kind", code), store.Eq("channel", models.ChannelMail)), handle: d.deliver, bulk: true, batches: true,
			count: func(due store.Due) (int, int) { return due.Mail, due.PressingMail },
		},
		{
			name: "sms", workers: limits.SMSAtOnce, due: sending(store.Not("kind", code), store.Eq("channel", models.ChannelSMS)), handle: d.deliver, bulk: true,
			count: func(due store.Due) (int, int) { return due.Texts, due.PressingTexts },
		},
		{
			name: "follow-ups", workers: limits.FollowUpsAtOnce, handle: d.followUp,
			due:   func(tx *store.Tx, limit int, _ bool) ([]models.Message, error) { return tx.FollowUps(limit) },
			count: func(due store.Due) (int, int) { return due.FollowUps, due.FollowUps },
		},
	}
	for _, l := range queues {
		l.wake = make(chan struct{}, 1)
	}
	return queues
}

// drainQueue takes and handles everything that is due in a queue, school by school in turn, and tells how many messages were handled.
func (d *Dispatcher) drainQueue(ctx context.Context, l *queue) (int, error) {
	if ctx.Err() != nil {
		return 0, ctx.Err()
	}
	crew := d.hire(ctx, l)
	err := d.rounds(ctx, l, crew)
	handled, failed := crew.finish()
	if err == nil {
		err = failed
	}
	if err == nil {
		err = ctx.Err()
	}
	return handled, err
}

// rounds goes over the schools that have something due, again and again, until none has, or none that is not held back.
func (d *Dispatcher) rounds(ctx context.Context, l *queue, crew *crew) error {
	for ctx.Err() == nil && !crew.broken() {
		held := l.bulk && d.crowded()
		if held && d.config.Clock.Now().Before(l.rest) {
			return nil
		}
		due, err := d.look(ctx, l)
		if err != nil {
			return err
		}
		l.noteHeld(due, held)
		more, err := d.passes(ctx, l, crew, l.shares(due, held), held)
		switch {
		case err != nil:
			return err
		case held && !more:
			return d.trickleOut(ctx, l, crew, due)
		case !more:
			return nil
		}
	}
	return nil
}

// passes goes over schools until they have nothing left, or so often that it is time to look anew; then more is true.
func (d *Dispatcher) passes(ctx context.Context, l *queue, crew *crew, schools []share, held bool) (more bool, err error) {
	for range passes {
		each := min(max(roundSize/max(1, len(schools)), leaseAtLeast), leaseAtOnce)
		left := schools[:0:0]
		for _, one := range schools {
			if ctx.Err() != nil || crew.broken() {
				return false, nil
			}
			found, err := d.takeShare(ctx, l, crew, share{one.school, min(one.most, each)}, held)
			if err != nil {
				return false, err
			}
			if one.most -= found; found == each && one.most > 0 {
				left = append(left, one)
			}
		}
		if schools = left; len(left) == 0 {
			return false, nil
		}
	}
	return true, nil
}

// takeShare takes messages of one school and gives them to the crew; it tells how many there were to take.
func (d *Dispatcher) takeShare(ctx context.Context, l *queue, crew *crew, of share, held bool) (int, error) {
	var found []models.Message
	err := d.scope(of.school).Read(ctx, func(tx *store.Tx) (err error) {
		found, err = l.due(tx, of.most, held)
		return err
	})
	if err != nil || len(found) == 0 {
		return 0, gone(err)
	}
	for i := range found {
		if found[i].State == models.MessageSending {
			found[i].Problem = models.ProblemInterrupted // its sender died, and it may have gone
		}
	}
	var jobs []*leased
	if l.batches {
		jobs, err = d.beginBatch(ctx, of.school, found)
		if err == nil {
			if err = d.composeBatch(ctx, of.school, jobs); err != nil {
				d.releaseAll(ctx, jobs)
			}
		}
	} else {
		jobs, err = d.lease(ctx, of.school, found)
	}
	if err != nil {
		return 0, gone(err)
	}
	for _, j := range jobs {
		crew.give(j)
	}
	return len(found), nil
}

// lease takes due messages of a school, so that nobody else sends them meanwhile. That they are being sent is written later, one by one: a message that was
// only taken when the program died is simply taken again.
func (d *Dispatcher) lease(ctx context.Context, school models.SchoolID, found []models.Message) (jobs []*leased, err error) {
	err = d.scope(school).Write(ctx, func(tx *store.Tx) error {
		jobs = jobs[:0]
		until := tx.Now().Add(leaseFor)
		for _, message := range found {
			before := message
			message.LeasedUntil = &until
			mine, err := tx.Advance(before, &message, "leased_until")
			if err != nil {
				return err
			}
			if mine {
				jobs = append(jobs, &leased{school: school, message: message, urgent: message.Kind == models.MessageCode})
			}
		}
		return nil
	})
	return jobs, err
}

// release gives a message back that was taken and not handed over.
func (d *Dispatcher) release(ctx context.Context, j *leased) error {
	return gone(d.scope(j.school).Write(ctx, func(tx *store.Tx) error {
		free := j.message
		free.LeasedUntil = nil
		if j.begun {
			free.State = models.MessageQueued
			j.untried(&free)
		}
		_, err := tx.Advance(j.message, &free, "state", "attempts", "leased_until")
		return err
	}))
}

// releaseAll gives messages back for which the database failed in the middle, so that they go when it is well and not when their lease is over. If this fails too
// the lease has to do.
func (d *Dispatcher) releaseAll(ctx context.Context, jobs []*leased) {
	for _, j := range jobs {
		_ = d.release(context.WithoutCancel(ctx), j)
	}
}

// gone leaves out that a message went by meanwhile: its school was wiped, or its household or contact is gone.
func gone(err error) error {
	if err != nil && errs.KindOf(err) == errs.NotFound {
		return nil
	}
	return err
}

// crew are the workers of a queue while it drains.
type crew struct {
	jobs    chan *leased
	working sync.WaitGroup

	mutex   sync.Mutex
	handled int
	failed  error
}

func (d *Dispatcher) hire(ctx context.Context, l *queue) *crew {
	c := &crew{jobs: make(chan *leased)}
	for range l.workers {
		c.working.Go(func() {
			for first := range c.jobs {
				for todo := []*leased{first}; len(todo) > 0; todo = todo[1:] {
					if ctx.Err() != nil {
						c.note(0, d.release(context.WithoutCancel(ctx), todo[0]))
						continue
					}
					// A message that was begun is brought to its end even if the program is stopping.
					more, err := l.handle(context.WithoutCancel(ctx), todo[0])
					todo = append(todo, more...)
					c.note(1, err)
				}
			}
		})
	}
	return c
}

func (c *crew) give(j *leased) { c.jobs <- j }

func (c *crew) note(handled int, err error) {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	c.handled += handled
	if err != nil && c.failed == nil {
		c.failed = err
	}
}

// broken tells that the database failed a worker: then nothing more is taken for now.
func (c *crew) broken() bool {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	return c.failed != nil
}

// finish waits until everything that was given is handled.
func (c *crew) finish() (int, error) {
	close(c.jobs)
	c.working.Wait()
	return c.handled, c.failed
}
