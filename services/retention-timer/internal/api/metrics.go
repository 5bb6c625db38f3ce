package api

import (
	"context"
	"time"

	"github.com/prometheus/client_golang/prometheus"
)

// Metrics are gauges that are counted when somebody scrapes. Labels are states and rules, never ids.
func (a *API) Metrics() prometheus.Collector { return metrics{a} }

type metrics struct{ api *API }

var (
	unitsMetric   = prometheus.NewDesc("gallra_retention_units", "Disposal units by state.", []string{"state"}, nil)
	overdueMetric = prometheus.NewDesc("gallra_retention_overdue_records", "Records that should have been gone fifteen minutes ago.", nil, nil)
	goneMetric    = prometheus.NewDesc("gallra_retention_disposed_records", "Records disposed of, by rule.", []string{"rule"}, nil)
	holdsMetric   = prometheus.NewDesc("gallra_retention_holds", "Active holds.", nil, nil)
)

func (m metrics) Describe(out chan<- *prometheus.Desc) {
	for _, d := range []*prometheus.Desc{unitsMetric, overdueMetric, goneMetric, holdsMetric} {
		out <- d
	}
}

func (m metrics) Collect(out chan<- prometheus.Metric) {
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	s, err := m.api.Summary(ctx)
	if err != nil {
		out <- prometheus.NewInvalidMetric(unitsMetric, err)
		return
	}
	for state, n := range s.Units {
		out <- prometheus.MustNewConstMetric(unitsMetric, prometheus.GaugeValue, float64(n), state)
	}
	for rule, n := range s.Disposed {
		out <- prometheus.MustNewConstMetric(goneMetric, prometheus.GaugeValue, float64(n), rule)
	}
	out <- prometheus.MustNewConstMetric(overdueMetric, prometheus.GaugeValue, float64(s.Overdue))
	out <- prometheus.MustNewConstMetric(holdsMetric, prometheus.GaugeValue, float64(s.Holds))
}
