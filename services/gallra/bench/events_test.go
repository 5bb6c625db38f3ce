package bench_test

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"gallra.se/libs/bus"
	"gallra.se/libs/clock"
	"gallra.se/libs/outbox"
	"gallra.se/libs/pg"
)

const (
	benchType = "se.gallra.contact.noted.v1"
	writers   = 16
	filler    = 700 // bytes of payload, so that an event is about 1 KB
)

// BenchmarkDurableEvents is the first row of the figures: events committed with a state change, relayed to JetStream
// under fsync, and applied by a consumer in its own database; ours beside a minimal pipeline.
func BenchmarkDurableEvents(b *testing.B) {
	for _, perTx := range []int{1, 50} {
		events := map[int]int{1: 12_000, 50: 40_000}[perTx]
		b.Run(fmt.Sprintf("%d-a-transaction", perTx), func(b *testing.B) {
			for b.Loop() {
				floor := floorEvents(b, events, perTx)
				ours := ourEvents(b, events, perTx)
				b.ReportMetric(floor, "floor-events/s")
				b.ReportMetric(ours, "events/s")
				b.ReportMetric(ours/floor, "of-floor")
			}
			b.ReportMetric(0, "ns/op")
		})
	}
}

// write runs transactions of perTx events from many writers until all are committed.
func write(b *testing.B, events, perTx int, one func(worker, n int) error) {
	b.Helper()
	var next atomic.Int64
	var wg sync.WaitGroup
	for w := range writers {
		wg.Go(func() {
			for int(next.Add(int64(perTx))) <= events {
				if err := one(w, perTx); err != nil {
					b.Error(err)
					return
				}
			}
		})
	}
	wg.Wait()
}

func ourEvents(b *testing.B, events, perTx int) float64 {
	p := newPlace(b)
	producer := p.pool(b, "producer", pg.Migration{FS: outbox.Migrations, Dir: "migrations", Table: "outbox_version"})
	consumer := p.pool(b, "consumer", pg.Migration{FS: bus.Migrations, Dir: "migrations", Table: "bus_version"})
	exec(b, producer, `CREATE TABLE state (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, body text NOT NULL)`)
	box := outbox.New(outbox.Config{Service: "bench", Context: "contact", Stream: "EV_CONTACT", Business: clock.Real()})
	body := fmt.Sprintf("%0*d", filler, 0)
	var applied atomic.Int64
	c := bus.NewConsumer(bus.ConsumerConfig{Service: "bench", DB: consumer, NC: p.nc, Streams: []string{"EV_CONTACT"}, Log: quiet,
		Handlers: map[string]bus.Handler{benchType: func(context.Context, pgx.Tx, bus.Event) error { applied.Add(1); return nil }}})
	ctx, stop := context.WithCancel(p.ctx)
	defer stop()
	go func() { _ = outbox.NewRelay(box, producer, p.nc, quiet).Run(ctx) }()
	go func() { _ = c.Run(ctx) }()
	var key atomic.Int64
	start := time.Now()
	write(b, events, perTx, func(_, n int) error {
		err := pg.Tx(p.ctx, producer, func(tx pgx.Tx) error {
			if _, err := tx.Exec(p.ctx, `INSERT INTO state (body) SELECT $1 FROM generate_series(1, $2)`, body, n); err != nil {
				return err
			}
			drafts := make([]outbox.Draft, n)
			for i := range drafts {
				k := fmt.Sprint(key.Add(1))
				drafts[i] = outbox.Draft{Authority: "a", Type: benchType, Subject: k, Key: k, Data: map[string]string{"body": body}}
			}
			return box.Append(p.ctx, tx, drafts...)
		})
		box.Committed()
		return err
	})
	await(b, &applied, events)
	return rate(events, start)
}

// await waits until all are applied.
func await(b *testing.B, applied *atomic.Int64, events int) {
	b.Helper()
	for give := time.Now().Add(2 * time.Minute); int(applied.Load()) < events; {
		if time.Now().After(give) {
			b.Fatalf("applied %d of %d", applied.Load(), events)
		}
		time.Sleep(time.Millisecond)
	}
}

// stateRow is the floor's own business write.
func stateRow(ctx context.Context, tx pgx.Tx, body string, n int) error {
	_, err := tx.Exec(ctx, `INSERT INTO state (body) SELECT $1 FROM generate_series(1, $2)`, body, n)
	return err
}
