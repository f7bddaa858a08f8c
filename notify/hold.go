package notify

import (
	"context"
	"sync"
	"sync/atomic"
	"time"

	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/store"
)

// Families first. While a crowd of them waits for the program, whatever nobody looks at the screen for is sent at a trickle: the processor and the one writer
// of the database are theirs. Each message is held back for so long at most, so that a crowd that stays delays the mail by that and no more.
const (
	// heldMost is how long a message is held back at most, from when it was queued. It is as long as people take to look for the mail, and long enough that
	// who changes a booking at once gets one mail and not two.
	heldMost = 30 * time.Second
	// trickleEvery and trickle are how many messages go all the same, so that whoever tries it out sees mail flow: about a hundredth of a processor.
	trickleEvery, trickle = time.Second, 5
)

// crowded tells whether families wait.
func (d *Dispatcher) crowded() bool { return d.config.Crowded != nil && d.config.Crowded() }

// looks is what was due when it was last looked, so that queues that were woken together look once: a look reads all that waits.
type looks struct {
	wakes atomic.Int64 // how often the queues were woken

	mutex sync.Mutex
	after int64 // the wake that the look came after
	due   []store.Due
}

// look tells what each school has due.
func (d *Dispatcher) look(ctx context.Context, l *queue) ([]store.Due, error) {
	d.looks.mutex.Lock()
	defer d.looks.mutex.Unlock()
	wake := d.looks.wakes.Load()
	if l.looked < wake && d.looks.after == wake {
		l.looked = wake // what came later wakes the queue once more
		return d.looks.due, nil
	}
	installation := d.config.Store.Installation(models.Actor{Kind: models.ActorSystem, Reason: "outbox"})
	due, err := installation.Due(ctx, d.config.Clock.Now().Add(-heldMost), schoolsAtOnce)
	if err == nil {
		d.looks.after, d.looks.due, l.looked = wake, due, wake
	}
	return due, err
}

// share is what a queue may take of a school.
type share struct {
	school models.SchoolID
	most   int
}

// shares gives what each school has for the queue.
func (l *queue) shares(due []store.Due, held bool) []share {
	var list []share
	for _, one := range due {
		all, pressing := l.count(one)
		if held {
			all = pressing
		}
		if all > 0 {
			list = append(list, share{one.SchoolID, all})
		}
	}
	return list
}

// noteHeld notes how many messages a queue holds back.
func (l *queue) noteHeld(due []store.Due, held bool) {
	count := 0
	for _, one := range due {
		if all, pressing := l.count(one); held {
			count += all - pressing
		}
	}
	l.held.Store(int64(count))
}

// trickleOut takes a few of the messages that are held back, the longest due first, and tells the queue when it may again.
func (d *Dispatcher) trickleOut(ctx context.Context, l *queue, crew *crew, due []store.Due) error {
	l.rest = d.config.Clock.Now().Add(trickleEvery)
	left := trickle
	for _, one := range l.shares(due, false) {
		if left <= 0 || ctx.Err() != nil || crew.broken() {
			return nil
		}
		found, err := d.takeShare(ctx, l, crew, share{one.school, min(one.most, left)}, false)
		if err != nil {
			return err
		}
		left -= found
	}
	return nil
}
