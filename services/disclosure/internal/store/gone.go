package store

import (
	"context"
	"fmt"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
)

// Forget takes the random ids of persons whose identity is disposed of out of the register. What still waits keeps hers until it
// has ended, which Finish sees to. A line about somebody who was protected stays one for appointed officers.
func Forget(ctx context.Context, tx pgx.Tx, authority string, persons []uuid.UUID) error {
	batch := &pgx.Batch{}
	batch.Queue(`
		UPDATE disclosure AS d SET gone = true, person = CASE WHEN d.state = 'waiting' THEN d.person END,
			protected = d.protected OR EXISTS (SELECT FROM protected_person AS p WHERE p.authority = d.authority AND p.person = d.person)
		WHERE d.authority = $1 AND d.person = ANY($2)`, authority, persons)
	batch.Queue(`DELETE FROM protected_person WHERE authority = $1 AND person = ANY($2)`, authority, persons)
	if err := tx.SendBatch(ctx, batch).Close(); err != nil {
		return fmt.Errorf("forget %d persons: %w", len(persons), err)
	}
	return nil
}
