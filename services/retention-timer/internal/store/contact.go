package store

import (
	"context"
	"fmt"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
)

// AddContact makes a contact's unit with its one record and one clock, in one round trip: contacts come by the thousand.
// added is false when the unit is known, or disposed of, already; held says that a hold on the record came before it.
func AddContact(ctx context.Context, tx pgx.Tx, u Unit, record uuid.UUID, c Clock) (added, held bool, err error) {
	err = tx.QueryRow(ctx, `
		WITH added AS (
			INSERT INTO unit (authority, unit, holder, kind, key, partition, state, rule, trigger, due_on, due_at, claim_at, policy_version)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $11, $12) ON CONFLICT DO NOTHING RETURNING unit),
		recorded AS (
			INSERT INTO record (authority, record, unit) SELECT $1, $13, unit FROM added ON CONFLICT DO NOTHING),
		armed AS (
			INSERT INTO clock (authority, unit, rule, trigger, d0, period, mode, e, due_on, state)
			SELECT $1, unit, $14, $15, $16, $17, $18, $19, $20, 'running' FROM added)
		SELECT EXISTS (SELECT 1 FROM added),
		       EXISTS (SELECT 1 FROM hold WHERE authority = $1 AND target = $13 AND released_at IS NULL)`,
		u.Authority, u.ID, u.Holder, u.Kind, u.Key, u.Partition, u.State, u.Rule, u.Trigger, u.DueOn, instant(u.DueAt), u.PolicyVersion,
		record, c.Rule, c.Trigger, c.D0, c.Period, c.Mode, c.E, c.DueOn).Scan(&added, &held)
	if err != nil {
		return false, false, fmt.Errorf("add contact %s: %w", record, err)
	}
	return added, held, nil
}
