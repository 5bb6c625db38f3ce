package bench_test

import (
	"context"
	"io"
	"log/slog"
	"path/filepath"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/nats-io/nats.go"

	"gallra.se/libs/bus/bustest"
	"gallra.se/libs/pg"
)

var quiet = slog.New(slog.NewTextHandler(io.Discard, nil))

// place is a PostgreSQL that fsyncs, and a nats-server with sync_interval always.
type place struct {
	ctx    context.Context
	nc     *nats.Conn
	server *pg.Server
}

func newPlace(b *testing.B) place {
	b.Helper()
	ctx, cancel := context.WithCancel(b.Context())
	server, err := pg.Launch(ctx, pg.LaunchConfig{Dir: filepath.Join(b.TempDir(), "pg"), Log: io.Discard})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { cancel(); _ = server.Stop() })
	return place{ctx: ctx, nc: bustest.Server(b, "contact"), server: server}
}

func (p place) pool(b *testing.B, name string, sets ...pg.Migration) *pgxpool.Pool {
	b.Helper()
	must(b, p.server.Admin().EnsureRole(p.ctx, name, "bench"))
	must(b, p.server.Admin().EnsureDatabase(p.ctx, name, name))
	url := p.server.URL(name, name, "bench")
	must(b, pg.MigrateAll(p.ctx, url, sets...))
	pool, err := pg.Open(p.ctx, url, pg.MaxConns(24))
	must(b, err)
	b.Cleanup(pool.Close)
	return pool
}

func must(b *testing.B, err error) {
	b.Helper()
	if err != nil {
		b.Fatal(err)
	}
}

func exec(b *testing.B, pool *pgxpool.Pool, sql string) {
	b.Helper()
	_, err := pool.Exec(context.Background(), sql)
	must(b, err)
}

// rate is n things since start, in things a second.
func rate(n int, start time.Time) float64 { return float64(n) / time.Since(start).Seconds() }
