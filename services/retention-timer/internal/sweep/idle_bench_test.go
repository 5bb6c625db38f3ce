package sweep_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"gallra.se/libs/bus"
	"gallra.se/libs/outbox"
	"gallra.se/libs/pg"
	"gallra.se/services/retention-timer/internal/consume"
	"gallra.se/services/retention-timer/internal/store"
	"gallra.se/services/retention-timer/internal/testbed"
)

// clocks is how many units lie in the tables; a quick look may want fewer.
var clocks = func() int {
	if n, err := strconv.Atoi(os.Getenv("GALLRA_BENCH_CLOCKS")); err == nil && n > 0 {
		return n
	}
	return 10_000_000
}()

// BenchmarkIdleClocks is what the sweep's look costs beside ten million clocks of which none is due, then five hundred, and
// what they weigh on disk. The floor is the smallest question that the same database answers: one row by its key.
func BenchmarkIdleClocks(b *testing.B) {
	db := durable(b)
	began := time.Now()
	fill(b, db, clocks)
	b.Logf("%d units with a record and a clock each, in %s", clocks, time.Since(began).Round(time.Second))
	for b.Loop() {
		idle := took(b, 2000, func() error { return lookAhead(db, eve, false) })
		one := took(b, 2000, func() error {
			return db.QueryRow(b.Context(), `SELECT unit FROM unit WHERE authority = $1 AND unit = $2`, testbed.AF, firstUnit).Scan(new(string))
		})
		report(b, one, "floor-one-row")
		report(b, idle, "none-due")
		bench(b, db, `UPDATE unit SET claim_at = $1, due_at = $1 WHERE unit IN (SELECT unit FROM unit WHERE state = 'running' LIMIT 500)`, eve)
		report(b, took(b, 500, func() error { return lookAhead(db, eve, true) }), "500-due-look")
		report(b, took(b, 200, func() error { return takeAndPutBack(db, eve) }), "500-due-take")
		bench(b, db, `UPDATE unit SET claim_at = due_on, due_at = due_on WHERE claim_at = $1`, eve)
		for _, table := range []string{"unit", "clock", "record"} {
			var bytes int64
			if err := db.QueryRow(b.Context(), `SELECT pg_total_relation_size($1::text::regclass)`, table).Scan(&bytes); err != nil {
				b.Fatal(err)
			}
			b.ReportMetric(float64(bytes)/(1<<20), table+"-MB")
			b.ReportMetric(float64(bytes)/float64(clocks), table+"-B/row")
		}
	}
	b.ReportMetric(0, "ns/op")
}

// eve lies before every date of the tables.
var eve = testbed.At("2025-12-31 00:00")

const firstUnit = "00000000-0001-7000-8000-000000000000"

// durable is a PostgreSQL that fsyncs, with the service's tables.
func durable(b *testing.B) *pgxpool.Pool {
	b.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	server, err := pg.Launch(ctx, pg.LaunchConfig{Dir: filepath.Join(b.TempDir(), "pg"), Log: io.Discard, Settings: map[string]string{"max_wal_size": "8GB"}})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { cancel(); _ = server.Stop() })
	if err := errors.Join(server.Admin().EnsureRole(ctx, "clocks", "bench"), server.Admin().EnsureDatabase(ctx, "clocks", "clocks")); err != nil {
		b.Fatal(err)
	}
	url := server.URL("clocks", "clocks", "bench")
	err = pg.MigrateAll(ctx, url, pg.Migration{FS: outbox.Migrations, Dir: "migrations", Table: "outbox_version"},
		pg.Migration{FS: bus.Migrations, Dir: "migrations", Table: "bus_version"}, store.Migrations())
	if err != nil {
		b.Fatal(err)
	}
	db, err := pg.Open(ctx, url)
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(db.Close)
	return db
}

// fill writes what AddContact writes: nine of ten run out within the three years that follow, one is idle.
func fill(b *testing.B, db *pgxpool.Pool, n int) {
	bench(b, db, `
		INSERT INTO unit (authority, unit, holder, kind, key, partition, state, rule, trigger, due_on, due_at, claim_at, policy_version,
			category, collected_on, own_on)
		SELECT $1, id, 'intake', 'contact', id::text, n % 16, CASE WHEN n % 10 = 0 THEN 'idle' ELSE 'running' END, 'AFC-10', 'contact-ended',
			on_day, CASE WHEN n % 10 > 0 THEN on_day::timestamptz END, CASE WHEN n % 10 > 0 THEN on_day::timestamptz END, '2021-01-01',
			'contact.phone-log', on_day - 456, on_day - 456
		FROM (SELECT n, date '2026-01-01' + n % 1096 AS on_day,
				(lpad(to_hex(n / 65536), 8, '0') || '-' || lpad(to_hex(n % 65536), 4, '0') || '-7000-8000-000000000000')::uuid AS id
			FROM generate_series(1, $2::int) AS n) AS g`, testbed.AF, n)
	bench(b, db, `INSERT INTO record (authority, record, unit) SELECT authority, unit, unit FROM unit`)
	bench(b, db, `
		INSERT INTO clock (authority, unit, kind, rule, trigger, d0, period, mode, e, due_on, state)
		SELECT authority, unit, 'normal', rule, trigger, own_on, '15 months', 'exact', due_on, due_on, 'running' FROM unit WHERE state = 'running'`)
	for _, a := range consume.Awaited {
		bench(b, db, `INSERT INTO watermark (stream, partition, service, at) SELECT $1, p, $2, $3 FROM generate_series(0, 15) AS p`, a.Stream, a.Service, eve)
	}
	bench(b, db, `VACUUM ANALYZE`)
}

func bench(b *testing.B, db *pgxpool.Pool, sql string, args ...any) {
	b.Helper()
	if _, err := db.Exec(context.Background(), sql, args...); err != nil {
		b.Fatal(err)
	}
}

func lookAhead(db *pgxpool.Pool, now time.Time, due bool) error {
	ahead, err := store.LookAhead(context.Background(), db, now, nil)
	if err == nil && ahead.Takeable.IsZero() == due {
		err = fmt.Errorf("looks ahead to %+v", ahead)
	}
	return err
}

var putBack = errors.New("put back")

func takeAndPutBack(db *pgxpool.Pool, now time.Time) error {
	ctx := context.Background()
	err := pg.Tx(ctx, db, func(tx pgx.Tx) error {
		if err := store.SweepAlone(ctx, tx); err != nil {
			return err
		}
		taken, err := store.Take(ctx, tx, now, 5000)
		if err == nil && len(taken) != 500 {
			err = fmt.Errorf("took %d", len(taken))
		}
		if err != nil {
			return err
		}
		return putBack
	})
	if errors.Is(err, putBack) {
		return nil
	}
	return err
}

func took(b *testing.B, times int, do func() error) []time.Duration {
	b.Helper()
	all := make([]time.Duration, times)
	for i := range all {
		start := time.Now()
		if err := do(); err != nil {
			b.Fatal(err)
		}
		all[i] = time.Since(start)
	}
	slices.Sort(all)
	return all
}

func report(b *testing.B, took []time.Duration, what string) {
	for name, d := range map[string]time.Duration{"p50": took[len(took)/2], "p99": took[len(took)*99/100]} {
		b.ReportMetric(float64(d.Microseconds()), what+"-"+name+"-us")
	}
}
