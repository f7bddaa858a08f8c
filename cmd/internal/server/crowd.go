package server

import (
	"net/http"
	"runtime"
	"sync/atomic"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/ouderavond/ouderavond/models"
)

const (
	// crowdPerProcessor is how many requests are under way for each processor when families wait. A request is a few milliseconds of work: where so many are
	// there at once, each of them stands in line, for the processor or for the database.
	crowdPerProcessor = 4
	// crowdLasts is how long a crowd is believed to be there after it was last seen: between two requests of the same families there is none under way.
	crowdLasts = time.Second
)

// crowd tells whether families wait for the program: by how many of their requests are under way, which rises with whatever they wait for.
type crowd struct {
	clock models.Clock
	many  int64

	under atomic.Int64
	seen  atomic.Int64 // when there were many at last, in nanoseconds since 1970
}

func newCrowd(clock models.Clock) *crowd {
	return &crowd{clock: clock, many: int64(crowdPerProcessor * runtime.GOMAXPROCS(0))}
}

// around counts the requests of a handler.
func (c *crowd) around(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if c.under.Add(1) >= c.many {
			c.seen.Store(c.clock.Now().UnixNano())
		}
		defer c.under.Add(-1)
		next.ServeHTTP(w, r)
	})
}

// waits tells whether families wait, or did a moment ago.
func (c *crowd) waits() bool {
	return c.under.Load() >= c.many || c.clock.Now().UnixNano()-c.seen.Load() < int64(crowdLasts)
}

// watch adds the metric.
func (c *crowd) watch(registry *prometheus.Registry) {
	registry.MustRegister(prometheus.NewGaugeFunc(prometheus.GaugeOpts{
		Name: "ouderavond_requests_under_way", Help: "Requests from outside that are being answered now.",
	}, func() float64 { return float64(c.under.Load()) }))
}
