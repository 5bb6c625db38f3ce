package store

import (
	"context"
	"fmt"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
)

// AddRecord says that a record goes with a unit.
func AddRecord(ctx context.Context, tx pgx.Tx, authority string, record, unit uuid.UUID) error {
	_, err := tx.Exec(ctx, `INSERT INTO record (authority, record, unit) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING`,
		authority, record, unit)
	if err != nil {
		return fmt.Errorf("add record %s: %w", record, err)
	}
	return nil
}
