package server

import (
	"github.com/prometheus/client_golang/prometheus"

	"github.com/ouderavond/ouderavond/models/store"
)

// storeMetrics tell how the database's one writer keeps up.
type storeMetrics struct {
	group   prometheus.Histogram
	waiting prometheus.Gauge
	refused prometheus.Counter
	again   prometheus.Counter
}

func newStoreMetrics(registry *prometheus.Registry) *storeMetrics {
	m := &storeMetrics{
		group: prometheus.NewHistogram(prometheus.HistogramOpts{
			Name: "ouderavond_write_group_size", Help: "How many writes shared one flush to disk.", Buckets: []float64{1, 2, 4, 8, 16, 32, 64},
		}),
		waiting: gauge("ouderavond_writes_waiting", "Writes that waited for their turn when the last group ended."),
		refused: prometheus.NewCounter(prometheus.CounterOpts{
			Name: "ouderavond_writes_refused_total", Help: "Writes that were turned away with 503 because too many waited.",
		}),
		again: prometheus.NewCounter(prometheus.CounterOpts{
			Name: "ouderavond_writes_again_total", Help: "Writes that ran a second time because the database rolled their group back.",
		}),
	}
	registry.MustRegister(m.group, m.waiting, m.refused, m.again)
	return m
}

// committed notes a group.
func (m *storeMetrics) committed(group store.Group) {
	m.group.Observe(float64(group.Writes))
	m.waiting.Set(float64(group.Waiting))
	m.refused.Add(float64(group.Refused))
	m.again.Add(float64(group.Again))
}
