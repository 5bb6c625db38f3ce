// Package disposal carries out what was decided: intents become destroyed keys, then deleted rows and the word that it is
// done.
//
//	intent (committed with the veto's check; readers get 410)
//	  → key destroyed and root rotated (idempotent, unrecoverable from here)
//	  → one transaction: rows deleted, tombstones, record.disposed
//
// After a crash every intent that is still there is taken up again at its first step; destroying a destroyed key does
// nothing. What somebody ordered to be erased is unrecoverable only when nothing opens any more that was sealed about it on
// its way (erase).
package disposal

import (
	"context"
	"fmt"
	"log/slog"
	"maps"
	"slices"
	"sync"
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
	"gallra.se/services/case-linker/internal/rekey"
	"gallra.se/services/case-linker/internal/store"
)

// atOnce bounds one round: its keys are destroyed in one rotation.
const atOnce = 2000

// Worker carries out intents.
type Worker struct {
	DB     *pgxpool.Pool
	Keys   *keyring.Ring
	Box    *outbox.Box
	Clock  clock.Business
	Holder string
	Log    *slog.Logger
	// Endings counts what has gone; nil counts nothing.
	Endings *keyring.Endings
	// Partings have units that something has parted from read under a new key first.
	Partings *rekey.Desk
	// Transport ends what was sealed on its way; nil where nothing is under way.
	Transport *transport.Receiver

	erasing *erasure // under way in this instance
	once    sync.Once
	wake    chan struct{}
	mu      sync.Mutex
	work    uint64
	owed    bool // intents may have been committed that no round has looked for
	working bool
}

func (w *Worker) signal() chan struct{} {
	w.once.Do(func() { w.wake = make(chan struct{}, 1) })
	return w.wake
}

// Wake says that intents may have been committed.
func (w *Worker) Wake() {
	w.mu.Lock()
	w.owed = true
	w.mu.Unlock()
	select {
	case w.signal() <- struct{}{}:
	default:
	}
}

// Run works until ctx ends and returns its error. Faults are retried: an intent is never given up.
func (w *Worker) Run(ctx context.Context) error {
	poll := clock.Ticker(time.Second)
	defer poll.Stop()
	for {
		w.begin()
		err := w.rounds(ctx)
		w.end(err)
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if err != nil {
			w.Log.ErrorContext(ctx, "disposal will be tried again", "error", err.Error())
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-w.signal():
		case <-poll.C:
		}
	}
}

// rounds works until nothing is left.
func (w *Worker) rounds(ctx context.Context) error {
	for {
		if n, err := w.round(ctx); err != nil {
			return err
		} else if n == 0 {
			return w.erase(ctx)
		}
	}
}

// turn is held by the instance whose worker is at work.
const turn = 0x676f6e65 // "gone"

// round carries out the oldest intents and returns how many. Instances take turns, so what another has done meanwhile is
// not begun.
func (w *Worker) round(ctx context.Context) (n int, err error) {
	waiting, err := store.Intents(ctx, w.DB, 1)
	if err != nil || len(waiting) == 0 {
		return 0, err
	}
	err = pg.Alone(ctx, w.DB, turn, func(ctx context.Context) error {
		n, err = w.roundAlone(ctx)
		return err
	})
	return n, err
}

func (w *Worker) roundAlone(ctx context.Context) (int, error) {
	intents, err := store.Intents(ctx, w.DB, atOnce)
	if err != nil || len(intents) == 0 {
		return 0, err
	}
	ctx, span := trace.Begin(ctx, trace.Inside, "dispose", "")
	span.Number("units", len(intents))
	err = w.carryOut(ctx, intents)
	span.End(err)
	if err != nil {
		return 0, err
	}
	return len(intents), nil
}

func (w *Worker) carryOut(ctx context.Context, intents []store.Intent) error {
	removedAt := w.Clock.Now()
	if err := w.destroy(ctx, intents); err != nil {
		return err
	}
	return w.buryAll(ctx, intents, removedAt)
}

