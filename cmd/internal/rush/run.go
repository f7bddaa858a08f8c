package rush

import (
	"context"
	cryptorand "crypto/rand"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// run is a rush under way.
type run struct {
	options  Options
	context  context.Context
	name     string // begins the keys of all its bookings
	targets  []target
	schools  []*runSchool
	families []*runFamily
	ledger   *ledger
	progress progress
	clients  []*client
}

// Run lets all families come, and then compares the schedule with what they were told, if there is an office that may read it. The report is there, too, if
// the audit fails or the rush was interrupted; the error tells that it could not be made, or that the audit or the journal could not.
func Run(ctx context.Context, families *Families, office *Office, options Options) (*Report, error) {
	if err := options.Check(); err != nil {
		return nil, err
	}
	r, err := newRun(ctx, families, options)
	if err != nil {
		return nil, err
	}
	started := header{Version: journalVersion, Started: time.Now().UTC(), Before: map[int][]string{}}
	for i, school := range families.Schools {
		started.Schools = append(started.Schools, journaled{school.Slug, school.Conference})
		if office == nil {
			continue
		}
		rows, err := office.schedule(ctx, school.Slug, school.Conference)
		if err != nil {
			return nil, err
		}
		for _, row := range rows {
			started.Before[i] = append(started.Before[i], row.ID)
		}
	}
	for _, one := range options.Targets {
		started.Targets = append(started.Targets, one.String())
	}
	r.ledger = newLedger(started, options.Journal)
	if options.Bookings {
		if err := r.prepare(); err != nil {
			return nil, err
		}
	}
	report, spent, err := r.drive()
	if err != nil {
		return nil, err
	}
	if office != nil {
		r.drain(office, families, report, spent)
		// Also after an interruption: what was acknowledged until then must be there.
		report.Audit, err = audit(context.WithoutCancel(ctx), r.ledger, office)
	}
	return report, errors.Join(err, r.ledger.failed)
}

func newRun(ctx context.Context, families *Families, options Options) (*run, error) {
	r := &run{options: options, context: ctx, name: "rush-" + strings.ToLower(cryptorand.Text()[:8])}
	for _, one := range options.Targets {
		r.targets = append(r.targets, newTarget(one))
	}
	for i := range families.Schools {
		school := newRunSchool(i, &families.Schools[i])
		if options.Bookings {
			school.taken = &taken{}
		}
		r.schools = append(r.schools, school)
		for _, family := range families.Schools[i].Families {
			made, err := newRunFamily(school, family)
			if err != nil {
				return nil, err
			}
			r.families = append(r.families, made)
		}
	}
	if len(r.families) == 0 {
		return nil, errors.New("there are no families")
	}
	dice := rand.New(rand.NewPCG(options.Seed, 1))
	dice.Shuffle(len(r.families), func(i, j int) { r.families[i], r.families[j] = r.families[j], r.families[i] })
	for i := range min(options.Clients, len(r.families)) {
		r.clients = append(r.clients, &client{run: r, target: i % len(r.targets), dice: rand.New(rand.NewPCG(options.Seed, uint64(i)+2))})
	}
	return r, nil
}

func (r *run) stopped() bool { return r.context.Err() != nil }

// pause waits, or less if the rush is stopped.
func (r *run) pause(length time.Duration) {
	timer := time.NewTimer(length)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-r.context.Done():
	}
}

// idleMost is how long a connection may rest before a new family gets a new one: servers and proxies close those that rest.
const idleMost = 20 * time.Second

// eveningOf puts a family on a client.
func (r *run) eveningOf(c *client, number int) *evening {
	if c.conn != nil && time.Since(c.conn.used) > idleMost {
		c.drop()
	}
	family := r.families[number]
	v := &evening{client: c, school: family.school, number: number, family: family}
	v.taste = taste{talks: r.options.Talks, kind: family.school.popular, dice: c.dice, taken: family.school.taken}
	v.taste.hot = c.dice.Float64() < r.options.SameTeachers
	v.session.token = family.token
	return v
}

// each lets all clients work through all families. A family begins when its time has come and a client is free.
func (r *run) each(at func(number int) time.Duration, began time.Time, visit func(c *client, number int)) {
	var next atomic.Int64
	var working sync.WaitGroup
	for _, one := range r.clients {
		working.Go(func() {
			for !r.stopped() {
				number := int(next.Add(1)) - 1
				if number >= len(r.families) {
					return
				}
				if wait := time.Until(began.Add(at(number))); wait > 0 {
					r.pause(wait)
				}
				visit(one, number)
			}
		})
	}
	working.Wait()
}

// prepare logs everybody in and lets them choose, outside of what is measured.
func (r *run) prepare() error {
	var failed atomic.Int64
	r.each(func(int) time.Duration { return 0 }, time.Now(), func(c *client, number int) {
		v := r.eveningOf(c, number)
		list, ok := []request(nil), v.enter()
		if ok {
			list, ok = v.choose()
		}
		if !ok {
			failed.Add(1)
		}
		for i := range list {
			list[i].options = nil // they point into an answer that is overwritten
		}
		r.families[number].token, r.families[number].requests = v.session.token, list
	})
	for _, one := range r.clients {
		if one.conn != nil {
			one.count()
		}
		one.stats = stats{}
	}
	if failed.Load() > 0 {
		return fmt.Errorf("%d of %d families could not be prepared", failed.Load(), len(r.families))
	}
	return nil
}

// drive is the rush itself.
func (r *run) drive() (*Report, *costs, error) {
	times, err := arrivals(r.options.Arrive, len(r.families), r.options.Over, rand.New(rand.NewPCG(r.options.Seed, 0)))
	if err != nil {
		return nil, nil, err
	}
	costs := measure(r.options.Servers)
	stopShowing := r.show()
	began := time.Now()
	r.each(func(number int) time.Duration { return times[number] }, began, func(c *client, number int) {
		r.progress.arrived.Add(1)
		served := false
		switch v := r.eveningOf(c, number); {
		case r.options.Pages:
			served = v.allByPages()
		case r.options.Bookings:
			_, served = v.bookAll(v.family.requests)
		default:
			served = v.all()
		}
		if served {
			c.stats.served++
		} else {
			c.stats.unserved++
		}
		c.stats.took[stepWhole] = append(c.stats.took[stepWhole], time.Since(began)-times[number])
		r.progress.done.Add(1)
	})
	took := time.Since(began)
	costs.stop()
	stopShowing()
	var all stats
	for _, one := range r.clients {
		one.drop()
		all.add(&one.stats)
	}
	return r.report(&all, took, costs), costs, nil
}

// show writes a line of progress every second, until the returned function is called.
func (r *run) show() (stop func()) {
	if r.options.Progress == nil {
		return func() {}
	}
	done := make(chan struct{})
	var showing sync.WaitGroup
	showing.Go(func() {
		ticker := time.NewTicker(time.Second)
		defer ticker.Stop()
		before := int64(0)
		for second := 1; ; second++ {
			select {
			case <-ticker.C:
			case <-done:
				return
			}
			p := &r.progress
			now := p.done.Load()
			fmt.Fprintf(r.options.Progress, "%4d s  %d of %d families, %d in this second, %d appointments, %d conflicts, %d errors\n",
				second, now, len(r.families), now-before, p.booked.Load(), p.conflicts.Load(), p.errors.Load())
			before = now
		}
	})
	return func() { close(done); showing.Wait() }
}
