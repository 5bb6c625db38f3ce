package bus

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"gallra.se/libs/clock"
)

// InboxRetention is how long (Pace) an event id is remembered: longer than the
// producer's outbox keeps its row.
const InboxRetention = 16 * 24 * time.Hour

// receive notes the event; fresh is false when it has been applied before.
func receive(ctx context.Context, tx pgx.Tx, ev Event) (fresh bool, err error) {
	tag, err := tx.Exec(ctx, `INSERT INTO bus_inbox (event, seen_at) VALUES ($1, $2) ON CONFLICT DO NOTHING`,
		ev.ID, clock.PaceNow())
	if err != nil {
		return false, fmt.Errorf("note event: %w", err)
	}
	return tag.RowsAffected() == 1, nil
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
