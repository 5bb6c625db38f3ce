package store

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"
)

// CountDisposed adds records to the count of a rule: a row of its own for each partition, since instances that count in one
// row, in large transactions, would wait for each other in a circle.
func CountDisposed(ctx context.Context, tx pgx.Tx, authority, rule string, partition, records int) error {
	_, err := tx.Exec(ctx, `
		INSERT INTO tally_part AS t (authority, rule, partition, disposed) VALUES ($1, $2, $3, $4)
		ON CONFLICT (authority, rule, partition) DO UPDATE SET disposed = t.disposed + excluded.disposed`, authority, rule, partition, records)
	if err != nil {
		return fmt.Errorf("count disposed records: %w", err)
	}
	return nil
}
