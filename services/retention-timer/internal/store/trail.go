package store

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"gallra.se/libs/calendar"
)

// Step is one move of a unit's date.
type Step struct {
	At      time.Time     `json:"at"`
	Because string        `json:"because"` // the event that moved it, as case.closed
	Rule    string        `json:"rule"`
	DueOn   calendar.Date `json:"dueOn"` // "" where no date was left
}

// LeaveTrail writes that a unit's date moved.
func LeaveTrail(batch *pgx.Batch, u Unit, at time.Time, because string) {
	batch.Queue(`INSERT INTO trail (authority, unit, at, because, rule, due_on) VALUES ($1, $2, $3, $4, $5, $6)`,
		u.Authority, u.ID, at, because, u.Rule, u.DueOn)
}

// Trail reads the moves of a unit's date, oldest first.
func Trail(ctx context.Context, tx pgx.Tx, authority string, unit uuid.UUID) ([]Step, error) {
	rows, err := tx.Query(ctx, `SELECT at, because, rule, due_on FROM trail WHERE authority = $1 AND unit = $2 ORDER BY n`, authority, unit)
	if err != nil {
		return nil, fmt.Errorf("read trail of %s: %w", unit, err)
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (Step, error) {
		var s Step
		err := row.Scan(&s.At, &s.Because, &s.Rule, &s.DueOn)
		s.At = s.At.UTC()
		return s, err
	})
}
