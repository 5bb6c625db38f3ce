package transport

import (
	"context"

	"github.com/prometheus/client_golang/prometheus"

	"gallra.se/libs/clock"
	"gallra.se/libs/gauge"
)

var (
	retiredMetric = prometheus.NewDesc("gallra_transport_keys_retired",
		"Transport keys that are given out no more, and wait until all that was sealed to them has been applied.", nil, nil)
	overdueMetric = prometheus.NewDesc("gallra_transport_keys_overdue",
		"Of these, keys that have waited for more than 48 hours.", nil, nil)
)

// Metrics measures the keys that are on their way out.
func (r *Receiver) Metrics() prometheus.Collector {
	return gauge.New(func(ctx context.Context) ([]prometheus.Metric, error) {
		keys, err := r.Keys.RetiredTransportKeys(ctx)
		overdue := 0
		for _, k := range keys {
			if clock.PaceNow().Sub(k.RetiredAt) > Overdue {
				overdue++
			}
		}
		return []prometheus.Metric{gauge.Value(retiredMetric, float64(len(keys))), gauge.Value(overdueMetric, float64(overdue))}, err
	}, retiredMetric, overdueMetric)
}
