package machine

import (
	"context"
	"time"
)

// Clock is the machine's clock. Nothing below this package reads it.
type Clock struct{}

// Now is the present instant.
func (Clock) Now() time.Time { return time.Now() }

// Pause waits for a time, or until the context ends.
func Pause(ctx context.Context, length time.Duration) error {
	timer := time.NewTimer(length)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
