package server

import (
	"sync"
	"time"
)

// wakePause is how long the outbox is left alone after it was woken: on an opening evening each of a thousand bookings wakes it, and each time it looks over
// everything that waits. A one-time code may come that much later.
const wakePause = 200 * time.Millisecond

// paced lets a signal through at once, and after that one in each pause: those that come meanwhile are passed on as one, at its end.
func paced(pause time.Duration, signal func()) func() {
	var mutex sync.Mutex
	var resting, again bool
	var rest func()
	rest = func() {
		mutex.Lock()
		more := again
		resting, again = more, false
		mutex.Unlock()
		if more {
			time.AfterFunc(pause, rest)
			signal()
		}
	}
	return func() {
		mutex.Lock()
		first := !resting
		resting, again = true, !first
		mutex.Unlock()
		if first {
			time.AfterFunc(pause, rest)
			signal()
		}
	}
}
