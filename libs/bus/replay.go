package bus

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"gallra.se/libs/pg"
)

// Replay applies what was parked under a partition key, in the order in which it came, up to the first event that is
// refused again: that and what queues behind it stays parked. It returns how many it applied. Each event is applied and
// leaves bus_parked in one transaction; the next events of the key wait for it, as the positions of its partition are held.
func (c *Consumer) Replay(ctx context.Context, key string) (applied int, err error) {
	for {
		ok, err := c.replayFirst(ctx, key)
		if err != nil {
			return applied, err
		}
		if !ok {
			return applied, pg.Tx(ctx, c.cfg.DB, func(tx pgx.Tx) error { _, err := c.behindParked(ctx, tx, key); return err })
		}
		applied++
	}
}

// replayFirst applies the first event of a key; ok is false when there is none or it is refused.
func (c *Consumer) replayFirst(ctx context.Context, key string) (ok bool, err error) {
	rows, err := c.cfg.DB.Query(ctx, `SELECT id, stream, payload FROM bus_parked WHERE key = $1 ORDER BY id LIMIT 1`, key)
	if err != nil {
		return false, fmt.Errorf("read parked event: %w", err)
	}
	first, err := pgx.CollectRows(rows, pgx.RowToStructByPos[parkedRow])
	if err != nil || len(first) == 0 {
		return false, err
	}
	d := delivery{}
	if d.ev, d.bad = decode(first[0].Stream, "", 0, first[0].Payload); d.bad == nil {
		d, err = c.prepared(ctx, d)
	}
	if err != nil || d.bad != nil {
		return false, err
	}
	err = pg.Tx(ctx, c.cfg.DB, func(tx pgx.Tx) (err error) {
		ok, err = c.replay(ctx, tx, first[0], key, d)
		return err
	})
	switch {
	case Refused(err):
		return false, nil
	case err != nil:
		return false, fmt.Errorf("replay %s: %w", d.ev.Type, err)
	}
	if ok && c.cfg.Applied != nil {
		c.cfg.Applied()
	}
	return ok, nil
}

// replay is false when somebody else has replayed the event.
func (c *Consumer) replay(ctx context.Context, tx pgx.Tx, p parkedRow, key string, d delivery) (bool, error) {
	if _, err := tx.Exec(ctx, `SELECT FROM bus_position WHERE partition = $1 ORDER BY stream, incarnation FOR UPDATE`, Partition(key)); err != nil {
		return false, fmt.Errorf("hold the partition: %w", err)
	}
	tag, err := tx.Exec(ctx, `DELETE FROM bus_parked WHERE id = $1`, p.ID)
	if err != nil || tag.RowsAffected() == 0 {
		return false, err
	}
	if d.handler == nil {
		return true, nil
	}
	if c.cfg.Lock != nil {
		if err := c.cfg.Lock(ctx, tx, []Event{d.ev}); err != nil {
			return false, fmt.Errorf("lock what the event is about: %w", err)
		}
	}
	return true, d.apply(ctx, tx)
}
