// Package store keeps the disclosure register in PostgreSQL: one file per table. It decides nothing.
package store

import (
	"context"
	"embed"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
)

// Migrations of the service's own tables.
//
//go:embed migrations/*.sql
var Migrations embed.FS

// States of a disclosure.
const (
	Waiting   = "waiting"   // decided, not delivered yet
	Delivered = "delivered" // acknowledged by the recipient
	Closed    = "closed"    // nothing to deliver
	Held      = "held"      // an appointed officer has to decide
)

// Disclosure is one row of the register.
type Disclosure struct {
	Authority     string
	ID            uuid.UUID
	Recipient     string
	Person        *uuid.UUID
	Mode          string
	Fields        []string
	Withheld      []string
	Purpose       string
	LawRef        string
	Decision      string
	Rule          string
	PolicyVersion string
	RequestedAt   time.Time
	State         string
	NextAt        *time.Time
	FailingSince  *time.Time
	Attempts      int
	Protected     bool // the person was when it was decided
}

const columns = `authority, id, recipient, person, mode, fields, withheld, purpose, law_ref, decision, rule,
	policy_version, requested_at, state, next_at, failing_since, attempts, protected`

// Insert adds a row; fresh is false when the id is already there.
func Insert(ctx context.Context, tx pgx.Tx, d Disclosure) (fresh bool, err error) {
	tag, err := tx.Exec(ctx, `INSERT INTO disclosure (`+columns+`)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18) ON CONFLICT DO NOTHING`,
		d.Authority, d.ID, d.Recipient, d.Person, d.Mode, list(d.Fields), list(d.Withheld), d.Purpose, d.LawRef, d.Decision, d.Rule,
		d.PolicyVersion, d.RequestedAt, d.State, d.NextAt, d.FailingSince, d.Attempts, d.Protected)
	if err != nil {
		return false, fmt.Errorf("insert disclosure: %w", err)
	}
	return tag.RowsAffected() == 1, nil
}

// list: an empty list is stored as one, not as NULL.
func list(names []string) []string {
	if names == nil {
		return []string{}
	}
	return names
}

// Get reads one row.
func Get(ctx context.Context, tx pgx.Tx, authority string, id uuid.UUID) (Disclosure, error) {
	rows, err := tx.Query(ctx, `SELECT `+columns+` FROM disclosure WHERE authority = $1 AND id = $2`, authority, id)
	if err != nil {
		return Disclosure{}, fmt.Errorf("read disclosure %s: %w", id, err)
	}
	return pgx.CollectExactlyOneRow(rows, pgx.RowToStructByPos[Disclosure])
}

// Due lists what waits for an attempt at or before now, the longest waiting first.
func Due(ctx context.Context, db *pgxpool.Pool, now time.Time, limit int) ([]Disclosure, error) {
	rows, err := db.Query(ctx, `SELECT `+columns+` FROM disclosure
		WHERE state = 'waiting' AND next_at <= $1 ORDER BY next_at, id LIMIT $2`, now, limit)
	if err != nil {
		return nil, fmt.Errorf("list due deliveries: %w", err)
	}
	return pgx.CollectRows(rows, pgx.RowToStructByPos[Disclosure])
}

// NextAttempt is the earliest one that waits.
func NextAttempt(ctx context.Context, db *pgxpool.Pool) (at time.Time, ok bool, err error) {
	err = db.QueryRow(ctx, `SELECT next_at FROM disclosure WHERE state = 'waiting' ORDER BY next_at LIMIT 1`).Scan(&at)
	if errors.Is(err, pgx.ErrNoRows) {
		return time.Time{}, false, nil
	}
	return at.UTC(), err == nil, err
}

// CountWaiting counts what is decided and not delivered yet.
func CountWaiting(ctx context.Context, db *pgxpool.Pool) (n int64, err error) {
	if err = db.QueryRow(ctx, `SELECT count(*) FROM disclosure WHERE state = 'waiting'`).Scan(&n); err != nil {
		err = fmt.Errorf("count waiting deliveries: %w", err)
	}
	return n, err
}

// Finish ends the waiting; won is false when somebody else already has. From then on the line names nobody who is gone.
func Finish(ctx context.Context, tx pgx.Tx, d Disclosure, state, decision string) (won bool, err error) {
	tag, err := tx.Exec(ctx, `UPDATE disclosure SET state = $3, decision = $4, next_at = NULL, attempts = attempts + 1,
			person = CASE WHEN NOT gone THEN person END
		WHERE authority = $1 AND id = $2 AND state = 'waiting'`, d.Authority, d.ID, state, decision)
	if err != nil {
		return false, fmt.Errorf("finish disclosure %s: %w", d.ID, err)
	}
	return tag.RowsAffected() == 1, nil
}

// Postpone sets the next attempt after a failure.
func Postpone(ctx context.Context, tx pgx.Tx, d Disclosure, failingSince, next time.Time) error {
	_, err := tx.Exec(ctx, `UPDATE disclosure SET failing_since = $3, next_at = $4, attempts = attempts + 1
		WHERE authority = $1 AND id = $2 AND state = 'waiting'`, d.Authority, d.ID, failingSince, next)
	if err != nil {
		return fmt.Errorf("postpone disclosure %s: %w", d.ID, err)
	}
	return nil
}

// Counts is how many disclosures stand at each decision and state: released/waiting, denied/closed, …
func Counts(ctx context.Context, db *pgxpool.Pool) (map[string]int64, error) {
	rows, err := db.Query(ctx, `SELECT decision || '/' || state, count(*) FROM disclosure GROUP BY 1`)
	if err != nil {
		return nil, fmt.Errorf("count disclosures: %w", err)
	}
	out := map[string]int64{}
	var key string
	var n int64
	_, err = pgx.ForEachRow(rows, []any{&key, &n}, func() error {
		out[key] = n
		return nil
	})
	return out, err
}
