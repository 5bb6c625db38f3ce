package store

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"
)

// Querier is a transaction or a pool.
type Querier interface {
	Query(ctx context.Context, sql string, args ...any) (pgx.Rows, error)
	QueryRow(ctx context.Context, sql string, args ...any) pgx.Row
}

// Begun says that there is a log.
func Begun(ctx context.Context, q Querier) (begun bool, err error) {
	if err = q.QueryRow(ctx, `SELECT EXISTS (SELECT FROM tree)`).Scan(&begun); err != nil {
		return false, fmt.Errorf("look for the log: %w", err)
	}
	return begun, nil
}

// PublicKeyOf is the key that the log was begun with, and is publicKey for a log
// that begins now.
func PublicKeyOf(ctx context.Context, tx pgx.Tx, publicKey string) (string, error) {
	_, err := tx.Exec(ctx, `INSERT INTO tree (size, public_key) VALUES (0, $1) ON CONFLICT DO NOTHING`, publicKey)
	if err != nil {
		return "", fmt.Errorf("begin the log: %w", err)
	}
	var begunWith string
	if err := tx.QueryRow(ctx, `SELECT public_key FROM tree`).Scan(&begunWith); err != nil {
		return "", fmt.Errorf("read key of the log: %w", err)
	}
	return begunWith, nil
}

// Size is how many leaves the log has.
func Size(ctx context.Context, q Querier) (size int64, err error) {
	if err = q.QueryRow(ctx, `SELECT size FROM tree`).Scan(&size); err != nil {
		return 0, fmt.Errorf("read size of the log: %w", err)
	}
	return size, nil
}

// LockSize is Size, and holds off every other append until the transaction
// ends: the log has one end, and leaves are added to it one transaction at a
// time.
func LockSize(ctx context.Context, tx pgx.Tx) (size int64, err error) {
	if err = tx.QueryRow(ctx, `SELECT size FROM tree FOR UPDATE`).Scan(&size); err != nil {
		return 0, fmt.Errorf("lock the log: %w", err)
	}
	return size, nil
}

func setSize(ctx context.Context, tx pgx.Tx, size int64) error {
	if _, err := tx.Exec(ctx, `UPDATE tree SET size = $1`, size); err != nil {
		return fmt.Errorf("set size of the log: %w", err)
	}
	return nil
}
