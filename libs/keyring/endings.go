package keyring

import (
	"time"

	"github.com/prometheus/client_golang/prometheus"
)

// Endings measures how units come to their end: how many, and how long it took
// from the instant at which nobody may read one to that at which nobody can. Both
// instants are business time, as a receipt bears them.
type Endings struct {
	units prometheus.Counter
	took  prometheus.Histogram
}

// NewEndings begins to count.
func NewEndings() *Endings {
	return &Endings{
		units: prometheus.NewCounter(prometheus.CounterOpts{Name: "gallra_disposals_total", Help: "Disposal units whose keys this instance has destroyed and whose rows it has deleted."}),
		took: prometheus.NewHistogram(prometheus.HistogramOpts{Name: "gallra_disposal_unrecoverable_seconds", Help: "Business time from removed to unrecoverable, as on the receipt.",
			Buckets: []float64{.01, .05, .1, .5, 1, 5, 15, 60, 300, 900, 3600, 21600, 86400}}),
	}
}

// Note counts one unit. A nil Endings counts nothing.
func (e *Endings) Note(removedAt, unrecoverableAt time.Time) {
	if e == nil {
		return
	}
	e.units.Inc()
	e.took.Observe(max(0, unrecoverableAt.Sub(removedAt).Seconds()))
}

// Describe and Collect make it a prometheus.Collector.
func (e *Endings) Describe(out chan<- *prometheus.Desc) { e.units.Describe(out); e.took.Describe(out) }

// Collect tells what was counted.
func (e *Endings) Collect(out chan<- prometheus.Metric) { e.units.Collect(out); e.took.Collect(out) }
