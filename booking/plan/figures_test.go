package plan_test

import (
	"runtime"
	"testing"
	"time"

	"github.com/ouderavond/ouderavond/booking/plan"
	"github.com/ouderavond/ouderavond/booking/plan/invent"
)

// TestEveningFigures plans the seeded schools by the clock and prints what docs/planning.md reports:
//
//	go test ./booking/plan -run EveningFigures -v -args -long
func TestEveningFigures(t *testing.T) {
	if !*long {
		t.Skip("takes nine minutes; run with -args -long")
	}
	for _, school := range []struct {
		name     string
		instance plan.Instance
		seconds  int
		open     float64 // weight that may stay between plan and bound
	}{
		{"primary-1", sample(t, "primary-1"), 5, 0}, {"primary, seed 2", invent.Primary(2), 5, 0}, {"secondary-1", sample(t, "secondary-1"), 60, 0},
		{"usual, seed 1", invent.Secondary(1, invent.Usual), 60, 0}, {"wide, seed 1", invent.Secondary(1, invent.Wide), 60, 0},
		{"tight, seed 1", invent.Secondary(1, invent.Tight), 60, 0}, {"big, seed 1", invent.Secondary(1, invent.Big), 120, 0}, {"joined, seed 1", invent.Secondary(1, invent.Joined), 120, 1},
	} {
		begin := time.Now()
		var first time.Duration
		var last plan.Progress
		_, v := solved(t, school.instance, plan.Options{
			Seed: 1, Stop: func() bool { return time.Since(begin) > time.Duration(school.seconds)*time.Second },
			Spent: func() float64 { return time.Since(begin).Seconds() / float64(school.seconds) },
			Progress: func(p plan.Progress) {
				if last = p; first == 0 {
					first = time.Since(begin)
				}
			},
		})
		var memory runtime.MemStats
		runtime.ReadMemStats(&memory)
		t.Logf("%-16s %4d wishes: first plan %v, after %d s cost %.2f, bound %.2f, minutes part %.2f %% above; weight %g not met, bound %g; %d wait over 30; %d + %d steps; %d MB",
			school.name, v.Requests, first.Round(time.Millisecond), school.seconds, v.Cost, v.BoundCost, v.MinutesAboveLeast, v.DroppedWeight, v.BoundDropped,
			v.OverThirty, last.Steps, last.BoundSteps, memory.Sys>>20)
		if v.DroppedWeight > v.BoundDropped+school.open || v.OverThirty > 0 || memory.Sys > 500<<20 {
			t.Errorf("%s: weight %g not met, bound %g; %d wait over 30; %d MB", school.name, v.DroppedWeight, v.BoundDropped, v.OverThirty, memory.Sys>>20)
		}
	}
}
