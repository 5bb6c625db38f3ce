package store

import (
	"context"
	"fmt"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
)

// Hold notes that a hold pauses units.
func Hold(ctx context.Context, tx pgx.Tx, authority string, hold uuid.UUID, units []uuid.UUID) error {
	_, err := tx.Exec(ctx, `
		INSERT INTO unit_hold (authority, unit, hold) SELECT $1, u, $2 FROM unnest($3::uuid[]) AS u ON CONFLICT DO NOTHING`,
		authority, hold, units)
	if err != nil {
		return fmt.Errorf("note hold: %w", err)
	}
	return nil
}

// Release notes that a hold is over.
func Release(ctx context.Context, tx pgx.Tx, authority string, hold uuid.UUID, units []uuid.UUID) error {
	_, err := tx.Exec(ctx, `DELETE FROM unit_hold WHERE authority = $1 AND hold = $2 AND unit = ANY($3)`, authority, hold, units)
	if err != nil {
		return fmt.Errorf("note release: %w", err)
	}
	return nil
}
