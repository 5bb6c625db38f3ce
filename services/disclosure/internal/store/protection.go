package store

import (
	"context"
	"fmt"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
)

// Mark notes that a person is protected.
func Mark(ctx context.Context, tx pgx.Tx, authority string, person uuid.UUID) error {
	_, err := tx.Exec(ctx, `INSERT INTO protected_person (authority, person) VALUES ($1, $2) ON CONFLICT DO NOTHING`, authority, person)
	if err != nil {
		return fmt.Errorf("note protection: %w", err)
	}
	return nil
}

// Unmark notes that a person is protected no longer.
func Unmark(ctx context.Context, tx pgx.Tx, authority string, person uuid.UUID) error {
	_, err := tx.Exec(ctx, `DELETE FROM protected_person WHERE authority = $1 AND person = $2`, authority, person)
	if err != nil {
		return fmt.Errorf("note end of protection: %w", err)
	}
	return nil
}
