package limiter_test

import (
	"slices"
	"testing"
	"time"

	"github.com/ouderavond/ouderavond/auth/limiter"
)

func TestWhoAsksAllDayLeavesTheFamilyALinkAtEveryMinute(t *testing.T) {
	t.Parallel()
	var sent, until []time.Time
	for minute := range 36 * 60 {
		now := start.Add(time.Duration(minute) * time.Minute)
		for range 5 {
			goes, last := limiter.Send(sent, now)
			if !goes {
				continue
			}
			life := 30 * time.Minute
			if last {
				life = limiter.Kept
			}
			sent, until = append(sent, now), append(until, now.Add(life))
		}
		if !slices.ContainsFunc(until, func(end time.Time) bool { return now.Before(end) }) {
			t.Fatalf("no link lives after %d minutes", minute)
		}
	}
	if !sent[2].Equal(start) || !sent[3].Equal(start.Add(20*time.Minute)) || !sent[11].Equal(start.Add(3*time.Hour)) || !sent[12].Equal(start.Add(24*time.Hour)) {
		t.Errorf("sent at %v", sent)
	}
}
