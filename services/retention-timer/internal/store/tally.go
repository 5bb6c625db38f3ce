package store

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"
)

// CountDisposed adds records to the count of a rule.
func CountDisposed(ctx context.Context, tx pgx.Tx, authority, rule string, records int) error {
	_, err := tx.Exec(ctx, `
		INSERT INTO tally AS t (authority, rule, disposed) VALUES ($1, $2, $3)
		ON CONFLICT (authority, rule) DO UPDATE SET disposed = t.disposed + excluded.disposed`, authority, rule, records)
	if err != nil {
		return fmt.Errorf("count disposed records: %w", err)
	}
	return nil
}
