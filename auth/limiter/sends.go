package limiter

import "time"

// The messages with a code that a household is sent: some at once, then one every so often, and no more than so many in a day.
const (
	SendsAtOnce = 3
	SendEvery   = 20 * time.Minute
	SendsInADay = 12
)

// Send says whether one more message may be sent to a household, given when the earlier ones were, by time. last is set if it is the last that fits into the
// day: that one says so, and what it holds lives until more may be sent, so that whoever spends a household's messages hands it its way in.
func Send(sent []time.Time, now time.Time) (goes, last bool) {
	var misses []Miss
	for _, at := range sent {
		if at.After(now.Add(-Kept)) {
			misses = append(misses, Miss{At: at, Cost: 1})
		}
	}
	one := SendEvery.Microseconds()
	if walk(misses, now, one, 1)+one > SendsAtOnce*one {
		return false, false
	}
	return len(misses) < SendsInADay, len(misses) == SendsInADay-1
}
