package bus_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/nats-io/nats.go"

	"gallra.se/libs/bus"
	"gallra.se/libs/bus/bustest"
	"gallra.se/libs/clock"
	"gallra.se/libs/pg"
	"gallra.se/libs/pg/pgtest"
)

// BenchmarkReading is what an event of a kilobyte costs an instance whose share does not have it, beside one that it
// reads for nothing (its service does not handle the type) and one that it applies with a handler that does nothing.
// CPU is that of this process, the nats-server's part included.
func BenchmarkReading(b *testing.B) {
	for name, c := range map[string]struct {
		share   clock.Share
		handler string
	}{
		"passed over": {clock.Share{Rank: 1, Of: 2}, noted},
		"not handled": {clock.Share{Rank: 0, Of: 2}, "se.gallra.contact.other.v1"},
		"applied":     {clock.Share{Rank: 0, Of: 2}, noted},
	} {
		b.Run(name, func(b *testing.B) { read(b, c.share, c.handler) })
	}
}

func read(b *testing.B, share clock.Share, handler string) {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	nc := bustest.Server(b, "contact")
	own := bustest.Connect(b, nc.ConnectedUrl())
	url := pgtest.New(b)
	fatal(b, pg.Migrate(ctx, url, bus.Migrations, "migrations", "bus_version"))
	db, err := pg.Open(ctx, url)
	fatal(b, err)
	defer db.Close()
	for first := 0; first < b.N; first += bus.BatchMax {
		batch := make([]*nats.Msg, min(bus.BatchMax, b.N-first))
		for i := range batch {
			batch[i] = even(b, first+i)
		}
		fatal(b, bus.Publish(ctx, nc, batch))
	}
	c := bus.NewConsumer(bus.ConsumerConfig{Service: "case-linker", DB: db, NC: own, Streams: []string{"EV_CONTACT"}, Log: slog.New(slog.NewTextHandler(io.Discard, nil)),
		Handlers: map[string]bus.Handler{handler: func(context.Context, pgx.Tx, bus.Event) error { return nil }}})
	before := own.Stats().InBytes
	b.ResetTimer()
	cpu := used(b)
	ended := make(chan struct{})
	go func() { defer close(ended); _ = c.ReadUnseated(ctx) }()
	c.Deal(share)
	for {
		s, _ := c.Report(ctx)
		if s.Positions["EV_CONTACT"] >= uint64(b.N) {
			break
		}
		_ = clock.Sleep(ctx, time.Millisecond)
	}
	b.ReportMetric(float64((used(b)-cpu).Microseconds())/float64(b.N), "cpu-µs/event")
	b.ReportMetric(float64(own.Stats().InBytes-before)/float64(b.N), "bytes/event")
	cancel()
	<-ended
}

// even is an event of about a kilobyte in a partition that two instances give to the first.
func even(b *testing.B, n int) *nats.Msg {
	key := ""
	for i := 0; key == "" || bus.Partition(key)%2 == 1; i++ {
		key = fmt.Sprint("k", n, "-", i)
	}
	payload, err := json.Marshal(map[string]any{"specversion": "1.0", "id": uuid.NewString(), "source": "/gallra/a/intake", "type": noted,
		"partitionkey": key, "sequence": "1", "datacontenttype": "application/json", "data": map[string]string{"text": strings.Repeat("x", 700)}})
	fatal(b, err)
	m := nats.NewMsg(fmt.Sprintf("ev.a.contact.%d.contact.noted.v1", bus.Partition(key)))
	m.Data = payload
	m.Header.Set(nats.MsgIdHdr, uuid.NewString())
	return m
}

func used(b *testing.B) time.Duration {
	var u syscall.Rusage
	fatal(b, syscall.Getrusage(syscall.RUSAGE_SELF, &u))
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

func fatal(b *testing.B, err error) {
	b.Helper()
	if err != nil {
		b.Fatal(err)
	}
}
