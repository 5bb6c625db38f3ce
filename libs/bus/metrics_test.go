package bus_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/prometheus/client_golang/prometheus"
	dto "github.com/prometheus/client_model/go"

	"gallra.se/libs/bus"
	"gallra.se/libs/clock"
	"gallra.se/libs/outbox"
)

// scraped is what one scrape sees, a metric with a label as "name label".
func (w *world) scraped(parts ...prometheus.Collector) map[string]float64 {
	w.t.Helper()
	metrics := prometheus.NewRegistry()
	metrics.MustRegister(parts...)
	families, err := metrics.Gather()
	w.must(err)
	seen := map[string]float64{}
	for _, family := range families {
		for _, m := range family.Metric {
			name := family.GetName()
			for _, l := range m.Label {
				name += " " + l.GetValue()
			}
			if seen[name] = m.GetGauge().GetValue(); family.GetType() == dto.MetricType_COUNTER {
				seen[name] = m.GetCounter().GetValue()
			}
		}
	}
	return seen
}

func TestABacklogIsSeenWithItsAgeUntilTheRelayHasSentIt(t *testing.T) {
	w := newWorld(t, clock.Real())
	relay := outbox.NewRelay(w.box, w.producer, w.nc, w.log)
	w.must(w.say("k1", "k2"))
	w.told(w.ctx, outbox.Draft{Authority: "a", Type: counted, Unlinkable: true, Data: map[string]string{}})
	written := clock.PaceNow().Add(-time.Hour)
	w.exec(w.producer, `UPDATE outbox SET event = $1 WHERE id = (SELECT min(id) FROM outbox)`, v7(written))
	seen := w.scraped(relay.Metrics())
	if age := seen["gallra_outbox_oldest_unsent_seconds"]; seen["gallra_outbox_unsent_events"] != 3 || age < 3599 || age > 3700 || seen["gallra_outbox_leading"] != 0 {
		t.Errorf("%v", seen)
	}
	w.start(relay.Run)
	w.until("all is sent", func() bool { return w.count(w.producer, `SELECT count(*) FROM outbox WHERE sent_at IS NULL`) == 0 })
	w.until("it is counted", func() bool {
		seen = w.scraped(relay.Metrics())
		return seen["gallra_outbox_published_total"] == 3
	})
	if seen["gallra_outbox_unsent_events"] != 0 || seen["gallra_outbox_oldest_unsent_seconds"] != 0 || seen["gallra_outbox_leading"] != 1 {
		t.Errorf("%v", seen)
	}
}

// v7 is an id that was drawn at a time.
func v7(at time.Time) (id uuid.UUID) {
	id = uuid.Must(uuid.NewV7())
	for i, ms := 5, at.UnixMilli(); i >= 0; i, ms = i-1, ms>>8 {
		id[i] = byte(ms)
	}
	return id
}

func TestAConsumerTellsHowFarItIsBehindAndWhatItApplied(t *testing.T) {
	w := newWorld(t, clock.Real())
	w.relay()
	w.must(w.say("good", "bad", "good", "good"))
	w.until("all is sent", func() bool { return w.count(w.producer, `SELECT count(*) FROM outbox WHERE sent_at IS NULL`) == 0 })
	c := bus.NewConsumer(bus.ConsumerConfig{Service: "case-linker", DB: w.consumer, NC: w.nc, Streams: []string{"EV_CONTACT"}, Log: w.log,
		Handlers: map[string]bus.Handler{counted: record, noted: func(ctx context.Context, tx pgx.Tx, ev bus.Event) error {
			if ev.Key == "bad" {
				return bus.Refuse(errors.New("no"))
			}
			return record(ctx, tx, ev)
		}}})
	before := w.scraped(c.Metrics())
	if before["gallra_consumer_lag_events EV_CONTACT"] < 4 || before["gallra_consumer_partitions"] != 0 || before["gallra_stream_used_ratio EV_CONTACT"] <= 0 {
		t.Errorf("before: %v", before)
	}
	w.start(c.Run)
	var after map[string]float64
	w.until("it has caught up", func() bool {
		after = w.scraped(c.Metrics())
		return after["gallra_consumer_lag_events EV_CONTACT"] == 0 && after["gallra_parked_keys"] == 1
	})
	if after["gallra_events_applied_total "+noted] != 3 || after["gallra_events_applied_total "+counted] != 0 || after["gallra_consumer_partitions"] != bus.Partitions {
		t.Errorf("after: %v", after)
	}
}
