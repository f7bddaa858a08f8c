package notify

import (
	"context"
	"sync"
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
	leaseAtOnce, leaseAtLeast = 20, 4
	roundSize                 = 200
	// passes is how often the schools of one look are gone over before it is looked again which have something due: looking reads all that waits.
	passes = 5
)

// lane is a queue of its own, so that what goes slowly does not hold up what goes fast: text messages, for which carriers allow a few in a second, the mails
// of a whole school, and one-time codes, for which somebody is waiting.
type lane struct {
	name    string
	workers int
	wake    chan struct{}
	// due lists messages of a school that the lane would take now.
	due func(tx *store.Tx, limit int) ([]models.Message, error)
	// handle brings one taken message as far as it goes. more are messages that can go on because of it.
	handle func(ctx context.Context, job *job) (more []*job, err error)
}

// job is a message that a lane has taken.
type job struct {
	school  models.SchoolID
	message models.Message
	urgent  bool
}

func (d *Dispatcher) newLanes() []*lane {
	limits := d.config.Limits
	sending := func(conditions ...store.Condition) func(*store.Tx, int) ([]models.Message, error) {
		return func(tx *store.Tx, limit int) ([]models.Message, error) {
			open := store.In("channel", d.pauses.open(tx.Now()))
			return tx.DueMessages(limit, append([]store.Condition{open}, conditions...)...)
		}
	}
	code := models.MessageCode
	lanes := []*lane{
		{name: "codes", workers: limits.UrgentAtOnce, due: sending(store.Eq("kind", code)), handle: d.deliver},
		{name: "mail", workers: limits.MailAtOnce, due: sending(store.Not("kind", code), store.Eq("channel", models.ChannelMail)), handle: d.deliver},
		{name: "sms", workers: limits.SMSAtOnce, due: sending(store.Not("kind", code), store.Eq("channel", models.ChannelSMS)), handle: d.deliver},
		{name: "follow-ups", workers: limits.FollowUpsAtOnce, due: func(tx *store.Tx, limit int) ([]models.Message, error) { return tx.FollowUps(limit) }, handle: d.followUp},
	}
	for _, l := range lanes {
		l.wake = make(chan struct{}, 1)
	}
	return lanes
}

// drainLane takes and handles everything that is due in a lane, school by school in turn, and tells how many messages were handled.
func (d *Dispatcher) drainLane(ctx context.Context, l *lane) (int, error) {
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

// rounds goes over the schools that have something due, again and again, until none has.
func (d *Dispatcher) rounds(ctx context.Context, l *lane, crew *crew) error {
	installation := d.config.Store.Installation(models.Actor{Kind: models.ActorSystem, Reason: "outbox"})
	for ctx.Err() == nil && !crew.broken() {
		schools, err := installation.DueSchools(ctx, schoolsAtOnce)
		if err != nil || len(schools) == 0 {
			return err
		}
		for pass := range passes {
			taken, err := d.pass(ctx, l, crew, schools)
			if err != nil {
				return err
			}
			if taken == 0 && pass == 0 {
				return nil
			}
			if taken == 0 {
				break
			}
		}
	}
	return nil
}

// pass takes a share of what each school has due, and tells how much that was.
func (d *Dispatcher) pass(ctx context.Context, l *lane, crew *crew, schools []models.SchoolID) (taken int, err error) {
	share := min(max(roundSize/len(schools), leaseAtLeast), leaseAtOnce)
	for _, school := range schools {
		if ctx.Err() != nil || crew.broken() {
			return 0, nil
		}
		leased, err := d.lease(ctx, l, school, share)
		if err != nil {
			return taken, err
		}
		taken += len(leased)
		for i := range leased {
			crew.give(&job{school: school, message: leased[i], urgent: leased[i].Kind == models.MessageCode})
		}
	}
	return taken, nil
}

// lease takes due messages of a school, so that nobody else sends them meanwhile. That they are being sent is written later, one by one: a message that was
// only taken when the program died is simply taken again.
func (d *Dispatcher) lease(ctx context.Context, l *lane, school models.SchoolID, limit int) ([]models.Message, error) {
	var found, leased []models.Message
	err := d.scope(school).Read(ctx, func(tx *store.Tx) (err error) {
		found, err = l.due(tx, limit)
		return err
	})
	if err != nil || len(found) == 0 {
		return nil, gone(err)
	}
	err = d.scope(school).Write(ctx, func(tx *store.Tx) error {
		leased = leased[:0]
		until := tx.Now().Add(leaseFor)
		for _, message := range found {
			before := message
			message.LeasedUntil = &until
			mine, err := tx.Advance(before, &message, "leased_until")
			if err != nil {
				return err
			}
			if mine {
				leased = append(leased, message)
			}
		}
		return nil
	})
	return leased, gone(err)
}

// release gives a message back that was taken and not begun.
func (d *Dispatcher) release(ctx context.Context, j *job) error {
	return gone(d.scope(j.school).Write(ctx, func(tx *store.Tx) error {
		free := j.message
		free.LeasedUntil = nil
		_, err := tx.Advance(j.message, &free, "leased_until")
		return err
	}))
}

// gone leaves out that a message went by meanwhile: its school was wiped, or its household or contact is gone.
func gone(err error) error {
	if err != nil && errs.KindOf(err) == errs.NotFound {
		return nil
	}
	return err
}

// crew are the workers of a lane while it drains.
type crew struct {
	jobs    chan *job
	working sync.WaitGroup

	mutex   sync.Mutex
	handled int
	failed  error
}

func (d *Dispatcher) hire(ctx context.Context, l *lane) *crew {
	c := &crew{jobs: make(chan *job)}
	for range l.workers {
		c.working.Go(func() {
			for first := range c.jobs {
				for todo := []*job{first}; len(todo) > 0; todo = todo[1:] {
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

func (c *crew) give(j *job) { c.jobs <- j }

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
