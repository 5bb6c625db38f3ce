package store

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
)

// AddObjection writes an objection down; first is false where it stands already.
func AddObjection(ctx context.Context, tx pgx.Tx, authority string, id uuid.UUID, madeAt time.Time) (first bool, err error) {
	tag, err := tx.Exec(ctx, `INSERT INTO objection (authority, id, made_at) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING`, authority, id, madeAt)
	if err != nil {
		return false, fmt.Errorf("add objection: %w", err)
	}
	return tag.RowsAffected() == 1, nil
}

// DropObjection takes an objection back; found is false where none stands.
func DropObjection(ctx context.Context, tx pgx.Tx, authority string, id uuid.UUID) (found bool, err error) {
	tag, err := tx.Exec(ctx, `DELETE FROM objection WHERE authority = $1 AND id = $2`, authority, id)
	if err != nil {
		return false, fmt.Errorf("drop objection: %w", err)
	}
	return tag.RowsAffected() == 1, nil
}

// Standing tells which of the objections stand. A look-up without a row is what a crash left of one that nobody was
// answered for.
func Standing(ctx context.Context, db Querier, authority string, ids []uuid.UUID) (map[uuid.UUID]bool, error) {
	rows, err := db.Query(ctx, `SELECT id FROM objection WHERE authority = $1 AND id = ANY($2)`, authority, ids)
	if err != nil {
		return nil, fmt.Errorf("look for objections: %w", err)
	}
	standing := map[uuid.UUID]bool{}
	var id uuid.UUID
	_, err = pgx.ForEachRow(rows, []any{&id}, func() error {
		standing[id] = true
		return nil
	})
	return standing, err
}
