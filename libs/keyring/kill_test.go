package keyring

import (
	"errors"
	"testing"
)

var steps = []string{"locked", "units", "pages", "put", "table", "committed", "destroyed"}

var errStopped = errors.New("stopped by the test")

// TestARotationThatStopsAnywhereIsEndedByTheNextOne stops a destruction after
// each step, as an error and as a panic, and goes on with the same ring or, as
// after a crash, with a new one. A repeat then destroys what was to go.
func TestARotationThatStopsAnywhereIsEndedByTheNextOne(t *testing.T) {
	t.Parallel()
	for _, stop := range steps {
		for _, panics := range []bool{false, true} {
			for _, reopen := range []bool{false, true} {
				name := stop + map[bool]string{true: ", panics", false: ", fails"}[panics] + map[bool]string{true: ", new process", false: ""}[reopen]
				t.Run(name, func(t *testing.T) {
					t.Parallel()
					home := newHome(t)
					ring := home.open(t)
					stays, staysBox := sealed(t, ring, Shared("person"))
					gone, goneBox := sealed(t, ring, Shared("person"))
					day, dayBox := sealed(t, ring, ByDay("contact.chat", "2024-01-31"))
					goes := []UnitRef{gone, day}

					reached := destroyUntil(t, ring, goes, stop, panics)
					if !reached {
						t.Fatalf("step %s was not reached", stop)
					}
					if reopen {
						ring = home.open(t)
						home.holdsOneGeneration(t)
					}
					must(t, opens(ring, stays, staysBox))
					committed := stop == "committed" || stop == "destroyed"
					for ref, box := range map[UnitRef][]byte{gone: goneBox, day: dayBox} {
						if err := opens(ring, ref, box); committed != errors.Is(err, ErrDestroyed) {
							t.Errorf("after %s: %v", stop, err)
						}
					}

					must(t, ring.Destroy(t.Context(), goes))
					home.holdsOneGeneration(t)
					must(t, opens(ring, stays, staysBox))
					if err := opens(ring, gone, goneBox); !errors.Is(err, ErrDestroyed) {
						t.Errorf("after the repeat: %v", err)
					}
					_, err := ring.NewUnit(t.Context(), ref(), Shared("person"))
					must(t, err)
				})
			}
		}
	}
}

func destroyUntil(t *testing.T, ring *Ring, refs []UnitRef, stop string, panics bool) (reached bool) {
	t.Helper()
	ring.step = func(name string) error {
		if name != stop {
			return nil
		}
		reached = true
		if panics {
			panic(errStopped)
		}
		return errStopped
	}
	defer func() {
		ring.step = func(string) error { return nil }
		if p := recover(); p != nil && p != errStopped {
			panic(p)
		}
	}()
	if err := ring.Destroy(t.Context(), refs); !errors.Is(err, errStopped) {
		t.Fatalf("destroy: %v", err)
	}
	return reached
}

func TestAFirstStartThatCrashedStartsAgain(t *testing.T) {
	t.Parallel()
	home := newHome(t)
	k := newKey()
	must(t, home.store.Put(t.Context(), 1, k[:]))
	ref, box := sealed(t, home.open(t), Shared("person"))
	must(t, opens(home.open(t), ref, box))
}
