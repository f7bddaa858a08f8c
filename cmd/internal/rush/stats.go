package rush

import (
	"bytes"
	"fmt"
	"math"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"syscall"
	"time"
)

// step is a thing that a family does.
type step int

const (
	stepFront step = iota
	stepLogIn
	stepLook
	stepPlan
	stepConfirm
	stepBook
	stepChange
	stepRead
	stepWhole // from the family's arrival until it is done
	steps
)

var stepNames = [steps]string{"front", "log_in", "look", "plan", "confirm", "book", "change", "read", "family"}

// stats are what one client saw; nobody else touches them while it runs.
type stats struct {
	took      [steps][]time.Duration
	errors    map[string]int
	conflicts int // answers that something was taken
	retries   int // bookings tried again after that
	looks     int // times looked again, because no alternative was given
	repeats   int // requests sent again because there was no answer, or a "later"
	replayed  int // answers that were those of an earlier request: without the key it would have been booked twice
	doneWith  int // requests given up
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

// costs is what processes cost from measure to stop.
type costs struct {
	servers      []int
	before, took time.Duration // of the servers
	ours         time.Duration // of this program
	known        bool
	resident     int64 // of the servers together, bytes, at the end
}

// measure begins to count processor time. Where the system does not tell, only this program's is known.
func measure(servers []int) *costs {
	c := &costs{servers: servers, ours: ownTime()}
	c.before, c.known = timeOf(servers)
	return c
}

func (c *costs) stop() {
	c.ours = ownTime() - c.ours
	after, known := timeOf(c.servers)
	c.took, c.known = after-c.before, c.known && known
	for _, pid := range c.servers {
		c.resident += residentOf(pid)
	}
}

func ownTime() time.Duration {
	var used syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &used); err != nil {
		return 0
	}
	return time.Duration(used.Utime.Nano() + used.Stime.Nano())
}

// clockTicks is the unit of /proc/PID/stat: Linux shows a hundredth of a second on every architecture that it runs on (USER_HZ).
const clockTicks = time.Second / 100

// timeOf sums up the processor time of processes, in user and system (proc(5), fields 14 and 15 of stat).
func timeOf(processes []int) (time.Duration, bool) {
	total := time.Duration(0)
	for _, pid := range processes {
		content, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
		if err != nil {
			return 0, false
		}
		// The second field is the program's name, which may hold anything but ends at the last parenthesis.
		_, rest, _ := bytes.Cut(content[max(0, bytes.LastIndexByte(content, ')')):], []byte(" "))
		fields := strings.Fields(string(rest))
		if len(fields) < 13 {
			return 0, false
		}
		user, err1 := strconv.ParseInt(fields[11], 10, 64)
		system, err2 := strconv.ParseInt(fields[12], 10, 64)
		if err1 != nil || err2 != nil {
			return 0, false
		}
		total += time.Duration(user+system) * clockTicks
	}
	return total, len(processes) > 0
}

// residentOf gives the memory of a process that is in memory, in bytes; zero if the system does not tell.
func residentOf(pid int) int64 {
	content, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return 0
	}
	for line := range strings.Lines(string(content)) {
		if rest, ok := strings.CutPrefix(line, "VmRSS:"); ok {
			kilobytes, err := strconv.ParseInt(strings.TrimSpace(strings.TrimSuffix(strings.TrimSpace(rest), "kB")), 10, 64)
			if err == nil {
				return kilobytes << 10
			}
		}
	}
	return 0
}
