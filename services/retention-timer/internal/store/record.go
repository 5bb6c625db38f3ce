package store

import (
	"context"
	"fmt"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
)

// AddRecord says that a record goes with a unit. Its category is "" where it is that of the unit.
func AddRecord(ctx context.Context, tx pgx.Tx, authority string, record, unit uuid.UUID, category string) error {
	_, err := tx.Exec(ctx, `INSERT INTO record (authority, record, unit, category) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING`,
		authority, record, unit, category)
	if err != nil {
		return fmt.Errorf("add record %s: %w", record, err)
	}
	return nil
}

// MoveRecord says that a record goes with another unit from now on.
func MoveRecord(ctx context.Context, tx pgx.Tx, authority string, record, from, to uuid.UUID) error {
	if from == to {
		return nil
	}
	batch := &pgx.Batch{}
	batch.Queue(`INSERT INTO record (authority, record, unit, category)
		SELECT $1, $2, $4, coalesce((SELECT category FROM record WHERE authority = $1 AND record = $2 AND unit = $3), '')
		ON CONFLICT DO NOTHING`, authority, record, from, to)
	batch.Queue(`DELETE FROM record WHERE authority = $1 AND record = $2 AND unit = $3`, authority, record, from)
	if err := tx.SendBatch(ctx, batch).Close(); err != nil {
		return fmt.Errorf("move record %s: %w", record, err)
	}
	return nil
}
