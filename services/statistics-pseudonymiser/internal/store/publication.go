package store

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
)

// Owed is the rows to be published by now, at most limit, in the order of their
// event ids: random ids, and so the order in which they came is lost.
func Owed(ctx context.Context, q Querier, now time.Time, limit int) ([]Kept, error) {
	rows, err := q.Query(ctx, `SELECT `+rowColumns+` FROM statistics_row WHERE publish_at <= $1 ORDER BY event LIMIT $2`, now, limit)
	if err != nil {
		return nil, fmt.Errorf("read rows to publish: %w", err)
	}
	return pgx.CollectRows(rows, scanRow)
}

// Published notes that these publications have been made. A row that was changed
// in the meantime has another event and stays owed.
func Published(ctx context.Context, tx pgx.Tx, events []uuid.UUID) error {
	if _, err := tx.Exec(ctx, `UPDATE statistics_row SET publish_at = NULL WHERE event = ANY($1)`, events); err != nil {
		return fmt.Errorf("note publications: %w", err)
	}
	return nil
}

// NextPublication is when the earliest row is to be published; zero for none.
func NextPublication(ctx context.Context, q Querier) (time.Time, error) {
	return earliest(ctx, q, `SELECT min(publish_at) FROM statistics_row WHERE publish_at IS NOT NULL`)
}

// AddPurges asks that subjects be purged from the analysts' stream.
func AddPurges(ctx context.Context, tx pgx.Tx, subjects ...string) error {
	_, err := tx.Exec(ctx, `INSERT INTO purge (subject) SELECT unnest($1::text[]) ON CONFLICT DO NOTHING`, subjects)
	if err != nil {
		return fmt.Errorf("ask for purge: %w", err)
	}
	return nil
}

// Purges is subjects to be purged, at most limit.
func Purges(ctx context.Context, q Querier, limit int) ([]string, error) {
	rows, err := q.Query(ctx, `SELECT subject FROM purge ORDER BY subject LIMIT $1`, limit)
	if err != nil {
		return nil, fmt.Errorf("read purges: %w", err)
	}
	return pgx.CollectRows(rows, pgx.RowTo[string])
}

// Purged notes that subjects have been purged.
func Purged(ctx context.Context, tx pgx.Tx, subjects []string) error {
	if _, err := tx.Exec(ctx, `DELETE FROM purge WHERE subject = ANY($1)`, subjects); err != nil {
		return fmt.Errorf("note purges: %w", err)
	}
	return nil
}
