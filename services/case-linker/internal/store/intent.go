package store

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"gallra.se/libs/calendar"
)

// Intent is a disposal that is decided and not yet carried out. From here on there is no way back.
type Intent struct {
	Authority     string
	Unit          uuid.UUID
	Person        uuid.UUID
	Rule          string
	Trigger       string
	DueOn         calendar.Date
	DueAt         time.Time
	PolicyVersion string
}

// InsertIntent commits a unit to destruction; its readers get 410 from now.
func InsertIntent(ctx context.Context, tx pgx.Tx, i Intent) error {
	_, err := tx.Exec(ctx, `
		WITH p AS (UPDATE person SET intended = true WHERE authority = $1 AND person = $2),
		     s AS (UPDATE share SET intended = true WHERE authority = $1 AND share = $2),
		     n AS (UPDATE note_unit SET intended = true WHERE authority = $1 AND unit = $2)
		INSERT INTO intent (authority, unit, person, rule, trigger, due_on, due_at, policy_version)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT DO NOTHING`,
		i.Authority, i.Unit, i.Person, i.Rule, i.Trigger, i.DueOn, i.DueAt, i.PolicyVersion)
	if err != nil {
		return fmt.Errorf("commit intent: %w", err)
	}
	return nil
}

// Intents are the oldest intents, at most n.
func Intents(ctx context.Context, db DB, n int) ([]Intent, error) {
	rows, err := db.Query(ctx, `
		SELECT authority, unit, person, rule, trigger, due_on, due_at, policy_version FROM intent ORDER BY due_at, person, unit LIMIT $1`, n)
	if err != nil {
		return nil, fmt.Errorf("read intents: %w", err)
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (i Intent, err error) {
		err = row.Scan(&i.Authority, &i.Unit, &i.Person, &i.Rule, &i.Trigger, &i.DueOn, &i.DueAt, &i.PolicyVersion)
		return i, err
	})
}

// buryLock is held by the transaction that buries.
const buryLock = 0x62757279 // "bury"

// BuryAlone waits until no other transaction buries. A case's file goes with the last of its shares: of two transactions
// that bury one each, neither would see that its own is the last.
func BuryAlone(ctx context.Context, tx pgx.Tx) error {
	if _, err := tx.Exec(ctx, `SELECT pg_advisory_xact_lock($1)`, int64(buryLock)); err != nil {
		return fmt.Errorf("wait for the burial of another instance: %w", err)
	}
	return nil
}

// TakeIntents locks the given intents; those that another instance has finished are left out.
func TakeIntents(ctx context.Context, tx pgx.Tx, authority string, units []uuid.UUID) (map[uuid.UUID]bool, error) {
	rows, err := tx.Query(ctx, `SELECT unit FROM intent WHERE authority = $1 AND unit = ANY($2) ORDER BY unit FOR UPDATE`, authority, units)
	if err != nil {
		return nil, fmt.Errorf("take intents: %w", err)
	}
	ids, err := pgx.CollectRows(rows, pgx.RowTo[uuid.UUID])
	out := map[uuid.UUID]bool{}
	for _, id := range ids {
		out[id] = true
	}
	return out, err
}
