package bus

import (
	"context"
	"errors"
	"fmt"
	"maps"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"gallra.se/libs/clock"
	"gallra.se/libs/pg"
	"gallra.se/libs/trace"
)

var errBehindParked = errors.New("queues behind a parked event of the same key")

// park sets a permanently refused event aside with its key, and passes it. The
// reason is our own text: it must not quote the payload.
func (r *reader) park(ctx context.Context, d delivery, reason error) error {
	var positions map[int]uint64
	err := pg.Tx(ctx, r.c.cfg.DB, func(tx pgx.Tx) (err error) {
		positions, err = r.lock(ctx, tx, []delivery{d})
		if err != nil || d.ev.Sequence <= positions[d.ev.Partition] {
			return err
		}
		fresh, err := receive(ctx, tx, []Event{d.ev})
		if err != nil {
			return err
		}
		if fresh[d.ev.ID] {
			_, err = tx.Exec(ctx, `
				INSERT INTO bus_parked (key, event, stream, type, payload, reason, parked_at)
				VALUES ($1, $2, $3, $4, $5, $6, $7)`,
				d.ev.Key, d.ev.ID, r.stream, d.ev.Type, d.ev.payload, reason.Error(), clock.PaceNow())
			if err != nil {
				return err
			}
		}
		positions[d.ev.Partition] = d.ev.Sequence
		return r.store(ctx, tx, positions)
	})
	if err != nil {
		return fmt.Errorf("park %s: %w", d.ev.Type, err)
	}
	maps.Copy(r.left, positions)
	r.c.cfg.Log.ErrorContext(trace.From(ctx, d.ev.trace), "event parked", "stream", r.stream, "sequence", d.ev.Sequence,
		"type", d.ev.Type, "reason", reason.Error())
	r.c.mu.Lock()
	defer r.c.mu.Unlock()
	r.c.parked[d.ev.Key] = true
	r.c.work++
	return nil
}

// behindParked says that an event of the key is parked. What memory knows of is looked at again, as another instance may
// have replayed it; the transaction holds the key's partition, so that none does meanwhile.
func (c *Consumer) behindParked(ctx context.Context, tx pgx.Tx, key string) (bool, error) {
	c.mu.Lock()
	known := c.parked[key]
	c.mu.Unlock()
	if !known {
		return false, nil
	}
	var still bool
	if err := tx.QueryRow(ctx, `SELECT EXISTS (SELECT FROM bus_parked WHERE key = $1)`, key).Scan(&still); err != nil {
		return false, fmt.Errorf("look for parked events: %w", err)
	}
	if !still {
		c.unpark(key)
	}
	return still, nil
}

func (c *Consumer) unpark(key string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	delete(c.parked, key)
	c.work++
}

// loadParked adds the keys that any instance has parked to those known here.
func (c *Consumer) loadParked(ctx context.Context, db querier) error {
	rows, err := db.Query(ctx, `SELECT DISTINCT key FROM bus_parked`)
	if err != nil {
		return err
	}
	keys, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		return err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, k := range keys {
		c.parked[k] = true
	}
	return nil
}

// querier is a pool or a transaction.
type querier interface {
	Query(ctx context.Context, sql string, args ...any) (pgx.Rows, error)
}

// DB is a pool.
type DB interface {
	querier
	Exec(ctx context.Context, sql string, args ...any) (pgconn.CommandTag, error)
}
