package flood

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/url"
	"slices"
	"sync"
	"sync/atomic"
	"time"
)

// Link is the personal link of a family, and what it asks.
type Link struct {
	Token     string `json:"token"`
	BirthDate string `json:"birth_date"`
	Device    string `json:"device,omitempty"` // the receipt of the telephone that used it first
}

// Options say what comes.
type Options struct {
	// Target is the server, over HTTP without TLS; School the slug of a school that was made for it.
	Target *url.URL
	School string
	// Links are those of its families, Names those of its children.
	Links []Link
	Names []string
	// Rate is how many wrong tries come each second, LogIns how many families by their link.
	Rate, LogIns int
	// For is how long the flood lasts, Alone how long families come by their links without it: half of that before and half after.
	For, Alone time.Duration
	// Rows counts the rows of each table; nil where nobody knows.
	Rows func(context.Context) (map[string]int64, error)
	// Progress takes a line for each part. Nil shows nothing.
	Progress io.Writer
}

// hands is how many tries are under way at most, familiesAtOnce how many log-ins. A server that answers later than this many can wait for is flooded with fewer.
const hands, familiesAtOnce = 1000, 50

// run is a flood under way.
type run struct {
	Options
	tries [][]byte
}

// Check names what is wrong with the options.
func (o *Options) Check() error {
	switch {
	case o.Target.Scheme != "http":
		return errors.New("a flood comes over HTTP without TLS")
	case o.Rate < 1 || o.Rate > 100_000 || o.LogIns < 1 || o.LogIns > 1000:
		return errors.New("there must be from 1 to 100000 tries a second, and from 1 to 1000 log-ins")
	case o.For < time.Second || o.Alone < 2*time.Second:
		return errors.New("the flood must last a second at least, and log-ins alone two")
	}
	return nil
}

// Run lets families come by their links alone, then beside the flood, then alone again.
func Run(ctx context.Context, options Options) (*Report, error) {
	if err := options.Check(); err != nil {
		return nil, err
	}
	r := &run{Options: options}
	if len(r.Links) == 0 || len(r.Names) == 0 {
		return nil, errors.New("a flood needs families with personal links")
	}
	var err error
	if r.tries, err = wrongTries(options); err != nil {
		return nil, err
	}
	if err := r.acquaint(ctx); err != nil {
		return nil, err
	}
	return r.measure(ctx)
}

// measure runs the three parts.
func (r *run) measure(ctx context.Context) (*Report, error) {
	done := &Report{}
	var alone, beside []time.Duration
	var rows []map[string]int64
	for _, part := range []struct {
		what    string
		length  time.Duration
		flooded bool
		took    *[]time.Duration
	}{{"alone", r.Alone / 2, false, &alone}, {"beside the flood", r.For, true, &beside}, {"alone again", r.Alone - r.Alone/2, false, &alone}} {
		counted, err := r.rows(ctx)
		if err != nil {
			return nil, err
		}
		rows = append(rows, counted)
		until := time.Now().Add(part.length)
		var flooding sync.WaitGroup
		if part.flooded {
			flooding.Go(func() { r.flood(ctx, until, done) })
		}
		took := r.logIns(ctx, until, done)
		flooding.Wait()
		*part.took = append(*part.took, took...)
		if r.Progress != nil {
			one := spread(took)
			fmt.Fprintf(r.Progress, "%s: %d log-ins by link, p50 %.1f ms, p99 %.1f ms\n", part.what, one.Count, one.P50, one.P99)
		}
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
	}
	counted, err := r.rows(ctx)
	if err != nil {
		return nil, err
	}
	done.Seconds = r.For.Seconds()
	done.Alone, done.Beside = spread(alone), spread(beside)
	if done.Alone.P99 > 0 {
		done.Ratio = done.Beside.P99 / done.Alone.P99
	}
	done.compare(append(rows, counted))
	return done, nil
}

func (r *run) rows(ctx context.Context) (map[string]int64, error) {
	if r.Rows == nil {
		return nil, nil
	}
	return r.Rows(ctx)
}

