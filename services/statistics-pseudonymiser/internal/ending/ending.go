// Package ending is what comes to an end by itself in the statistics store:
// separated rows after their own period (AFG-54: ten years at the latest), day
// keys when the day is over, epoch keys with their last row, and what was
// remembered for rows that never came. Keys go last, and by the keyring's own
// promise for good.
package ending

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"gallra.se/libs/clock"
	"gallra.se/libs/keyring"
	"gallra.se/libs/pg"
	"gallra.se/libs/policy"
	"gallra.se/services/statistics-pseudonymiser/internal/keys"
	"gallra.se/services/statistics-pseudonymiser/internal/store"
)

// Ring destroys keys.
type Ring interface {
	End(ctx context.Context, e keyring.Ending) error
}

// Transport tells which transport keys may end in a rotation that is made anyway.
type Transport interface {
	Sweeping(ctx context.Context) (settled []string, err error)
}

// Ending ends things on their day.
type Ending struct {
	DB   *pgxpool.Pool
	Ring Ring
	// Transport may have keys of its own to end.
	Transport Transport
	Keys      *keys.Keys
	Policy    *policy.Set
	Business  clock.Business
	// Purge is called when rows have to leave the stream.
	Purge func()
}

// Agenda is due at the next end of anything.
func (e *Ending) Agenda() *clock.Agenda {
	return &clock.Agenda{Name: "end statistics", Next: e.next, Run: e.run}
}

func (e *Ending) run(ctx context.Context, now time.Time) error {
	if err := e.rows(ctx, now); err != nil {
		return err
	}
	err := pg.Tx(ctx, e.DB, func(tx pgx.Tx) error { return store.Forget(ctx, tx, now) })
	if err != nil {
		return err
	}
	if err := e.retire(ctx, now); err != nil {
		return err
	}
	return e.destroy(ctx)
}

// next is the earliest end of anything.
func (e *Ending) next(ctx context.Context) (time.Time, bool, error) {
	if err := e.Keys.Prune(ctx); err != nil {
		return overdue, false, err
	}
	doomed, err := store.AllDoomed(ctx, e.DB)
	if err != nil || len(doomed) > 0 {
		return overdue, len(doomed) > 0, err
	}
	row, err := store.NextDue(ctx, e.DB)
	if err != nil {
		return overdue, false, err
	}
	memory, err := store.NextForget(ctx, e.DB)
	if err != nil {
		return overdue, false, err
	}
	over, use, err := e.uses(ctx, e.Business.Now())
	if err != nil || len(over) > 0 {
		return overdue, len(over) > 0, err
	}
	at := soonest(soonest(row, memory), use)
	return at, !at.IsZero(), nil
}

// overdue is before any present: what waits for nothing but its turn. It is
// always the same, so that an agenda that gets nowhere pauses.
var overdue = time.Unix(0, 0).UTC()

func soonest(a, b time.Time) time.Time {
	if a.IsZero() || !b.IsZero() && b.Before(a) {
		return b
	}
	return a
}
