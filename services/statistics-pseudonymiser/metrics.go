package statistics

import (
	"context"

	"github.com/prometheus/client_golang/prometheus"

	"gallra.se/libs/gauge"
	"gallra.se/services/statistics-pseudonymiser/internal/store"
)

var (
	overdueMetric = prometheus.NewDesc("gallra_statistics_overdue_rows", "Statistics rows whose own period is over and that are still there.", nil, nil)
	endedMetric   = prometheus.NewDesc("gallra_statistics_disposed_rows_total", "Statistics rows that have come to the end of their own period.", nil, nil)
)

// ends measures what comes to its end here.
func (p *parts) ends() prometheus.Collector {
	return gauge.New(func(ctx context.Context) ([]prometheus.Metric, error) {
		overdue, err := store.Overdue(ctx, p.DB, p.Clock.Now())
		if err != nil {
			return nil, err
		}
		ended, err := store.Ended(ctx, p.DB)
		return []prometheus.Metric{gauge.Value(overdueMetric, float64(overdue)), gauge.Total(endedMetric, float64(ended))}, err
	}, overdueMetric, endedMetric)
}
