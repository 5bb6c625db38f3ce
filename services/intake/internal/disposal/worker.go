// Package disposal carries committed disposals out:
//
//	intents ──► keys destroyed, root rotated ──► one transaction: rows deleted,
//	record.disposed
//
// The destruction of the keys is the first step that cannot be undone, and it may
// be repeated. After a crash anywhere the intents are still there, and the worker
// begins with the keys again. Instances take turns; should two workers take the same
// intents nevertheless, each row is deleted, and told of, by one of them.
//
// What somebody ordered to be erased is unrecoverable only when nothing opens any
// more that was sealed about it on its way (erase).
package disposal

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"gallra.se/libs/clock"
	"gallra.se/libs/fault"
	"gallra.se/libs/keyring"
	"gallra.se/libs/outbox"
	"gallra.se/libs/pg"
	"gallra.se/libs/trace"
	"gallra.se/libs/transport"
	"gallra.se/services/intake/internal/store"
)

// most is how many contacts go with one rotation of the root key.
const most = 5000

// Worker carries disposals out.
type Worker struct {
	DB       *pgxpool.Pool
	Keys     *keyring.Ring
	Box      *outbox.Box
	Business clock.Business
	Endings  *keyring.Endings        // counts what has gone; nil counts nothing
	Step     func(name string) error // tests stop the worker after a step; nil otherwise
	// Transport ends what was sealed on its way; nil where nothing is under way.
	Transport *transport.Receiver

	erasing *erasure // under way in this instance
}

// Agenda runs the worker for as long as there are intents. Poke it after each
// commit that may have added one.
func (w *Worker) Agenda() *clock.Agenda {
	return &clock.Agenda{
		Name: "disposal",
		Next: func(ctx context.Context) (time.Time, bool, error) { return store.FirstIntent(ctx, w.DB) },
		Run:  func(ctx context.Context, _ time.Time) error { return w.Run(ctx) },
	}
}

// turn is held by the instance whose worker is at work.
const turn = 0x676f6e65 // "gone"

// Run carries out all that is committed. Instances take turns.
func (w *Worker) Run(ctx context.Context) error {
	for n := 1; n > 0; {
		err := pg.Alone(ctx, w.DB, turn, func(ctx context.Context) error {
			authorities, units, err := store.Units(ctx, w.DB, most)
			n = len(units)
			if err != nil || n == 0 {
				return err
			}
			return w.carryOut(ctx, authorities, units)
		})
		if err != nil {
			return err
		}
	}
	return w.erase(ctx)
}

func (w *Worker) carryOut(ctx context.Context, authorities []string, units []uuid.UUID) (err error) {
	ctx, span := trace.Begin(ctx, trace.Inside, "dispose", "")
	span.Number("units", len(units))
	defer func() { span.End(err) }()
	if err := w.destroy(ctx, authorities, units); err != nil {
		return err
	}
	return w.bury(ctx, authorities, units)
}

// destroy destroys the keys of units, and with them the transport keys that
// nothing is under way under any more.
func (w *Worker) destroy(ctx context.Context, authorities []string, units []uuid.UUID) error {
	ending := keyring.Ending{Units: make([]keyring.UnitRef, len(units))}
	for i := range units {
		ending.Units[i] = keyring.UnitRef{Authority: authorities[i], ID: units[i]}
	}
	if w.Transport != nil {
		var err error
		if ending.TransportKeys, err = w.Transport.Sweeping(ctx); err != nil {
			return err
		}
	}
	fault.Point("disposal.begun")
	return w.Keys.End(ctx, ending)
}

// bury deletes the rows of units whose keys are destroyed, and tells of it.
func (w *Worker) bury(ctx context.Context, authorities []string, units []uuid.UUID) error {
	unrecoverableAt := w.Business.Now()
	if err := w.step("destroyed"); err != nil {
		return err
	}
	if err := w.remove(ctx, authorities, units, unrecoverableAt); err != nil {
		return err
	}
	w.Box.Committed()
	return w.step("deleted")
}

func (w *Worker) remove(ctx context.Context, authorities []string, units []uuid.UUID, unrecoverableAt time.Time) error {
	var gone []store.Gone
	err := pg.Tx(ctx, w.DB, func(tx pgx.Tx) (err error) {
		if gone, err = store.Delete(ctx, tx, authorities, units); err != nil {
			return err
		}
		if err := w.Box.Append(ctx, tx, disposed(gone, unrecoverableAt)...); err != nil {
			return err
		}
		return w.step("appended")
	})
	if err != nil {
		return fmt.Errorf("remove %d contacts: %w", len(units), err)
	}
	for _, g := range gone {
		w.Endings.Note(g.RemovedAt, unrecoverableAt)
	}
	return nil
}

func (w *Worker) step(name string) error {
	fault.Point("disposal." + name)
	if w.Step == nil {
		return nil
	}
	return w.Step(name)
}
