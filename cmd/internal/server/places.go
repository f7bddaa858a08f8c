package server

import (
	"maps"
	"slices"
	"sync"
	"syscall"
	"time"

	"github.com/prometheus/client_golang/prometheus"
)

const (
	// maxConnections is how many connections of people there are at most: several for each family of a very big evening. Each costs some ten kilobytes.
	maxConnections = 10_000
	// otherFiles is how many of the files that the program may have open are no connections of people: the database, messages on their way, copies.
	otherFiles = 128
	// fewestConnections is what people have where a limit on open files leaves hardly anything.
	fewestConnections = 16
	// graceFor is how long a connection may be still before it is closed for others. Of who means to ask, the first byte comes with the connection; who has sent
	// the half of a request has graceOfHalf times as long for the rest: a packet of it may have to be sent again.
	graceFor, graceOfHalf = 250 * time.Millisecond, 8
	// lookAgain is how long is waited at most before it is looked again whether somebody has become still.
	lookAgain = 100 * time.Millisecond
)

// connectionsFor gives how many connections of people there may be, given how many files the program may have open.
func connectionsFor(files uint64) int {
	if files >= maxConnections+otherFiles {
		return maxConnections
	}
	return max(int(files)-otherFiles, fewestConnections)
}

// openFiles is how many files the program may have open. The Go runtime has raised that to the most that the system allows.
func openFiles() uint64 {
	var limit syscall.Rlimit
	if syscall.Getrlimit(syscall.RLIMIT_NOFILE, &limit) != nil {
		return 0
	}
	return limit.Cur
}

// places bounds people's connections. Without a bound, a few thousand that are opened and never used take every file that the program may open, and then it can
// neither read its database nor let in a family. Where all places are taken, the connections that have been still the longest are closed for new ones: whoever
// has no request under way opens another when there is one. Those that are being served are never closed: newcomers wait, one here and the others in the
// system's queue.
type places struct {
	most  int
	grace time.Duration

	making sync.Mutex // held while room is made: no connection is closed by two at once
	mutex  sync.Mutex
	taken  map[*kept]bool
	freed  chan struct{} // somebody has left
	ended  chan struct{} // nobody need wait any more
	cut    prometheus.Counter
}

func newPlaces(most int) *places {
	return &places{
		most: most, grace: graceFor, taken: map[*kept]bool{}, freed: make(chan struct{}, 1), ended: make(chan struct{}),
		cut: prometheus.NewCounter(prometheus.CounterOpts{
			Name: "ouderavond_connections_cut_total", Help: "Connections without a request under way that were closed because others needed the place.",
		}),
	}
}

// watch adds the metrics.
func (p *places) watch(registry *prometheus.Registry) {
	registry.MustRegister(p.cut, prometheus.NewGaugeFunc(prometheus.GaugeOpts{
		Name: "ouderavond_connections", Help: "Connections from outside that are open.",
	}, func() float64 { return float64(p.count()) }))
}

func (p *places) count() int {
	p.mutex.Lock()
	defer p.mutex.Unlock()
	return len(p.taken)
}

func (p *places) all() []*kept {
	p.mutex.Lock()
	defer p.mutex.Unlock()
	return slices.Collect(maps.Keys(p.taken))
}

// take gives a new connection a place, and waits until there is one.
func (p *places) take(c *kept) {
	c.isStill(false) // nobody closes it while it waits
	p.mutex.Lock()
	p.taken[c] = true
	p.mutex.Unlock()
	p.wait()
	c.isStill(true)
}

func (p *places) leave(c *kept) {
	p.mutex.Lock()
	delete(p.taken, c)
	p.mutex.Unlock()
	select {
	case p.freed <- struct{}{}:
	default:
	}
}

// end lets everybody in who waits: the program lets go of clients, and no more come.
func (p *places) end() { close(p.ended) }

// wait comes back when nobody is there without a place.
func (p *places) wait() {
	for p.count() > p.most {
		if p.makeRoom() {
			continue
		}
		again := time.NewTimer(lookAgain)
		select {
		case <-p.freed:
		case <-again.C:
		case <-p.ended:
			again.Stop()
			return
		}
		again.Stop()
	}
}

// makeRoom closes the connections that have been still the longest: several at once, because finding them means looking at all.
func (p *places) makeRoom() (some bool) {
	p.making.Lock()
	defer p.making.Unlock()
	for _, c := range p.stillest(max(1, p.most/64)) {
		if c.giveWay() {
			p.cut.Inc()
			some = true
		}
	}
	return some
}

func (p *places) stillest(count int) []*kept {
	type still struct {
		*kept
		half  bool
		since time.Time
	}
	var all []still
	for _, c := range p.all() {
		c.mutex.Lock()
		grace := p.grace
		if c.begun {
			grace *= graceOfHalf
		}
		if c.still && !c.closed && time.Since(c.quiet) >= grace {
			all = append(all, still{c, c.begun, c.quiet})
		}
		c.mutex.Unlock()
	}
	slices.SortFunc(all, func(a, b still) int {
		switch {
		case a.half == b.half:
			return a.since.Compare(b.since)
		case a.half: // who has sent the half of something may yet be somebody
			return 1
		}
		return -1
	})
	var first []*kept
	for _, one := range all[:min(count, len(all))] {
		first = append(first, one.kept)
	}
	return first
}
