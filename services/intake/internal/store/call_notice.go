package store

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
)

// TellCall notes that a customer was told before the call, named by its MAC, was recorded. The first time counts.
func TellCall(ctx context.Context, tx pgx.Tx, authority string, call []byte, line string, at time.Time) error {
	_, err := tx.Exec(ctx, `INSERT INTO call_notice (authority, call, line, told_at) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING`,
		authority, call, line, at)
	if err != nil {
		return fmt.Errorf("note that a call was announced: %w", err)
	}
	return nil
}

// CallTold says when, and on which line, a customer was told; found is false where nobody was.
func CallTold(ctx context.Context, db Querier, authority string, call []byte) (line string, at time.Time, found bool, err error) {
	err = db.QueryRow(ctx, `SELECT line, told_at FROM call_notice WHERE authority = $1 AND call = $2`, authority, call).Scan(&line, &at)
	if errors.Is(err, pgx.ErrNoRows) {
		return "", at, false, nil
	}
	if err != nil {
		return "", at, false, fmt.Errorf("look for a call's notice: %w", err)
	}
	return line, at, true, nil
}

// ForgetCalls drops the notices that were given at or before then.
func ForgetCalls(ctx context.Context, tx pgx.Tx, then time.Time) error {
	if _, err := tx.Exec(ctx, `DELETE FROM call_notice WHERE told_at <= $1`, then); err != nil {
		return fmt.Errorf("forget calls: %w", err)
	}
	return nil
}
