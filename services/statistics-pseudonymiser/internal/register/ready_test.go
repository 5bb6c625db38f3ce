package register_test

import (
	"context"
	"errors"
	"sync/atomic"
	"testing"

	"github.com/jackc/pgx/v5"

	"gallra.se/libs/calendar"
	"gallra.se/libs/keyring"
	"gallra.se/libs/pg"
	"gallra.se/services/statistics-pseudonymiser/internal/keys"
	"gallra.se/services/statistics-pseudonymiser/internal/register"
	"gallra.se/services/statistics-pseudonymiser/internal/store"
)

// guarded is a keyring that must not be asked while a transaction is open.
type guarded struct {
	keys.Ring
	t      *testing.T
	inside atomic.Bool
}

func (g *guarded) NewUnit(ctx context.Context, ref keyring.UnitRef, page keyring.PageRule) (*keyring.Unit, error) {
	g.check()
	return g.Ring.NewUnit(ctx, ref, page)
}

func (g *guarded) Unit(ctx context.Context, ref keyring.UnitRef) (*keyring.Unit, error) {
	g.check()
	return g.Ring.Unit(ctx, ref)
}

func (g *guarded) check() {
	if g.inside.Load() {
		g.t.Error("the keyring is asked inside a transaction")
	}
}

// anew is the register after a restart: it has no key in memory.
func (w world) anew(t *testing.T) (world, *guarded) {
	ring := &guarded{Ring: w.ring, t: t}
	w.Register = &register.Register{Keys: keys.New(w.db, ring), Policy: w.Policy, Business: w.Business}
	return w, ring
}

// inside works in a transaction, in which the keyring must be left alone.
func (w world) inside(g *guarded, f func(ctx context.Context, tx pgx.Tx) error) error {
	return pg.Tx(g.t.Context(), w.db, func(tx pgx.Tx) error {
		g.inside.Store(true)
		defer g.inside.Store(false)
		return f(g.t.Context(), tx)
	})
}

func TestATransactionTakesItsKeysFromMemoryAndAsksForWhatItLacks(t *testing.T) {
	t.Parallel()
	first := newWorld(t)
	r := newToken()
	first.separate(t, r, "2026-06-01") // before its row
	w, ring := first.anew(t)
	e := register.Recorded{R: r, T: newToken(), Epoch: 2024, Fields: fields("2024Q1")}
	record := func(ctx context.Context, tx pgx.Tx) error { return w.Record(ctx, tx, af, e) }
	if err := w.inside(ring, record); !errors.Is(err, keys.ErrUnready) {
		t.Errorf("nothing was prepared: %v", err)
	}
	must(t, w.PrepareRecord(t.Context(), af, e))
	if err := w.inside(ring, record); !errors.Is(err, keys.ErrUnready) {
		t.Errorf("the day of a separation that came first was not to be known: %v", err)
	}
	must(t, w.PrepareRecord(t.Context(), af, e))
	must(t, w.inside(ring, record))
	if rows := w.rows(t); len(rows) != 1 || rows[0].State != "separated" {
		t.Errorf("%+v", rows)
	}
}

func TestAKeyThatIsRetiredAfterItWasMadeReadyIsMadeAgain(t *testing.T) {
	t.Parallel()
	first := newWorld(t)
	r, on := newToken(), calendar.MustDate("2026-05-31")
	first.record(t, r, newToken())
	w, ring := first.anew(t)
	separate := func(ctx context.Context, tx pgx.Tx) error { return w.Separate(ctx, tx, af, r, on) }
	must(t, w.PrepareSeparate(t.Context(), af, on))
	days, err := store.Days(t.Context(), w.db)
	must(t, err)
	for _, day := range days { // it is over already
		must(t, w.inside(ring, func(ctx context.Context, tx pgx.Tx) error { return store.Retire(ctx, tx, day) }))
	}
	if err := w.inside(ring, separate); len(days) != 1 || !errors.Is(err, keys.ErrUnready) {
		t.Errorf("%d days: %v", len(days), err)
	}
	must(t, w.PrepareSeparate(t.Context(), af, on))
	must(t, w.inside(ring, separate))
	if rows := w.rows(t); len(rows) != 1 || rows[0].State != "separated" {
		t.Errorf("%+v", rows)
	}
}
