package store

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
)

// Waiting is what is past its date, not disposed of, and held back by no hold. Units are counted to twice a hundred
// thousand: beyond that nobody asks for the last one.
type Waiting struct {
	Due     int
	Overdue int
	Oldest  time.Time // date of the oldest; zero: none waits
}

// offeredAgain is how far ahead a unit that was declined may be offered again (DeclineUnits): the next midnight.
const offeredAgain = 48 * time.Hour

// Wait counts by two small indexes: it is asked every few seconds.
func Wait(ctx context.Context, q Querier, now, overdueBefore time.Time) (w Waiting, err error) {
	var oldest *time.Time
	err = q.QueryRow(ctx, `
		SELECT count(*), count(*) FILTER (WHERE due_at < $2), min(due_at) FROM (
			(SELECT due_at FROM unit WHERE state = 'due' AND NOT held AND due_at <= $1 ORDER BY due_at LIMIT 100000)
			UNION ALL
			(SELECT due_at FROM unit WHERE state = 'running' AND NOT held AND (NOT review OR approved) AND claim_at <= $3 AND due_at <= $1 ORDER BY claim_at LIMIT 100000)
		) AS waiting`, now, overdueBefore, now.Add(offeredAgain)).Scan(&w.Due, &w.Overdue, &oldest)
	if err != nil {
		return w, fmt.Errorf("count what is due: %w", err)
	}
	w.Oldest = utc(oldest)
	return w, nil
}

// ActiveHolds counts the holds that are not released.
func ActiveHolds(ctx context.Context, q Querier) (n int, err error) {
	if err = q.QueryRow(ctx, `SELECT count(*) FROM hold WHERE released_at IS NULL`).Scan(&n); err != nil {
		return 0, fmt.Errorf("count holds: %w", err)
	}
	return n, nil
}

// OpenAlarms counts them by name.
func OpenAlarms(ctx context.Context, q Querier) (map[string]int, error) {
	return countedBy(ctx, q, `SELECT name, count(*) FROM alarm GROUP BY name`)
}

// DisposedRecords counts them by rule, over all authorities, since the beginning.
func DisposedRecords(ctx context.Context, q Querier) (map[string]int, error) {
	return countedBy(ctx, q, `SELECT rule, sum(disposed)::bigint FROM tallied GROUP BY rule`)
}

func countedBy(ctx context.Context, q Querier, sql string) (map[string]int, error) {
	rows, err := q.Query(ctx, sql)
	if err != nil {
		return nil, fmt.Errorf("count: %w", err)
	}
	counts := map[string]int{}
	var name string
	var n int
	if _, err = pgx.ForEachRow(rows, []any{&name, &n}, func() error { counts[name] = n; return nil }); err != nil {
		return nil, fmt.Errorf("count: %w", err)
	}
	return counts, nil
}

// WatermarkAges is, by stream, for how many seconds the producer has not said that all before is published: infinite for
// one that has never said anything.
func WatermarkAges(ctx context.Context, q Querier, now time.Time) (map[string]float64, error) {
	rows, err := q.Query(ctx, `
		SELECT stream, extract(epoch FROM $1::timestamptz)::float8 - min(extract(epoch FROM at)::float8) FROM watermark GROUP BY stream`, now)
	if err != nil {
		return nil, fmt.Errorf("read watermarks: %w", err)
	}
	ages := map[string]float64{}
	var stream string
	var age float64
	if _, err = pgx.ForEachRow(rows, []any{&stream, &age}, func() error { ages[stream] = age; return nil }); err != nil {
		return nil, fmt.Errorf("read watermarks: %w", err)
	}
	return ages, nil
}
