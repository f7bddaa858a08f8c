package models

import "time"

// Clock tells the time. It is handed in from the top, so that a test can set it and nothing below reads the machine's clock.
type Clock interface {
	// Now is the present instant, in any zone; callers convert to UTC.
	Now() time.Time
}

// Tick is a five-minute step since 1 January 1970 00:00 UTC. Talks start and last whole ticks, and a claim is for one tick.
type Tick int64

// TickLength is the length of one tick.
const TickLength = 5 * time.Minute

// TickAt gives the tick that contains the instant; exact tells whether the instant is the tick's start.
func TickAt(instant time.Time) (tick Tick, exact bool) {
	seconds, step := instant.Unix(), int64(TickLength/time.Second)
	tick = Tick(seconds / step)
	return tick, seconds%step == 0 && instant.Nanosecond() == 0
}

// Time is the start of the tick, in UTC.
func (t Tick) Time() time.Time { return time.Unix(int64(t)*int64(TickLength/time.Second), 0).UTC() }

// Ticks is the number of whole ticks in a number of minutes.
func Ticks(minutes int) Tick { return Tick(minutes / int(TickLength/time.Minute)) }

// TicksUp is a length in minutes as ticks, those that are begun included.
func TicksUp(minutes int) Tick { return Ticks(minutes + int(TickLength/time.Minute) - 1) }

// Minutes is the length of a number of ticks.
func (t Tick) Minutes() int { return int(t) * int(TickLength/time.Minute) }
