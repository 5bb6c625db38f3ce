package store

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
)

// Awaited names a stream whose word is needed before anything is destroyed, and the service that gives it.
type Awaited struct{ Stream, Service string }

// AwaitWatermarks makes rows for streams that have said nothing yet: their silence holds the sweep back.
func AwaitWatermarks(ctx context.Context, tx pgx.Tx, awaited []Awaited, partitions int) error {
	for _, a := range awaited {
		_, err := tx.Exec(ctx, `
			INSERT INTO watermark (stream, partition, service, at)
			SELECT $1, p, $2, '-infinity' FROM generate_series(0, $3::int - 1) AS p ON CONFLICT DO NOTHING`,
			a.Stream, a.Service, partitions)
		if err != nil {
			return fmt.Errorf("await watermark of %s: %w", a.Stream, err)
		}
	}
	return nil
}

// PassWatermark moves a stream's watermark forward, never back.
func PassWatermark(ctx context.Context, tx pgx.Tx, a Awaited, partitions []int, at time.Time) error {
	_, err := tx.Exec(ctx, `
		UPDATE watermark SET at = $4
		WHERE stream = $1 AND service = $2 AND partition = ANY($3::int[]) AND at < $4`, a.Stream, a.Service, partitions, at)
	if err != nil {
		return fmt.Errorf("pass watermark of %s: %w", a.Stream, err)
	}
	return nil
}

// Behind names the services of which some partition's watermark lies before the instant, and the others.
func Behind(ctx context.Context, tx pgx.Tx, before time.Time) (behind, abreast []string, err error) {
	rows, err := tx.Query(ctx, `SELECT service, bool_or(at < $1) FROM watermark GROUP BY service ORDER BY service`, before)
	if err != nil {
		return nil, nil, fmt.Errorf("read watermarks: %w", err)
	}
	var service string
	var late bool
	_, err = pgx.ForEachRow(rows, []any{&service, &late}, func() error {
		if late {
			behind = append(behind, service)
		} else {
			abreast = append(abreast, service)
		}
		return nil
	})
	if err != nil {
		return nil, nil, fmt.Errorf("read watermarks: %w", err)
	}
	return behind, abreast, nil
}
