package disposal

import (
	"context"
	"time"

	"gallra.se/libs/pg"
	"gallra.se/libs/transport"
	"gallra.se/services/case-linker/internal/store"
)

// erasure is disposals that somebody ordered, on their way: their own keys are destroyed, and the transport keys that
// anything about them may be sealed to are retired, here and where case-linker has sealed to, and go when all is applied.
// After a crash it is begun again, which retires once more.
type erasure struct {
	intents   []store.Intent
	removedAt time.Time
	sealed    *transport.Forgetting
}

// patience is how long (Pace) a turn waits for transport keys: a service that is away holds up what was ordered, and
// nothing else.
const patience = 2 * time.Second

// erase carries out what was ordered. Readers have got 410 since the order was committed; until the transport keys are
// gone it is not called unrecoverable.
func (w *Worker) erase(ctx context.Context) error {
	ordered, err := store.Ordered(ctx, w.DB, atOnce)
	if err != nil || len(ordered) == 0 {
		w.erasing = nil
		return err
	}
	if w.erasing == nil {
		w.erasing = &erasure{intents: ordered, removedAt: w.Clock.Now()}
	}
	return pg.Alone(ctx, w.DB, turn, func(ctx context.Context) error { return w.eraseAlone(ctx, w.erasing) })
}

func (w *Worker) eraseAlone(ctx context.Context, e *erasure) error {
	if err := w.destroy(ctx, e.intents); err != nil {
		return err
	}
	if err := w.unseal(ctx, e); err != nil {
		return err
	}
	w.erasing = nil
	return w.buryAll(ctx, e.intents, e.removedAt)
}

func (w *Worker) unseal(ctx context.Context, e *erasure) (err error) {
	if w.Transport == nil {
		return nil
	}
	if e.sealed == nil {
		if e.sealed, err = w.Transport.Forget(ctx); err != nil {
			return err
		}
	}
	return e.sealed.Await(ctx, patience)
}
