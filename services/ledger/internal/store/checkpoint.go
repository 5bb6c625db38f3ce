package store

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"
)

// Newest is the signed note of the newest checkpoint and its size; size is -1
// while there is none.
func Newest(ctx context.Context, q Querier) (size int64, note string, err error) {
	err = q.QueryRow(ctx, `SELECT size, note FROM checkpoint ORDER BY size DESC LIMIT 1`).Scan(&size, &note)
	if errors.Is(err, pgx.ErrNoRows) {
		return -1, "", nil
	}
	if err != nil {
		return 0, "", fmt.Errorf("read newest checkpoint: %w", err)
	}
	return size, note, nil
}

// Notes is every checkpoint's signed note by its size.
func Notes(ctx context.Context, q Querier) (map[int64]string, error) {
	rows, err := q.Query(ctx, `SELECT size, note FROM checkpoint`)
	if err != nil {
		return nil, fmt.Errorf("read checkpoints: %w", err)
	}
	notes := map[int64]string{}
	var size int64
	var note string
	_, err = pgx.ForEachRow(rows, []any{&size, &note}, func() error {
		notes[size] = note
		return nil
	})
	return notes, err
}

// AddCheckpoint stores a signed note.
func AddCheckpoint(ctx context.Context, tx pgx.Tx, size int64, note string) error {
	if _, err := tx.Exec(ctx, `INSERT INTO checkpoint (size, note) VALUES ($1, $2)`, size, note); err != nil {
		return fmt.Errorf("store checkpoint: %w", err)
	}
	return nil
}
