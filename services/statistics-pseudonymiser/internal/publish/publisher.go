package publish

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/nats-io/nats.go"

	"gallra.se/libs/bus"
	"gallra.se/libs/clock"
	"gallra.se/libs/pg"
	"gallra.se/libs/policy"
	"gallra.se/services/statistics-pseudonymiser/internal/keys"
	"gallra.se/services/statistics-pseudonymiser/internal/store"
)

// Publisher publishes what is owed and purges what has gone. One instance works
// at a time, and it publishes before it purges: a row that was withdrawn while
// it was on its way is purged after it has arrived.
type Publisher struct {
	DB     *pgxpool.Pool
	Stats  *nats.Conn // in the analysts' account
	Keys   *keys.Keys
	Policy *policy.Set
}

// Agenda is due at the midnight after a change, and at once for a purge.
func (p *Publisher) Agenda() *clock.Agenda {
	return &clock.Agenda{Name: "publish statistics", Next: p.next, Run: p.run}
}

func (p *Publisher) next(ctx context.Context) (time.Time, bool, error) {
	waiting, err := store.Purges(ctx, p.DB, 1)
	if err != nil {
		return time.Time{}, false, err
	}
	if len(waiting) > 0 {
		return overdue, true, nil
	}
	at, err := store.NextPublication(ctx, p.DB)
	return at, !at.IsZero(), err
}

// overdue is before any present. It is always the same, so that an agenda that
// gets nowhere, since another instance works, pauses.
var overdue = time.Unix(0, 0).UTC()

// workLock is held by the instance that publishes.
const workLock = 0x73746174732e7631 // "stats.v1"

func (p *Publisher) run(ctx context.Context, now time.Time) error {
	conn, err := p.DB.Acquire(ctx)
	if err != nil {
		return fmt.Errorf("take a connection: %w", err)
	}
	defer conn.Release()
	var mine bool
	if err := conn.QueryRow(ctx, `SELECT pg_try_advisory_lock($1)`, int64(workLock)).Scan(&mine); err != nil || !mine {
		return err
	}
	defer func() { // closed rather than unlocked where the context has ended
		if _, err := conn.Exec(context.WithoutCancel(ctx), `SELECT pg_advisory_unlock($1)`, int64(workLock)); err != nil {
			_ = conn.Conn().Close(context.WithoutCancel(ctx))
		}
	}()
	return errors.Join(p.publishAll(ctx, now), p.purgeAll(ctx))
}

func (p *Publisher) publishAll(ctx context.Context, now time.Time) error {
	for {
		messages, made, err := p.prepare(ctx, now)
		if err != nil || len(made) == 0 {
			return err
		}
		if err := bus.Publish(ctx, p.Stats, messages); err != nil {
			return err
		}
		if err := pg.Tx(ctx, p.DB, func(tx pgx.Tx) error { return store.Published(ctx, tx, made) }); err != nil {
			return err
		}
	}
}

// prepare reads and decrypts the next rows owed, in random order. A row that
// ends meanwhile takes its epoch's key along, if it is the last: then there is a
// fault, and the next time it is not owed any more.
func (p *Publisher) prepare(ctx context.Context, now time.Time) (messages []*nats.Msg, made []uuid.UUID, err error) {
	owed, err := store.Owed(ctx, p.DB, now, bus.BatchMax)
	if err != nil {
		return nil, nil, err
	}
	epochs := map[epoch]keys.Epoch{}
	for _, k := range owed {
		m, err := p.open(ctx, k, now, epochs)
		if err != nil {
			return nil, nil, fmt.Errorf("prepare publication: %w", err)
		}
		messages, made = append(messages, m), append(made, k.Event)
	}
	return messages, made, nil
}

// epoch is whose keys are asked for once in a batch.
type epoch struct {
	authority string
	year      int
}

func (p *Publisher) open(ctx context.Context, k store.Kept, now time.Time, epochs map[epoch]keys.Epoch) (_ *nats.Msg, err error) {
	pack, ok := p.Policy.Pack(k.Authority)
	if !ok {
		return nil, errors.New("the row's authority has no policy pack")
	}
	of := epoch{k.Authority, k.Epoch}
	opener, asked := epochs[of]
	if !asked {
		if opener, err = p.Keys.ToRead(ctx, k.Authority, k.Epoch); err != nil {
			return nil, err
		}
		epochs[of] = opener
	}
	if k.Fields, err = opener.Open(k.ID, k.Box); err != nil {
		return nil, err
	}
	return message(pack, k, now)
}
