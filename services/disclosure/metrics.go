package disclosure

import (
	"context"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/prometheus/client_golang/prometheus"

	"gallra.se/libs/gauge"

	"gallra.se/services/disclosure/internal/store"
)

var waitingMetric = prometheus.NewDesc("gallra_disclosure_waiting_deliveries", "Disclosures that are decided and not delivered yet.", nil, nil)

// waiting measures what recipients have not got yet.
func waiting(db *pgxpool.Pool) prometheus.Collector {
	return gauge.New(func(ctx context.Context) ([]prometheus.Metric, error) {
		n, err := store.CountWaiting(ctx, db)
		return []prometheus.Metric{gauge.Value(waitingMetric, float64(n))}, err
	}, waitingMetric)
}
