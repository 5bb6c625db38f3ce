package bus

import (
	"context"
	"fmt"
	"sync/atomic"

	"github.com/nats-io/nats.go/jetstream"
	"github.com/prometheus/client_golang/prometheus"

	"gallra.se/libs/gauge"
)

var (
	lagMetric = prometheus.NewDesc("gallra_consumer_lag_events",
		"Events of the stream that lie behind this instance's position in it.", []string{"stream"}, nil)
	fillMetric = prometheus.NewDesc("gallra_stream_used_ratio",
		"How much of what the stream may hold is used, 0 to 1.", []string{"stream"}, nil)
	shareMetric = prometheus.NewDesc("gallra_consumer_partitions",
		"Partitions of each stream that this instance applies.", nil, nil)
	parkedMetric = prometheus.NewDesc("gallra_parked_keys",
		"Keys of which an event was refused for good: all later events of theirs wait.", nil, nil)
	appliedMetric = prometheus.NewDesc("gallra_events_applied_total",
		"Events that this instance has applied, by type.", []string{"type"}, nil)
)

// tally counts events by type; the types are those that there are handlers for.
type tally map[string]*atomic.Uint64

func tallyOf(handlers map[string]Handler) tally {
	t := tally{}
	for eventType := range handlers {
		t[eventType] = &atomic.Uint64{}
	}
	return t
}

// add counts what a transaction has applied, once it is committed.
func (t tally) add(types []string) {
	for _, eventType := range types {
		t[eventType].Add(1)
	}
}

// Metrics measures the consumer and the streams that it reads.
func (c *Consumer) Metrics() prometheus.Collector {
	return gauge.New(c.measure, lagMetric, fillMetric, shareMetric, parkedMetric, appliedMetric)
}

func (c *Consumer) measure(ctx context.Context) ([]prometheus.Metric, error) {
	var parked int
	if err := c.cfg.DB.QueryRow(ctx, `SELECT count(DISTINCT key) FROM bus_parked`).Scan(&parked); err != nil {
		return nil, fmt.Errorf("count parked keys: %w", err)
	}
	all := []prometheus.Metric{gauge.Value(parkedMetric, float64(parked)), gauge.Value(shareMetric, float64(len(c.Partitions())))}
	for eventType, n := range c.applied {
		all = append(all, gauge.Total(appliedMetric, float64(n.Load()), eventType))
	}
	js, err := jetstream.New(c.cfg.NC)
	if err != nil {
		return nil, err
	}
	for _, stream := range c.cfg.Streams {
		some, err := c.measureStream(ctx, js, stream)
		if err != nil {
			return nil, err
		}
		all = append(all, some...)
	}
	return all, nil
}

func (c *Consumer) measureStream(ctx context.Context, js jetstream.JetStream, stream string) ([]prometheus.Metric, error) {
	c.mu.Lock()
	position := c.positions[stream]
	c.mu.Unlock()
	s, err := js.Stream(ctx, stream)
	if err != nil {
		return nil, fmt.Errorf("look at stream %s: %w", stream, err)
	}
	info, lag, used := s.CachedInfo(), 0.0, 0.0
	if info.State.LastSeq > position {
		lag = float64(info.State.LastSeq - position)
	}
	if info.Config.MaxBytes > 0 {
		used = float64(info.State.Bytes) / float64(info.Config.MaxBytes)
	}
	return []prometheus.Metric{gauge.Value(lagMetric, lag, stream), gauge.Value(fillMetric, used, stream)}, nil
}
