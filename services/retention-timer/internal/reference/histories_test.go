package reference

import (
	"testing"
	"time"

	"github.com/google/uuid"
	"pgregory.net/rapid"

	packs "gallra.se/libs/policy"
	"gallra.se/services/retention-timer/internal/testbed"
)

// passTo moves the clock through every instant at which something should go: the second before, and the instant.
func (w *world) passTo(to time.Time) {
	w.deliver()
	for {
		next := w.nextDue()
		if next.IsZero() || next.After(to) {
			break
		}
		if before := next.Add(-time.Second); before.After(w.now) {
			w.set(before)
			w.midnight()
		}
		w.set(next)
		w.midnight()
	}
	if to.After(w.now) {
		w.set(to)
		w.midnight()
	}
	w.agree()
}

func (w *world) set(now time.Time) {
	w.now = now
	w.bed.Now.Set(now)
}

// nextDue is the next instant after now at which the model expects something of some unit.
func (w *world) nextDue() (next time.Time) {
	for _, l := range w.lives {
		l.look(w)
		for _, id := range l.units() {
			for _, d := range l.x[id].instants {
				if at := d.midnight(w.policy.zone); !d.none() && at.After(w.now) && (next.IsZero() || at.Before(next)) {
					next = at
				}
			}
		}
	}
	return next
}

func (w *world) oneIn(n int, label string) bool { return within(w.t, 1, n, label) == n }

// history lets some lives happen to the end.
func history(t *rapid.T, bed *testbed.Bed, lives int) {
	a := oneOf(t, known(), "authority")
	pack, _ := bed.Desk.Policy.Pack(a.name)
	w := &world{
		t: t, bed: bed, policy: policy{authority: a, original: pack.Version},
		last: map[string]event{}, holds: map[string]uuid.UUID{},
	}
	w.set(start(t).at(a.zone, 9, 0, 0))
	for range lives {
		w.lives = append(w.lives, w.newLife())
	}
	for range within(t, 1, 12*lives, "steps") {
		w.passTo(w.later())
		for range within(t, 1, 3, "acts") {
			w.happen(w.lives[within(t, 0, len(w.lives)-1, "life")])
		}
		if w.oneIn(8, "told again") {
			w.deliver()
			w.again()
		}
	}
	w.passTo(date{2075, 1, 1}.midnight(a.zone))
}

// known are the authorities that the service has a pack of.
func known() (all []authority) {
	for _, a := range authorities {
		if _, ok := packs.Default().Pack(a.name); ok {
			all = append(all, a)
		}
	}
	return all
}

func TestRandomHistories(t *testing.T) {
	t.Parallel()
	bed := testbed.New(t)
	rapid.Check(t, func(t *rapid.T) { empty(bed); history(t, bed, 4) })
	t.Log(census.String())
}
