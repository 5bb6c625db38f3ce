package store

import (
	"context"
	"fmt"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
)

// Conceal keeps the receipts of records for appointed officers alone. The log
// itself says nothing of it: a leaf is what was destroyed, not about whom.
func Conceal(ctx context.Context, tx pgx.Tx, authority string, records []uuid.UUID) error {
	if len(records) == 0 {
		return nil
	}
	_, err := tx.Exec(ctx, `
		INSERT INTO concealed (authority, record) SELECT $1, r FROM unnest($2::uuid[]) AS r ON CONFLICT DO NOTHING`, authority, records)
	if err != nil {
		return fmt.Errorf("conceal receipts: %w", err)
	}
	return nil
}
