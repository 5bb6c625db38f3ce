// Package gauge reads numbers that lie elsewhere, in a database or at the bus, for whoever scrapes /metrics: at most
// once in five seconds (Pace) however many scrape, and never for longer than two. What cannot be read is left out of the
// answer, so that it looks neither well nor like zero.
package gauge

import (
	"context"
	"fmt"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"gallra.se/libs/clock"
)

// How long what was read counts as the present, and how long reading may take.
const (
	fresh    = 5 * time.Second
	patience = 2 * time.Second
)

// Reader is a collector of gauges that are read together.
type Reader struct {
	read  func(ctx context.Context) ([]prometheus.Metric, error)
	descs []*prometheus.Desc
	now   func() time.Time

	mu   sync.Mutex
	at   time.Time
	last []prometheus.Metric
}

// New makes a collector of what read returns: metrics of these descriptions, and of each at least one whenever it can
// be read.
func New(read func(ctx context.Context) ([]prometheus.Metric, error), descs ...*prometheus.Desc) *Reader {
	return &Reader{read: read, descs: descs, now: clock.PaceNow}
}

// Describe tells the descriptions.
func (r *Reader) Describe(out chan<- *prometheus.Desc) {
	for _, d := range r.descs {
		out <- d
	}
}

// Collect tells what was read, and reads it when that is too long ago.
func (r *Reader) Collect(out chan<- prometheus.Metric) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if now := r.now(); now.Sub(r.at) >= fresh {
		ctx, cancel := context.WithTimeout(context.Background(), patience)
		defer cancel()
		read, err := r.read(ctx)
		if err != nil {
			out <- prometheus.NewInvalidMetric(r.descs[0], fmt.Errorf("read gauges: %w", err))
			return
		}
		r.at, r.last = now, read
	}
	for _, m := range r.last {
		out <- m
	}
}

// Value is one gauge as it stands.
func Value(of *prometheus.Desc, v float64, labels ...string) prometheus.Metric {
	return prometheus.MustNewConstMetric(of, prometheus.GaugeValue, v, labels...)
}

// Total is one counter as it stands.
func Total(of *prometheus.Desc, v float64, labels ...string) prometheus.Metric {
	return prometheus.MustNewConstMetric(of, prometheus.CounterValue, v, labels...)
}
