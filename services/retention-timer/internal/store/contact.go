package store

import (
	"context"
	"fmt"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
)

// AddContact makes a contact's unit with its one record and its clocks, in one round trip: contacts come by the thousand.
// added is false when the unit is known, or disposed of, already; held says that a hold on the record came before it.
func AddContact(ctx context.Context, tx pgx.Tx, u Unit, record uuid.UUID, clocks []Clock) (added, held bool, err error) {
	c := clockColumns(clocks)
	err = tx.QueryRow(ctx, `
		WITH added AS (
			INSERT INTO unit (authority, unit, holder, kind, key, partition, state, rule, trigger, due_on, due_at, claim_at, policy_version,
				category, collected_on, own_on, floor_on, absolute_at, ceiling_at, review, overdue_because)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $11, $12, $22, $23, $24, $25, $26, $27, $28, $29)
			ON CONFLICT DO NOTHING RETURNING unit),
		recorded AS (
			INSERT INTO record (authority, record, unit) SELECT $1, $13, unit FROM added ON CONFLICT DO NOTHING),
		armed AS (
			INSERT INTO clock (authority, unit, kind, rule, trigger, d0, period, mode, e, due_on, state)
			SELECT $1, unit, c.kind, c.rule, c.trigger, c.d0::date, c.period, c.mode, c.e::date, c.due_on::date, 'running'
			FROM added, unnest($14::text[], $15::text[], $16::text[], $17::text[], $18::text[], $19::text[], $20::text[], $21::text[])
				AS c(kind, rule, trigger, d0, period, mode, e, due_on))
		SELECT EXISTS (SELECT 1 FROM added),
		       EXISTS (SELECT 1 FROM hold WHERE authority = $1 AND target = $13 AND released_at IS NULL)`,
		u.Authority, u.ID, u.Holder, u.Kind, u.Key, u.Partition, u.State, u.Rule, u.Trigger, u.DueOn, instant(u.DueAt), u.PolicyVersion,
		record, c.kinds, c.rules, c.triggers, c.d0, c.periods, c.modes, c.e, c.dueOn,
		u.Category, u.CollectedOn, u.OwnOn, u.FloorOn, instant(u.AbsoluteAt), instant(u.CeilingAt), u.Review, u.OverdueBecause).Scan(&added, &held)
	if err != nil {
		return false, false, fmt.Errorf("add contact %s: %w", record, err)
	}
	return added, held, nil
}

type clockLists struct{ kinds, rules, triggers, d0, periods, modes, e, dueOn []string }

func clockColumns(clocks []Clock) (l clockLists) {
	for _, c := range clocks {
		l.kinds, l.rules, l.triggers = append(l.kinds, c.Kind), append(l.rules, c.Rule), append(l.triggers, c.Trigger)
		l.d0, l.periods, l.modes = append(l.d0, c.D0.String()), append(l.periods, c.Period), append(l.modes, c.Mode)
		l.e, l.dueOn = append(l.e, c.E.String()), append(l.dueOn, c.DueOn.String())
	}
	return l
}
