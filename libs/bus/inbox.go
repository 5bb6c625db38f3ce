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

// receive notes events in their order and returns those that have not been applied
// before.
func receive(ctx context.Context, tx pgx.Tx, events []Event) (fresh map[uuid.UUID]bool, err error) {
	fresh = make(map[uuid.UUID]bool, len(events))
	if len(events) == 0 {
		return fresh, nil
	}
	ids, streams, keys := make([]uuid.UUID, len(events)), make([]string, len(events)), make([]string, len(events))
	versions := make([]*int64, len(events))
	for i, ev := range events {
		ids[i], streams[i], keys[i], versions[i] = ev.ID, ev.Stream, ev.Key, ev.version
	}
	rows, err := tx.Query(ctx, `
		INSERT INTO bus_inbox (event, seen_at, stream, key, version)
		SELECT event, $5::timestamptz, stream, key, version
		FROM unnest($1::uuid[], $2::text[], $3::text[], $4::bigint[]) WITH ORDINALITY AS e(event, stream, key, version, place)
		ORDER BY place
		ON CONFLICT (event) DO NOTHING RETURNING event`, ids, streams, keys, versions, clock.PaceNow())
	if err != nil {
		return nil, fmt.Errorf("note events: %w", err)
	}
	var id uuid.UUID
	if _, err = pgx.ForEachRow(rows, []any{&id}, func() error { fresh[id] = true; return nil }); err != nil {
		return nil, fmt.Errorf("note events: %w", err)
	}
	return fresh, nil
}

// Unseen tells which events this service has neither applied nor parked.
func Unseen(ctx context.Context, db DB, events []uuid.UUID) (unseen []uuid.UUID, err error) {
	rows, err := db.Query(ctx, `SELECT e.event FROM unnest($1::uuid[]) AS e (event)
		WHERE NOT EXISTS (SELECT FROM bus_inbox i WHERE i.event = e.event)`, events)
	if err != nil {
		return nil, fmt.Errorf("look for events in the inbox: %w", err)
	}
	if unseen, err = pgx.CollectRows(rows, pgx.RowTo[uuid.UUID]); err != nil {
		return nil, fmt.Errorf("look for events in the inbox: %w", err)
	}
	return unseen, nil
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
