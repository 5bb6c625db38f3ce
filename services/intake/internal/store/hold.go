package store

import (
	"context"
	"fmt"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
)

// Hold notes that a hold pauses these contacts; those that are gone are passed
// over.
func Hold(ctx context.Context, tx pgx.Tx, authority string, hold uuid.UUID, units []uuid.UUID) error {
	_, err := tx.Exec(ctx, `
		INSERT INTO unit_hold (authority, unit, hold)
		SELECT authority, unit, $2 FROM contact WHERE authority = $1 AND unit = ANY($3) ORDER BY unit FOR KEY SHARE
		ON CONFLICT DO NOTHING`, authority, hold, units)
	if err != nil {
		return fmt.Errorf("note hold: %w", err)
	}
	return nil
}

// Release notes that a hold does not pause these contacts any more.
func Release(ctx context.Context, tx pgx.Tx, authority string, hold uuid.UUID, units []uuid.UUID) error {
	_, err := tx.Exec(ctx, `DELETE FROM unit_hold WHERE authority = $1 AND hold = $2 AND unit = ANY($3)`, authority, hold, units)
	if err != nil {
		return fmt.Errorf("note release: %w", err)
	}
	return nil
}
