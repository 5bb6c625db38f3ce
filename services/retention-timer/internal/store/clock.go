package store

import (
	"context"
	"fmt"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"gallra.se/libs/calendar"
)

// Clock is one rule's clock of one unit, as stored. A cancelled one stays as a trace until the unit is disposed of.
type Clock struct {
	Kind          string // normal, ceiling
	Rule, Trigger string
	D0            calendar.Date
	Period, Mode  string
	E, DueOn      calendar.Date
}

// SetClocks makes these the running clocks of a unit and cancels the others.
func SetClocks(batch *pgx.Batch, authority string, unit uuid.UUID, running []Clock) {
	names := make([]string, len(running))
	for i, c := range running {
		names[i] = c.Kind + "|" + c.Rule
		batch.Queue(`
			INSERT INTO clock (authority, unit, kind, rule, trigger, d0, period, mode, e, due_on, state)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 'running')
			ON CONFLICT (authority, unit, kind, rule) DO UPDATE SET trigger = excluded.trigger, d0 = excluded.d0, period = excluded.period,
				mode = excluded.mode, e = excluded.e, due_on = excluded.due_on, state = 'running'`,
			authority, unit, c.Kind, c.Rule, c.Trigger, c.D0, c.Period, c.Mode, c.E, c.DueOn)
	}
	batch.Queue(`
		UPDATE clock SET state = 'cancelled'
		WHERE authority = $1 AND unit = $2 AND state = 'running' AND kind || '|' || rule <> ALL($3)`, authority, unit, names)
}

// RunningClocks reads the running clocks of units, by unit.
func RunningClocks(ctx context.Context, tx pgx.Tx, authority string, ids []uuid.UUID) (map[uuid.UUID][]Clock, error) {
	return clocks(ctx, tx, `authority = $1 AND unit = ANY($2) AND state = 'running'`, authority, ids)
}

// CancelledClocks reads the clocks of units that were cancelled, by unit.
func CancelledClocks(ctx context.Context, tx pgx.Tx, authority string, ids []uuid.UUID) (map[uuid.UUID][]Clock, error) {
	return clocks(ctx, tx, `authority = $1 AND unit = ANY($2) AND state = 'cancelled'`, authority, ids)
}

func clocks(ctx context.Context, tx pgx.Tx, where string, args ...any) (map[uuid.UUID][]Clock, error) {
	rows, err := tx.Query(ctx, `
		SELECT unit, kind, rule, trigger, d0, period, mode, e, due_on FROM clock WHERE `+where+` ORDER BY unit, kind DESC, rule`, args...)
	if err != nil {
		return nil, fmt.Errorf("read clocks: %w", err)
	}
	found := map[uuid.UUID][]Clock{}
	var unit uuid.UUID
	var c Clock
	_, err = pgx.ForEachRow(rows, []any{&unit, &c.Kind, &c.Rule, &c.Trigger, &c.D0, &c.Period, &c.Mode, &c.E, &c.DueOn}, func() error {
		found[unit] = append(found[unit], c)
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("read clocks: %w", err)
	}
	return found, nil
}
