package main

import (
	"context"
	"fmt"
	"net/http"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/ouderavond/ouderavond/cmd/internal/cmdtest"
	"github.com/ouderavond/ouderavond/cmd/internal/demo"
)

// booker books and cancels one talk of one family again and again, and notes what it was told.
type booker struct {
	*familySession
	pupil, kind, staff string
	start              time.Time
	appointment        string // that stands, as far as the server said; empty if none
	acts               atomic.Int64
	faults             []string
	patient            bool         // it sends a request again, once, whose connection was closed under it
	again              atomic.Int64 // how often it did
	acted              chan struct{}
	ended              chan struct{}
}

// newBooker takes the family's first child and one of its free times.
func newBooker(t *testing.T, p *familySession, nth int) *booker {
	t.Helper()
	var family familyView
	if status, err := p.send(http.MethodGet, "", nil, &family); err != nil || status != http.StatusOK {
		t.Fatalf("family: %d %v", status, err)
	}
	talk := family.Children[0].Talks[0]
	b := &booker{familySession: p, acted: make(chan struct{}, 1), pupil: family.Children[0].ID, kind: talk.TalkKind, staff: talk.Options[0].Staff[0].ID}
	b.start = talk.Options[0].Free[nth%len(talk.Options[0].Free)].Start
	return b
}

// run goes on until it is told to stop. Whatever is not an answer of the product is a fault.
func (b *booker) run(ctx context.Context) {
	for ctx.Err() == nil {
		body := map[string]any{"accept_walking": true, "make": []any{map[string]any{"pupil": b.pupil, "talk_kind": b.kind, "staff": []string{b.staff}, "start": b.start}}}
		if b.appointment != "" {
			body = map[string]any{"cancel": []any{map[string]any{"appointment": b.appointment}}}
		}
		var made struct{ Appointments []struct{ ID string } }
		b.key = fmt.Sprintf("%s-%d", b.pupil, b.acts.Load())
		status, err := b.send(http.MethodPost, "/bookings", body, &made)
		if err != nil && status == 0 && b.patient {
			// Nobody has read the request, or its key tells that it was done.
			b.again.Add(1)
			status, err = b.send(http.MethodPost, "/bookings", body, &made)
		}
		if err != nil || status != http.StatusCreated {
			b.faults = append(b.faults, fmt.Sprintf("after %d acts: status %d, %v", b.acts.Load(), status, err))
			return
		}
		b.appointment = ""
		if len(made.Appointments) == 1 {
			b.appointment = made.Appointments[0].ID
		}
		b.acts.Add(1)
		select {
		case b.acted <- struct{}{}:
		default:
		}
	}
}

// check compares what stands with what was acknowledged.
func (b *booker) check(t *testing.T) {
	t.Helper()
	var family familyView
	if status, err := b.send(http.MethodGet, "", nil, &family); err != nil || status != http.StatusOK {
		t.Fatalf("family: %d %v", status, err)
	}
	switch {
	case b.appointment == "" && len(family.Appointments) != 0:
		t.Errorf("an appointment stands that was cancelled")
	case b.appointment != "" && (len(family.Appointments) != 1 || family.Appointments[0].ID != b.appointment):
		t.Errorf("the appointment that was acknowledged is not there")
	}
}

// bookers are families of both schools, each booking for itself; every other one with a new connection for each request.
func bookers(t *testing.T, p *program, notes *demo.Notes) []*booker {
	t.Helper()
	var all []*booker
	seen := map[string]bool{}
	for _, school := range notes.Schools {
		for i, login := range school.Logins {
			if login.Name == "" || login.BirthDate == "" || login.Postcode == "" || i > 2 {
				continue
			}
			family := logIn(t, p.address, school, login)
			family.client.Transport.(*http.Transport).DisableKeepAlives = len(all)%2 == 1
			b := newBooker(t, family, 3*len(all))
			if key := b.staff + b.start.String(); !seen[key] && !seen[b.pupil] {
				seen[key], seen[b.pupil] = true, true
				all = append(all, b)
			}
		}
	}
	if len(all) < 3 {
		t.Fatalf("only %d families", len(all))
	}
	return all
}

// whileBooking lets families book while something is done to the server, and then holds what stands against what they were told.
func whileBooking(t *testing.T, all []*booker, what func()) {
	t.Helper()
	ctx, stop := context.WithCancel(context.Background())
	var running sync.WaitGroup
	for _, b := range all {
		b.ended = make(chan struct{})
		running.Go(func() {
			defer close(b.ended)
			b.run(ctx)
		})
	}
	busy(t, all)
	what()
	busy(t, all)
	stop()
	running.Wait()
	acts, again := int64(0), int64(0)
	for _, b := range all {
		acts, again = acts+b.acts.Load(), again+b.again.Load()
		for _, fault := range b.faults {
			t.Errorf("refused or lost: %s", fault)
		}
		b.check(t)
	}
	t.Logf("%d acts of %d families; %d were sent again", acts, len(all), again)
}

// busy waits until every family has booked some times more, or has failed to.
func busy(t *testing.T, all []*booker) {
	t.Helper()
	late := time.After(cmdtest.WaitFor)
	for _, b := range all {
		goal := b.acts.Load() + 5
		for going := true; going && b.acts.Load() < goal; {
			select {
			case <-b.acted:
			case <-b.ended:
				going = false
			case <-late:
				t.Fatalf("bookings: not within %s", cmdtest.WaitFor)
			}
		}
	}
}