// destroy destroys the keys of units, and with them the old keys of units that something has parted from, and the transport
// keys that nothing is under way under any more.
func (w *Worker) destroy(ctx context.Context, intents []store.Intent) error {
	ending := keyring.Ending{Units: make([]keyring.UnitRef, len(intents))}
	for i, in := range intents {
		ending.Units[i] = keyring.UnitRef{Authority: in.Authority, ID: in.Unit}
	}
	if w.Transport != nil {
		var err error
		if ending.TransportKeys, err = w.Transport.Sweeping(ctx); err != nil {
			return err
		}
	}
	if w.Partings == nil {
		return w.endKeys(ctx, ending)
	}
	renewed, err := w.Partings.Ready(ctx)
	if err != nil {
		return err
	}
	ending.OldKeys = renewed.Old
	if err := w.endKeys(ctx, ending); err != nil {
		return err
	}
	return w.Partings.Done(ctx, renewed, ending.Units)
}

func (w *Worker) endKeys(ctx context.Context, ending keyring.Ending) error {
	fault.Point("disposal.begun")
	if err := w.Keys.End(ctx, ending); err != nil {
		return fmt.Errorf("destroy keys of %d units: %w", len(ending.Units), err)
	}
	return nil
}

// buryAll deletes the rows of units whose keys are destroyed, and tells of it.
func (w *Worker) buryAll(ctx context.Context, intents []store.Intent, removedAt time.Time) error {
	unrecoverableAt := w.Clock.Now()
	fault.Point("disposal.destroyed")
	var buried int
	err := pg.Tx(ctx, w.DB, func(tx pgx.Tx) (err error) {
		buried, err = w.bury(ctx, tx, intents, removedAt, unrecoverableAt)
		fault.Point("disposal.appended")
		return err
	})
	if err != nil {
		return fmt.Errorf("bury %d units: %w", len(intents), err)
	}
	fault.Point("disposal.deleted")
	w.Box.Committed()
	for range buried {
		w.Endings.Note(removedAt, unrecoverableAt)
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.work += uint64(len(intents))
	return nil
}

// bury deletes the rows and says so. It returns how many units were there to be buried. Persons are locked first, in the
// order in which everybody does.
func (w *Worker) bury(ctx context.Context, tx pgx.Tx, intents []store.Intent, removedAt, unrecoverableAt time.Time) (buried int, err error) {
	if err := store.BuryAlone(ctx, tx); err != nil {
		return 0, err
	}
	units, persons := map[string][]uuid.UUID{}, map[string][]uuid.UUID{}
	for _, in := range intents {
		units[in.Authority], persons[in.Authority] = append(units[in.Authority], in.Unit), append(persons[in.Authority], in.Person)
	}
	gone := map[string]map[uuid.UUID][]store.Record{}
	for _, authority := range slices.Sorted(maps.Keys(units)) {
		if err := store.HoldPersons(ctx, tx, authority, persons[authority]); err != nil {
			return 0, err
		}
		if gone[authority], err = store.Bury(ctx, tx, authority, units[authority]); err != nil {
			return 0, err
		}
		buried += len(gone[authority])
	}
	said := disposed{holder: w.Holder, removedAt: removedAt, unrecoverableAt: unrecoverableAt}
	return buried, w.Box.Append(ctx, tx, said.drafts(intents, gone)...)
}

// Report says whether intents may wait: the system is not settled while one does.
func (w *Worker) Report(context.Context) (clock.State, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	s := clock.State{Work: w.work}
	if w.owed || w.working {
		s.Busy = 1
	}
	return s, nil
}

// begin says that what is owed is being looked for; end, that nothing more was found.
func (w *Worker) begin() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.owed, w.working = false, true
}

func (w *Worker) end(fault error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.working = false
	w.owed = w.owed || fault != nil
}
