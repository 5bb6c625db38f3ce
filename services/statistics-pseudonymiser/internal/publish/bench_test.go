package publish

import (
	"context"
	"testing"

	"github.com/google/uuid"
	"github.com/nats-io/nats.go"

	"gallra.se/events"
	"gallra.se/libs/bus"
	"gallra.se/libs/bus/bustest"
	"gallra.se/libs/clock"
	"gallra.se/libs/policy"
	"gallra.se/services/statistics-pseudonymiser/internal/row"
	"gallra.se/services/statistics-pseudonymiser/internal/store"
)

// BenchmarkDurable publishes rows into the stream with fsync on every batch. The
// floor is the same number of bytes in batches that somebody made by hand.
func BenchmarkDurable(b *testing.B) {
	set, err := policy.Load(policy.Packs())
	if err != nil {
		b.Fatal(err)
	}
	pack, _ := set.Pack("arbetsformedlingen")
	rows := func() []*nats.Msg {
		messages := make([]*nats.Msg, bus.BatchMax)
		for i := range messages {
			k := store.Kept{Period: "2024Q1", Event: uuid.New(), Row: row.Row{ID: uuid.New(), Authority: pack.Authority, Epoch: 2024,
				State: row.Linked, P: "4ZK8Y6W0J2H9T3M5Q7R1N4B8CG", Revision: 1, Fields: events.StatisticsFields{ClosedQuarter: "2024Q1"}}}
			if messages[i], err = message(pack, k, clock.PaceNow()); err != nil {
				b.Fatal(err)
			}
		}
		return messages
	}
	bare := func() []*nats.Msg {
		messages := make([]*nats.Msg, bus.BatchMax)
		for i := range messages {
			messages[i] = nats.NewMsg("stats.v1.a.b.c." + uuid.NewString())
			messages[i].Data = make([]byte, 900)
		}
		return messages
	}
	for name, make := range map[string]func() []*nats.Msg{"rows": rows, "floor": bare} {
		b.Run(name, func(b *testing.B) {
			nc := bustest.Server(b)
			if err := Provision(context.Background(), nc); err != nil {
				b.Fatal(err)
			}
			for b.Loop() {
				if err := bus.Publish(context.Background(), nc, make()); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(b.N)*bus.BatchMax/b.Elapsed().Seconds(), "rows/s")
		})
	}
}
