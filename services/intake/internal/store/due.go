package store

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"gallra.se/libs/calendar"
)

// plannedAnew has a statement planned each time it runs. A plan that is kept may
// stem from an empty table, and then reads the whole table for every event until
// somebody analyses it.
const plannedAnew = pgx.QueryExecModeCacheDescribe

// SetDue writes the date that retention-timer told beside each contact; one that
// is gone is passed over.
func SetDue(ctx context.Context, tx pgx.Tx, authority string, units []uuid.UUID, on []calendar.Date, at []time.Time) error {
	days := make([]string, len(on))
	for i, d := range on {
		days[i] = d.String()
	}
	_, err := tx.Exec(ctx, `
		UPDATE contact c SET due_on = w.due_on::date, due_at = w.due_at
		FROM unnest($2::uuid[], $3::text[], $4::timestamptz[]) AS w (unit, due_on, due_at)
		WHERE c.authority = $1 AND c.unit = w.unit`, plannedAnew, authority, units, days, at)
	if err != nil {
		return fmt.Errorf("set due dates: %w", err)
	}
	return nil
}

// ClearDue forgets the dates of contacts whose clock stopped.
func ClearDue(ctx context.Context, tx pgx.Tx, authority string, units []uuid.UUID) error {
	_, err := tx.Exec(ctx, `UPDATE contact SET due_on = NULL, due_at = NULL WHERE authority = $1 AND unit = ANY($2)`, authority, units)
	if err != nil {
		return fmt.Errorf("clear due dates: %w", err)
	}
	return nil
}
