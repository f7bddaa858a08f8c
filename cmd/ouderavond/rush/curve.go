package rush

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"time"
)

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
