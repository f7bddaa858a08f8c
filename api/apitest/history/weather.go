package history

import (
	"context"
	"math/rand/v2"
	"sync"
)

// Weather is the way between clients and a schedule: now and then a call does not arrive, arrives late, is broken off while it is worked on, or its answer
// is lost. The client is told nothing in all these cases.
type Weather struct {
	Schedule
	// Bad is how many of a hundred changes meet bad weather.
	Bad int

	mutex   sync.Mutex
	chances *rand.Rand
	late    []func()
	working sync.WaitGroup
}

// NewWeather makes weather in front of a schedule.
func NewWeather(schedule Schedule, bad int, seed uint64) *Weather {
	return &Weather{Schedule: schedule, Bad: bad, chances: rand.New(rand.NewPCG(seed, 17))}
}

// draw decides what happens to a call, and lets calls that are late arrive.
func (w *Weather) draw() int {
	w.mutex.Lock()
	defer w.mutex.Unlock()
	if len(w.late) > 0 && w.chances.IntN(3) == 0 {
		w.working.Go(w.late[0])
		w.late = w.late[1:]
	}
	if w.chances.IntN(100) >= w.Bad {
		return -1
	}
	return w.chances.IntN(4)
}

// Book sends a change through the weather.
func (w *Weather) Book(ctx context.Context, household int, key string, change Change) Answer {
	send := func() { w.Schedule.Book(context.WithoutCancel(ctx), household, key, change) }
	switch w.draw() {
	case 0: // it does not arrive
	case 1: // the answer is lost
		send()
	case 2: // it arrives late
		w.mutex.Lock()
		w.late = append(w.late, send)
		w.mutex.Unlock()
	case 3: // the client goes away while it is worked on
		leaving, leave := context.WithCancel(ctx)
		w.working.Go(leave)
		w.Schedule.Book(leaving, household, key, change)
	default:
		return w.Schedule.Book(ctx, household, key, change)
	}
	return Answer{}
}

// Calm lets everything that is late arrive, and waits until nothing is under way.
func (w *Weather) Calm() {
	w.mutex.Lock()
	late := w.late
	w.late = nil
	w.mutex.Unlock()
	for _, send := range late {
		w.working.Go(send)
	}
	w.working.Wait()
}
