package server

import (
	"net/http"
	"strconv"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"github.com/ouderavond/ouderavond/models"
)

// Metrics counts what the program does. Labels are route templates, states and codes: never an id, never a value.
type Metrics struct {
	Registry *prometheus.Registry
	requests *prometheus.HistogramVec
	messages *prometheus.CounterVec
	tidied   prometheus.Gauge

	backups                              *prometheus.CounterVec
	verified, backupSeconds, backupBytes prometheus.Gauge
	unclaimed                            prometheus.Gauge
}

// NewMetrics returns a registry with the program's own metrics at zero.
func NewMetrics() *Metrics {
	m := &Metrics{
		Registry: prometheus.NewRegistry(),
		requests: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "ouderavond_request_seconds", Help: "Time to answer a request, by route template, method and status.",
			Buckets: []float64{.001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 10},
		}, []string{"route", "method", "status"}),
		messages: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "ouderavond_messages_total", Help: "Messages, each time one was left in a state, by channel, state and the problem that it had.",
		}, []string{"channel", "state", "problem"}),
		tidied: gauge("ouderavond_tidy_timestamp_seconds", "When expired rows were last removed."),
		backups: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "ouderavond_backups_total", Help: "Copies of the database that the server made, by result.",
		}, []string{"result"}),
		verified:      gauge("ouderavond_backup_verified_timestamp_seconds", "The moment that the last copy holds which this program made and checked; 0 if it has made none."),
		backupSeconds: gauge("ouderavond_backup_seconds", "How long the last copy took to make and to check."),
		backupBytes:   gauge("ouderavond_backup_bytes", "Size of the last copy."),
		unclaimed:     gauge("ouderavond_unclaimed_appointments", "Booked appointments in the last copy whose teachers' time is not wholly claimed; anything but 0 is a fault."),
	}
	m.Registry.MustRegister(m.requests, m.messages, m.tidied, collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	return m
}

func gauge(name, help string) prometheus.Gauge {
	return prometheus.NewGauge(prometheus.GaugeOpts{Name: name, Help: help})
}

// Request notes an answered request.
func (m *Metrics) Request(route, method string, status int, took time.Duration) {
	m.requests.WithLabelValues(route, method, strconv.Itoa(status)).Observe(took.Seconds())
}

// Message counts what became of a message.
func (m *Metrics) Message(channel models.Channel, state models.MessageState, problem string) {
	m.messages.WithLabelValues(string(channel), string(state), problem).Inc()
}

// Handler answers a collector.
func (m *Metrics) Handler() http.Handler {
	// The API compresses its answers already; twice is what no collector reads.
	return promhttp.HandlerFor(m.Registry, promhttp.HandlerOpts{DisableCompression: true})
}

// tidiedAt says when expired rows were last removed.
func (m *Metrics) tidiedAt(at time.Time) { m.tidied.Set(float64(at.UnixMilli()) / 1000) }
