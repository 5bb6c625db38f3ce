package keyring

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"

	"gallra.se/libs/clock"
)

// rows are those that there are; asked is how often each unit was asked for.
type rows struct {
	alive []uuid.UUID
	asked map[uuid.UUID]int
	hook  func()
}

func (r *rows) ask(_ context.Context, authority string, units []uuid.UUID) (alive []uuid.UUID, err error) {
	if authority != af {
		return nil, errors.New("units of an authority that has none")
	}
	if r.hook != nil {
		r.hook()
	}
	for _, unit := range units {
		r.asked[unit]++
		if slices.Contains(r.alive, unit) {
			alive = append(alive, unit)
		}
	}
	return alive, nil
}

func newRows(alive ...UnitRef) *rows {
	r := &rows{asked: map[uuid.UUID]int{}}
	for _, ref := range alive {
		r.alive = append(r.alive, ref.ID)
	}
	return r
}

func swept(t *testing.T, ring *Ring, now time.Time, r *rows, want int) {
	t.Helper()
	n, err := ring.Sweep(t.Context(), now, r.ask)
	must(t, err)
	if n != want {
		t.Errorf("%d destroyed, want %d", n, want)
	}
}

func TestAKeyWithoutARowIsDestroyedAfterAnHour(t *testing.T) {
	t.Parallel()
	home := newHome(t)
	ring := home.open(t)
	before := clock.PaceNow()
	orphan, orphanBox := sealed(t, ring, Shared("person"))
	stays, staysBox := sealed(t, ring, Shared("person"))
	after := clock.PaceNow()
	_, err := ring.Enter(t.Context(), "number", orphan, orphan.ID, []byte("a"))
	must(t, err)
	r := newRows(stays)
	swept(t, ring, after, r, 0)
	swept(t, ring, before.Add(OrphanAfter-time.Microsecond), r, 0)
	must(t, opens(ring, orphan, orphanBox))
	swept(t, ring, after.Add(OrphanAfter), r, 1)
	if err := opens(ring, orphan, orphanBox); !errors.Is(err, ErrDestroyed) {
		t.Errorf("the orphan: %v", err)
	}
	must(t, opens(ring, stays, staysBox))
	if _, found, err := ring.Find(t.Context(), af, "number", []byte("a")); found || err != nil {
		t.Errorf("it is still found by its number: %v", err)
	}
	home.holdsOneGeneration(t)
	for _, later := range []time.Duration{OrphanAfter, 2 * OrphanAfter, 0} {
		swept(t, ring, after.Add(later), r, 0)
	}
	if r.asked[stays.ID] != 1 || r.asked[orphan.ID] != 1 {
		t.Errorf("asked %v times", r.asked)
	}
}

func TestAUnitThatIsAskedForAgainIsNoOrphan(t *testing.T) {
	t.Parallel()
	home := newHome(t)
	ring := home.open(t)
	again, againBox := sealed(t, ring, Shared("person"))
	during, duringBox := sealed(t, ring, Shared("person"))
	lost, lostBox := sealed(t, ring, Shared("person"))
	now := clock.PaceNow()
	_, err := home.db.Exec(t.Context(), `UPDATE key_unit SET made_at = $1`, now.Add(-2*OrphanAfter))
	must(t, err)
	made := func(ref UnitRef) {
		_, err := ring.NewUnit(t.Context(), ref, Shared("person"))
		must(t, err)
	}
	made(again)
	r := newRows()
	r.hook = func() { made(during) } // between the question and the destruction
	swept(t, ring, now, r, 1)
	must(t, opens(ring, again, againBox))
	must(t, opens(ring, during, duringBox))
	if err := opens(ring, lost, lostBox); !errors.Is(err, ErrDestroyed) {
		t.Errorf("nobody asked for it: %v", err)
	}
	if _, err := ring.NewUnit(t.Context(), lost, Shared("person")); !errors.Is(err, ErrDestroyed) {
		t.Errorf("asked for too late: %v", err)
	}
	r.hook = nil
	swept(t, ring, clock.PaceNow().Add(OrphanAfter), r, 2) // no row came after all
}

func TestASweepLooksAtEveryUnitOnceHoweverManyWereMadeAtOnce(t *testing.T) {
	t.Parallel()
	home := newHome(t)
	ring := home.open(t)
	const many = 2*sweepMost + 17
	wanted := make([]Wanted, many)
	for i := range wanted {
		wanted[i] = Wanted{Ref: ref(), Page: ByDay("contact.chat", "2024-01-31")}
	}
	_, err := ring.NewUnits(t.Context(), wanted)
	must(t, err)
	r := newRows()
	for _, w := range wanted[:many-3] {
		r.alive = append(r.alive, w.Ref.ID)
	}
	swept(t, ring, clock.PaceNow().Add(OrphanAfter), r, 3)
	for unit, n := range r.asked {
		if n != 1 {
			t.Fatalf("unit %s: asked %d times", unit, n)
		}
	}
	if len(r.asked) != many {
		t.Errorf("asked for %d of %d units", len(r.asked), many)
	}
}

func TestASweepThatStopsGoesOnTheNextTime(t *testing.T) {
	t.Parallel()
	for _, stop := range steps {
		t.Run(stop, func(t *testing.T) {
			t.Parallel()
			home, dir := newHome(t), t.TempDir()
			ring := home.openCopying(t, dir)
			orphan, box := sealed(t, ring, Shared("person"))
			_, err := ring.Enter(t.Context(), "number", orphan, orphan.ID, []byte("a"))
			must(t, err)
			stays, staysBox := sealed(t, ring, Shared("person"))
			later, r := clock.PaceNow().Add(OrphanAfter), newRows(stays)
			ring.step = func(name string) error {
				if name == stop {
					return errStopped
				}
				return nil
			}
			if _, err := ring.Sweep(t.Context(), later, r.ask); !errors.Is(err, errStopped) {
				t.Fatalf("stopped with %v", err)
			}
			ring = home.openCopying(t, dir)
			_, err = ring.Sweep(t.Context(), later, r.ask)
			must(t, err)
			if err := opens(ring, orphan, box); !errors.Is(err, ErrDestroyed) {
				t.Errorf("the orphan: %v", err)
			}
			must(t, opens(ring, stays, staysBox))
			home.holdsOneGeneration(t)
		})
	}
}

func TestNothingIsDestroyedWhenNobodyCanSayWhatLives(t *testing.T) {
	t.Parallel()
	home := newHome(t)
	ring := home.open(t)
	unit, box := sealed(t, ring, Shared("person"))
	away := errors.New("the database is away")
	later := clock.PaceNow().Add(OrphanAfter)
	_, err := ring.Sweep(t.Context(), later, func(context.Context, string, []uuid.UUID) ([]uuid.UUID, error) { return nil, away })
	if !errors.Is(err, away) {
		t.Error(err)
	}
	must(t, opens(ring, unit, box))
	swept(t, ring, later, newRows(), 1)
}

func TestAUnitOfBeforeTheTimeWasKeptIsLeftAlone(t *testing.T) {
	t.Parallel()
	home := newHome(t)
	ring := home.open(t)
	unit, box := sealed(t, ring, Shared("person"))
	_, err := home.db.Exec(t.Context(), `UPDATE key_unit SET made_at = NULL`)
	must(t, err)
	swept(t, ring, clock.PaceNow().Add(24*time.Hour), newRows(), 0)
	must(t, opens(ring, unit, box))
}
