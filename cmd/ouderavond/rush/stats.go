package rush

import (
	"math"
	"slices"
	"sync/atomic"
	"time"
)

// step is a thing that a family does.
type step int

const (
	stepFront step = iota
	stepLogIn
	stepLook
	stepBook
	stepChange
	stepRead
	stepWhole // from the family's arrival until it is done
	steps
)

var stepNames = [steps]string{"front", "log_in", "look", "book", "change", "read", "family"}

// stats are what one client saw; nobody else touches them while it runs.
type stats struct {
	took      [steps][]time.Duration
	errors    map[string]int
	conflicts int // answers that something was taken
	retries   int // bookings tried again after that
	looks     int // times looked again, because no alternative was given
	repeats   int // requests sent again because there was no answer, or a "later"
	replayed  int // answers that were those of an earlier request: without the key it would have been booked twice
	doneWith  int // wishes given up
	served    int // families that got what they wanted, or know that there is nothing
	unserved  int // families that were not answered in time, or turned away
	nothing   int // families that found nothing free
	sent      int64
	read      int64
	booked    int // appointments acknowledged
	cancelled int
}

// progress are the figures that are shown while it runs.
type progress struct {
	arrived, done, booked, conflicts, errors atomic.Int64
}

func (s *stats) fault(kind string) {
	if s.errors == nil {
		s.errors = map[string]int{}
	}
	s.errors[kind]++
}

func (s *stats) add(other *stats) {
	for i := range s.took {
		s.took[i] = append(s.took[i], other.took[i]...)
	}
	for kind, count := range other.errors {
		if s.errors == nil {
			s.errors = map[string]int{}
		}
		s.errors[kind] += count
	}
	s.conflicts += other.conflicts
	s.retries += other.retries
	s.looks += other.looks
	s.repeats += other.repeats
	s.doneWith += other.doneWith
	s.replayed += other.replayed
	s.served += other.served
	s.unserved += other.unserved
	s.nothing += other.nothing
	s.sent += other.sent
	s.read += other.read
	s.booked += other.booked
	s.cancelled += other.cancelled
}

// Spread is how long a step took, in milliseconds.
type Spread struct {
	Count int     `json:"count"`
	P50   float64 `json:"p50_ms"`
	P95   float64 `json:"p95_ms"`
	P99   float64 `json:"p99_ms"`
	Max   float64 `json:"max_ms"`
}

// spread sorts the times and reads the percentiles off by the nearest rank.
func spread(took []time.Duration) Spread {
	if len(took) == 0 {
		return Spread{}
	}
	slices.Sort(took)
	at := func(share float64) float64 {
		rank := int(math.Ceil(share * float64(len(took))))
		return milliseconds(took[min(max(rank, 1), len(took))-1])
	}
	return Spread{len(took), at(0.50), at(0.95), at(0.99), milliseconds(took[len(took)-1])}
}

func milliseconds(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }
