package storetest

import (
	"sync"
	"time"
)

// Start is the instant at which the clock of a new database stands: a Monday evening in November, UTC.
func Start() time.Time { return time.Date(2026, time.November, 2, 18, 0, 0, 0, time.UTC) }

// Clock is a models.Clock that stands still until it is moved. It is safe for concurrent use.
type Clock struct {
	mutex sync.Mutex
	now   time.Time
}

// NewClock gives a clock that stands at an instant.
func NewClock(now time.Time) *Clock { return &Clock{now: now} }

// Now is where the clock stands.
func (c *Clock) Now() time.Time {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	return c.now
}

// Set moves the clock to an instant, backwards too.
func (c *Clock) Set(now time.Time) {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	c.now = now
}

// Advance moves the clock on and gives where it stands then.
func (c *Clock) Advance(by time.Duration) time.Time {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	c.now = c.now.Add(by)
	return c.now
}
