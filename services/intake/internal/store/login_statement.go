package store

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
)

// UseStatement notes that a login uses an identity provider's statement, and forgets those that have expired before now
// (machine's time). ok is false when another login has used it.
func UseStatement(ctx context.Context, tx pgx.Tx, authority string, statement, source []byte, until, now time.Time) (ok bool, err error) {
	if _, err := tx.Exec(ctx, `DELETE FROM login_statement WHERE until < $1`, now); err != nil {
		return false, fmt.Errorf("forget expired statements: %w", err)
	}
	_, err = tx.Exec(ctx, `
		INSERT INTO login_statement (authority, statement, source, until) VALUES ($1, $2, $3, $4)
		ON CONFLICT (authority, statement) DO NOTHING`, authority, statement, source, until)
	if err != nil {
		return false, fmt.Errorf("note a statement: %w", err)
	}
	err = tx.QueryRow(ctx, `SELECT source = $3 FROM login_statement WHERE authority = $1 AND statement = $2`,
		authority, statement, source).Scan(&ok)
	if err != nil {
		return false, fmt.Errorf("note a statement: %w", err)
	}
	return ok, nil
}
