package bus

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"gallra.se/libs/clock"
)

// InboxRetention is how long (Pace) an event id is remembered: longer than the
// producer's outbox keeps its row.
const InboxRetention = 16 * 24 * time.Hour

// receive notes events and returns those that have not been applied before.
func receive(ctx context.Context, tx pgx.Tx, ids []uuid.UUID) (fresh map[uuid.UUID]bool, err error) {
	fresh = make(map[uuid.UUID]bool, len(ids))
	if len(ids) == 0 {
		return fresh, nil
	}
	rows, err := tx.Query(ctx, `
		INSERT INTO bus_inbox (event, seen_at) SELECT DISTINCT e, $2::timestamptz FROM unnest($1::uuid[]) AS e
		ON CONFLICT DO NOTHING RETURNING event`, ids, clock.PaceNow())
	if err != nil {
		return nil, fmt.Errorf("note events: %w", err)
	}
	var id uuid.UUID
	if _, err = pgx.ForEachRow(rows, []any{&id}, func() error { fresh[id] = true; return nil }); err != nil {
		return nil, fmt.Errorf("note events: %w", err)
	}
	return fresh, nil
}

func (c *Consumer) pruneInbox(ctx context.Context) error {
	t := clock.Ticker(time.Hour)
	defer t.Stop()
	for {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-t.C:
			if _, err := c.cfg.DB.Exec(ctx, `DELETE FROM bus_inbox WHERE seen_at < $1`, clock.PaceNow().Add(-InboxRetention)); err != nil {
				c.cfg.Log.WarnContext(ctx, "inbox not pruned", "error", err.Error())
			}
		}
	}
}