// acquaint lets each family in once, so that its telephone is not a new one later, of which its contacts would be told.
func (r *run) acquaint(ctx context.Context) error {
	r.Links = slices.Clone(r.Links)
	one := newCaller(r.Target, nil)
	defer one.close()
	for i := range r.Links {
		sent, err := request(r.Target, r.School, "family/personal-link", r.Links[i])
		if err != nil {
			return err
		}
		status, body, err := one.do(sent)
		if err != nil {
			return err
		}
		var opened struct{ Device string }
		if status != http.StatusCreated || json.Unmarshal(body, &opened) != nil {
			return fmt.Errorf("a personal link does not open: status %d", status)
		}
		r.Links[i].Device = opened.Device
		if ctx.Err() != nil {
			return ctx.Err()
		}
	}
	return nil
}

// paced lets hands do something so many times a second until a moment. work is told which one it is and when it was due, or its hand was free if that was later.
func (r *run) paced(ctx context.Context, hands, rate int, until time.Time, work func(one *caller, number int, due time.Time)) {
	began := time.Now()
	var next atomic.Int64
	var working sync.WaitGroup
	for range hands {
		working.Go(func() {
			one := newCaller(r.Target, nil)
			defer one.close()
			for {
				number := int(next.Add(1)) - 1
				due := began.Add(time.Duration(number) * time.Second / time.Duration(rate))
				if due.After(until) || ctx.Err() != nil {
					return
				}
				if wait := time.Until(due); wait > 0 {
					time.Sleep(wait)
					due = time.Now()
				}
				work(one, number, due)
			}
		})
	}
	working.Wait()
}

// logIns lets families come by their links, one after another, and returns how long each took.
func (r *run) logIns(ctx context.Context, until time.Time, done *Report) []time.Duration {
	var mutex sync.Mutex
	var all []time.Duration
	sent := make([][]byte, len(r.Links))
	for i, link := range r.Links {
		sent[i], _ = request(r.Target, r.School, "family/personal-link", link) // it was sent once already
	}
	r.paced(ctx, familiesAtOnce, r.LogIns, until, func(one *caller, number int, due time.Time) {
		status, _, err := one.do(sent[number%len(sent)])
		took := time.Since(due)
		mutex.Lock()
		defer mutex.Unlock()
		if err != nil || status != http.StatusCreated {
			done.TurnedAwayByLink++
			done.fault("by link: ", status, err)
			return
		}
		all = append(all, took)
	})
	return all
}

// flood sends the wrong tries.
func (r *run) flood(ctx context.Context, until time.Time, done *Report) {
	var mutex sync.Mutex
	errs := &Report{}
	var answered []time.Duration
	r.paced(ctx, hands, r.Rate, until, func(one *caller, number int, due time.Time) {
		status, _, err := one.do(r.tries[number%len(r.tries)])
		took := time.Since(due)
		mutex.Lock()
		defer mutex.Unlock()
		errs.Offered++
		switch {
		case err == nil && status == http.StatusUnauthorized:
			answered = append(answered, took)
		case err == nil && (status == http.StatusServiceUnavailable || status == http.StatusTooManyRequests):
			errs.TurnedAway++
		default:
			errs.fault("", status, err)
		}
	})
	done.Offered, done.TurnedAway, done.Tries = errs.Offered, errs.TurnedAway, spread(answered)
	done.Answered = len(answered)
	done.merge(errs.Errors)
}

// wrongTries makes tries that are wrong: birth dates and postcodes by chance for names of the school, and every fourth a name that nobody has.
func wrongTries(options Options) ([][]byte, error) {
	dice := rand.New(rand.NewPCG(1, 1))
	tries := make([][]byte, 4096)
	for i := range tries {
		name := options.Names[dice.IntN(len(options.Names))]
		if i%4 == 0 {
			name = "Xerxes Nobodaddy"
		}
		born := time.Date(2005, 1, 1, 0, 0, 0, 0, time.UTC).AddDate(0, 0, dice.IntN(5000))
		var err error
		tries[i], err = request(options.Target, options.School, "family/session", map[string]string{
			"name": name, "birth_date": born.Format(time.DateOnly), "postcode": fmt.Sprintf("%d%c%c", 1000+dice.IntN(9000), 'A'+dice.IntN(5), 'A'+dice.IntN(5)),
		})
		if err != nil {
			return nil, err
		}
	}
	return tries, nil
}
