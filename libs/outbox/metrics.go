package outbox

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/prometheus/client_golang/prometheus"

	"gallra.se/libs/clock"
	"gallra.se/libs/gauge"
)

var (
	unsentMetric = prometheus.NewDesc("gallra_outbox_unsent_events",
		"Committed events that are not published yet, counted to a hundred thousand.", nil, nil)
	oldestMetric = prometheus.NewDesc("gallra_outbox_oldest_unsent_seconds",
		"For how long the oldest unpublished event has waited; 0: none waits.", nil, nil)
	leadingMetric = prometheus.NewDesc("gallra_outbox_leading",
		"1 when this instance's relay is the one that publishes.", nil, nil)
	publishedMetric = prometheus.NewDesc("gallra_outbox_published_total",
		"Events that this instance has published.", nil, nil)
)

// Metrics measures the outbox that the relay empties. All instances of a service
// tell the same backlog.
func (r *Relay) Metrics() prometheus.Collector {
	return gauge.New(r.measure, unsentMetric, oldestMetric, leadingMetric, publishedMetric)
}

func (r *Relay) measure(ctx context.Context) ([]prometheus.Metric, error) {
	n, waited, err := r.backlog(ctx)
	if err != nil {
		return nil, err
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	leading := 0.0
	if r.leading {
		leading = 1
	}
	return []prometheus.Metric{
		gauge.Value(unsentMetric, float64(n)), gauge.Value(oldestMetric, waited.Seconds()),
		gauge.Value(leadingMetric, leading), gauge.Total(publishedMetric, float64(r.published.Load())),
	}, nil
}

// backlog counts what is unsent, and reads from the oldest row's event when it was
// written: a UUIDv7 tells, on the machine's time. An unlinkable event's id tells
// nothing, and is passed over; it was committed with others.
func (r *Relay) backlog(ctx context.Context) (n int, waited time.Duration, err error) {
	if n, err = r.unsent(ctx); err != nil || n == 0 {
		return n, 0, err
	}
	var oldest uuid.UUID
	err = r.pool.QueryRow(ctx, `
		SELECT event FROM outbox WHERE sent_at IS NULL AND substr(event::text, 15, 1) = '7' ORDER BY id LIMIT 1`).Scan(&oldest)
	if errors.Is(err, pgx.ErrNoRows) {
		return n, 0, nil
	}
	if err != nil {
		return n, 0, fmt.Errorf("read the oldest unsent event: %w", err)
	}
	written := time.Unix(oldest.Time().UnixTime())
	return n, max(0, clock.PaceNow().Sub(written)), nil
}

func (r *Relay) unsent(ctx context.Context) (n int, err error) {
	if err = r.pool.QueryRow(ctx, `SELECT count(*) FROM (SELECT 1 FROM outbox WHERE sent_at IS NULL LIMIT 100000) AS u`).Scan(&n); err != nil {
		err = fmt.Errorf("count unsent events: %w", err)
	}
	return n, err
}
