package store

import (
	"context"
	"fmt"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
)

// Count adds to what was ever separated and disposed of.
func Count(ctx context.Context, tx pgx.Tx, authority string, separated, disposed int) error {
	_, err := tx.Exec(ctx, `
		INSERT INTO total AS t (authority, separated, disposed) VALUES ($1, $2, $3)
		ON CONFLICT (authority) DO UPDATE SET separated = t.separated + excluded.separated, disposed = t.disposed + excluded.disposed`,
		authority, separated, disposed)
	if err != nil {
		return fmt.Errorf("count: %w", err)
	}
	return nil
}

// Totals over all authorities: ever separated, separated and living, disposed of.
type Totals struct {
	Separated int64 `json:"separated"`
	Present   int64 `json:"present"`
	Disposed  int64 `json:"disposed"`
}

// ReadTotals reads them in one snapshot.
func ReadTotals(ctx context.Context, q Querier) (t Totals, err error) {
	err = q.QueryRow(ctx, `
		SELECT coalesce(sum(separated), 0)::bigint, (SELECT count(*) FROM statistics_row WHERE state = 'separated'),
		       coalesce(sum(disposed), 0)::bigint
		FROM total`).Scan(&t.Separated, &t.Present, &t.Disposed)
	if err != nil {
		return t, fmt.Errorf("read totals: %w", err)
	}
	return t, nil
}

// Ended is how many rows have come to the end of their period, ever.
func Ended(ctx context.Context, q Querier) (n int64, err error) {
	if err = q.QueryRow(ctx, `SELECT coalesce(sum(disposed), 0)::bigint FROM total`).Scan(&n); err != nil {
		err = fmt.Errorf("read totals: %w", err)
	}
	return n, err
}

// Standing is a row's id and state: what a simulated deployment shows.
type Standing struct {
	ID    uuid.UUID `json:"id"`
	State string    `json:"state"`
}

// Standings is all rows, in the order of their random ids.
func Standings(ctx context.Context, q Querier) ([]Standing, error) {
	rows, err := q.Query(ctx, `SELECT id, state FROM statistics_row ORDER BY id`)
	if err != nil {
		return nil, fmt.Errorf("read rows: %w", err)
	}
	return pgx.CollectRows(rows, pgx.RowToStructByPos[Standing])
}
