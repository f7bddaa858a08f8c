package rush

import (
	"context"
	"fmt"
	"net/http"
	"time"
)

const (
	// drainMost is how long is waited at most for the last message after the last family.
	drainMost = 2 * time.Minute
	// drainLook is how often the office looks: asking costs the server something, too.
	drainLook = 250 * time.Millisecond
)

// waiting tells whether a school has messages that are queued or being sent.
func (o *Office) waiting(ctx context.Context, school string) (bool, error) {
	var answer struct {
		Items []struct{ ID string }
	}
	err := o.call(ctx, http.MethodGet, "/api/v1/schools/"+school+"/messages?waiting=true&limit=1", nil, &answer)
	return len(answer.Items) > 0, err
}

// drain waits until no school has a message left to send, and notes in the report how long that took and what the rush cost with it. What is not known, or not
// over in time, stays null.
func (r *run) drain(office *Office, families *Families, report *Report, spent *costs) {
	ended, said := time.Now(), time.Now()
	for left := families.Schools; len(left) > 0; {
		busy, err := office.waiting(r.context, left[0].Slug)
		switch {
		case err != nil || r.stopped() || time.Since(ended) > drainMost:
			return
		case !busy:
			left = left[1:]
			continue
		case r.options.Progress != nil && time.Since(said) >= time.Second:
			said = time.Now()
			fmt.Fprintf(r.options.Progress, "%4.0f s  after the last family, messages are still waiting\n", time.Since(ended).Seconds())
		}
		r.pause(drainLook)
	}
	after := time.Since(ended).Seconds()
	report.MessagesAfter = &after
	if total, known := timeOf(spent.servers); known && spent.known {
		cost := (total - spent.before).Seconds() * 1000 / float64(max(1, report.came))
		report.CPUWithMessages = &cost
	}
}
