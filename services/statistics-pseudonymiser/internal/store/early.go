package store

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"gallra.se/libs/calendar"
)

// What can come before its row.
const (
	EarlyNone      = ""
	EarlyWithdrawn = "withdrawn"
	EarlySeparated = "separated"
)

// Early is a withdrawal or separation whose row has not come yet.
type Early struct {
	Kind        string
	SeparatedOn calendar.Date
}

// Remember keeps e until its row comes, or until forgetAt.
func Remember(ctx context.Context, tx pgx.Tx, authority string, mac []byte, e Early, forgetAt time.Time) error {
	_, err := tx.Exec(ctx, `
		INSERT INTO early (authority, row_mac, kind, separated_on, forget_at) VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT (authority, row_mac) DO NOTHING`, authority, mac, e.Kind, e.SeparatedOn, forgetAt)
	if err != nil {
		return fmt.Errorf("remember for a row to come: %w", err)
	}
	return nil
}

// Recall takes out what was remembered for the row; Kind is EarlyNone for
// nothing.
func Recall(ctx context.Context, tx pgx.Tx, authority string, mac []byte) (e Early, err error) {
	err = tx.QueryRow(ctx, `DELETE FROM early WHERE authority = $1 AND row_mac = $2 RETURNING kind, separated_on`, authority, mac).
		Scan(&e.Kind, &e.SeparatedOn)
	if errors.Is(err, pgx.ErrNoRows) {
		return Early{}, nil
	}
	if err != nil {
		return Early{}, fmt.Errorf("recall for a row: %w", err)
	}
	return e, nil
}

// Forget drops what has waited too long for its row.
func Forget(ctx context.Context, tx pgx.Tx, now time.Time) error {
	if _, err := tx.Exec(ctx, `DELETE FROM early WHERE forget_at <= $1`, now); err != nil {
		return fmt.Errorf("forget: %w", err)
	}
	return nil
}

// NextForget is when the next is dropped; zero for none.
func NextForget(ctx context.Context, q Querier) (time.Time, error) {
	return earliest(ctx, q, `SELECT min(forget_at) FROM early`)
}
