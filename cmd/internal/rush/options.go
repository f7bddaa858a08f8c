package rush

import (
	"errors"
	"fmt"
	"io"
	"math"
	"math/rand/v2"
	"net/url"
	"slices"
	"time"
)

// Options say how families come.
type Options struct {
	// Targets are the servers, several of them on one database; clients spread over them and go on at another one if theirs does not answer.
	Targets []*url.URL
	// Clients is how many telephones are busy at once at most; families that arrive when all are busy wait, and their wait counts.
	Clients int
	// Arrive and Over say when families come.
	Arrive Curve
	Over   time.Duration
	// Talks is how many talks a family wants, over all of its children; one for each child at least.
	Talks int
	// SameTeachers is the share of families, from 0 to 1, that want the same teachers as early as can be.
	SameTeachers float64
	// SecondThoughts is the share of families, from 0 to 1, that cancel or move one of their talks afterwards.
	SecondThoughts float64
	// ReadBack makes every family look at what it booked.
	ReadBack bool
	// Bookings logs everybody in and chooses, each something else, before the clock starts: what is measured is booking alone.
	Bookings bool
	// Pages lets families come through the pages, as their telephones do, instead of the API.
	Pages bool
	// Tries is how often a family tries a booking before it leaves out what it cannot get.
	Tries int
	// Patience is how long a family waits for one answer, with all repeats.
	Patience time.Duration
	// Compressed asks for compressed answers, as browsers do.
	Compressed bool
	// Seed makes families choose the same way again, as far as the server answers the same.
	Seed uint64
	// Journal takes a line for each booking asked for and each answer, before the family goes on. Nil keeps them in memory only.
	Journal io.Writer
	// Progress takes a line every second. Nil shows nothing.
	Progress io.Writer
	// Servers are the processes of the servers on this machine, for what they cost.
	Servers []int
}

// Check names what is wrong with the options.
func (o *Options) Check() error {
	var faults []error
	for _, one := range []struct {
		wrong bool
		fault string
	}{
		{len(o.Targets) == 0, "a server is needed"},
		{o.Clients < 1 || o.Clients > 20_000, "clients must be from 1 to 20000"},
		{o.Talks < 1 || o.Talks > 60, "talks must be from 1 to 60"},
		{o.Tries < 1, "tries must be 1 at least"},
		{o.Pages && o.Bookings, "whether bookings alone or pages are measured must be chosen"},
		{o.Over < 0, "the time of arrivals cannot be negative"},
		{o.Patience <= 0, "the patience must be positive"},
		{o.SameTeachers < 0 || o.SameTeachers > 1 || o.SecondThoughts < 0 || o.SecondThoughts > 1, "shares must be from 0 to 1"},
	} {
		if one.wrong {
			faults = append(faults, errors.New(one.fault))
		}
	}
	return errors.Join(faults...)
}

// Curve is how families arrive.
type Curve string

// The curves.
const (
	AllAtOnce Curve = "at-once" // everybody waits for the hour and presses the button
	Peak      Curve = "peak"    // most come at the opening, the others later and later: half within the first seventh of the time
	Steady    Curve = "steady"  // evenly
)

// Curves are all curves, for the command line.
var Curves = []string{string(AllAtOnce), string(Peak), string(Steady)}

// steepness is the exponent of the peak: families come five times as fast as evenly at its begin, and a thirtieth as fast at its end.
const steepness = 5

// arrivals gives when each family arrives, counted from the opening, in order.
func arrivals(curve Curve, count int, over time.Duration, dice *rand.Rand) ([]time.Duration, error) {
	times := make([]time.Duration, count)
	for i := range times {
		share := dice.Float64()
		switch curve {
		case AllAtOnce:
			share = 0
		case Steady:
			share = float64(i) / float64(count)
		case Peak:
			share = -math.Log(1-share*(1-math.Exp(-steepness))) / steepness
		default:
			return nil, fmt.Errorf("no such curve: %q", curve)
		}
		times[i] = time.Duration(share * float64(over))
	}
	slices.Sort(times)
	return times, nil
}
