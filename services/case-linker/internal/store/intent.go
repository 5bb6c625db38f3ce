package store

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"gallra.se/events"
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

// InsertIntents commits an authority's units to destruction; their readers get 410 from now.
func InsertIntents(ctx context.Context, tx pgx.Tx, authority string, intents []Intent) error {
	if len(intents) == 0 {
		return nil
	}
	units, persons := make([]uuid.UUID, len(intents)), make([]uuid.UUID, len(intents))
	rules, triggers, versions := make([]string, len(intents)), make([]string, len(intents)), make([]string, len(intents))
	on, at := make([]string, len(intents)), make([]time.Time, len(intents))
	for n, i := range intents {
		units[n], persons[n], rules[n], triggers[n], versions[n] = i.Unit, i.Person, i.Rule, i.Trigger, i.PolicyVersion
		on[n], at[n] = i.DueOn.String(), i.DueAt
	}
	_, err := tx.Exec(ctx, `
		WITH p AS (UPDATE person SET intended = true WHERE authority = $1 AND person = ANY($2)),
		     s AS (UPDATE share SET intended = true WHERE authority = $1 AND share = ANY($2)),
		     n AS (UPDATE note_unit SET intended = true WHERE authority = $1 AND unit = ANY($2))
		INSERT INTO intent (authority, unit, person, rule, trigger, due_on, due_at, policy_version)
		SELECT $1, unit, person, rule, trigger, due_on::date, due_at, policy_version
		FROM unnest($2::uuid[], $3::uuid[], $4::text[], $5::text[], $6::text[], $7::timestamptz[], $8::text[])
			AS i (unit, person, rule, trigger, due_on, due_at, policy_version) ON CONFLICT DO NOTHING`,
		authority, units, persons, rules, triggers, on, at, versions)
	if err != nil {
		return fmt.Errorf("commit %d intents: %w", len(intents), err)
	}
	return nil
}

// Intents are the oldest intents of what had its time, at most n.
func Intents(ctx context.Context, db DB, n int) ([]Intent, error) {
	return intentsOf(ctx, db, "trigger <> $1", n)
}

// Ordered are the oldest intents that somebody ordered, at most n.
func Ordered(ctx context.Context, db DB, n int) ([]Intent, error) {
	return intentsOf(ctx, db, "trigger = $1", n)
}

func intentsOf(ctx context.Context, db DB, which string, n int) ([]Intent, error) {
	rows, err := db.Query(ctx, `
		SELECT authority, unit, person, rule, trigger, due_on, due_at, policy_version FROM intent WHERE `+which+`
		ORDER BY due_at, person, unit LIMIT $2`, events.TriggerErasureOrdered, n)
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
