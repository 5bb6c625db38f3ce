package keyring

import (
	"errors"
	"maps"
	"os"
	"testing"
)

var steps = []string{"locked", "units", "buckets", "pages", "put", "table", "committed", "copying", "copied", "destroyed"}

var errStopped = errors.New("stopped by the test")

// before are the steps at which nothing has been destroyed yet.
var before = map[string]bool{"locked": true, "units": true, "buckets": true, "pages": true, "put": true, "table": true}

// doomed is a keyring with a copy, in which something is about to go, in a unit and out of one.
type doomed struct {
	home                                 home
	dir                                  string
	ring                                 *Ring
	stays, gone, day, parted             UnitRef
	staysBox, goneBox, dayBox, partedBox []byte
	partedNew                            []byte
	ending                               Ending
}

func newDoomed(t *testing.T) *doomed {
	d := &doomed{home: newHome(t), dir: t.TempDir()}
	d.home.store = &memory{keys: map[int64][]byte{}}
	d.ring = d.home.openCopying(t, d.dir)
	d.stays, d.staysBox = sealed(t, d.ring, Shared("person"))
	d.gone, d.goneBox = sealed(t, d.ring, Shared("person"))
	d.day, d.dayBox = sealed(t, d.ring, ByDay("contact.chat", "2024-01-31"))
	d.parted, d.partedBox = renewedWith(t, d.ring)
	d.partedNew = rewrapped(t, d.ring, d.parted, d.partedBox)
	for value, ref := range map[string]UnitRef{"stays": d.stays, "gone": d.gone} {
		_, err := d.ring.Enter(t.Context(), "person", ref, ref.ID, []byte(value))
		must(t, err)
	}
	must(t, d.ring.CopyNow(t.Context()))
	d.ending = Ending{Units: []UnitRef{d.gone, d.day}, OldKeys: renewing(t, d.ring)}
	return d
}

// reads are what must hold whatever happened: what lives reads and is found.
func (d *doomed) reads(t *testing.T, ring *Ring) {
	t.Helper()
	must(t, opens(ring, d.stays, d.staysBox))
	must(t, opens(ring, d.parted, d.partedNew))
	if subject, found := finds(t, ring, "stays"); !found || subject != d.stays.ID {
		t.Error("who stays is not found")
	}
}

// ended says whether everything has gone; half of it is a failure.
func (d *doomed) ended(t *testing.T, ring *Ring) bool {
	t.Helper()
	_, found := finds(t, ring, "gone")
	gone := []bool{
		errors.Is(opens(ring, d.gone, d.goneBox), ErrDestroyed), errors.Is(opens(ring, d.day, d.dayBox), ErrDestroyed),
		errors.Is(opens(ring, d.parted, d.partedBox), ErrBox), !found,
	}
	for _, one := range gone {
		if one != gone[0] {
			t.Fatalf("half has gone: %v", gone)
		}
	}
	return gone[0]
}

// TestARotationThatStopsAnywhereIsEndedByTheNextOne stops an ending after each step, as an error, and goes on with the
// same ring, or as a panic, and goes on as after a crash with a new one. A repeat then destroys what was to go. At every
// stop the copy and the keystore as they are make a key database.
func TestARotationThatStopsAnywhereIsEndedByTheNextOne(t *testing.T) {
	t.Parallel()
	for _, stop := range steps {
		for _, crash := range []bool{false, true} {
			t.Run(stop+map[bool]string{true: ", panics, new process", false: ", fails"}[crash], func(t *testing.T) {
				t.Parallel()
				d := newDoomed(t)
				if !endUntil(t, d.ring, d.ending, stop, crash) {
					t.Fatalf("step %s was not reached", stop)
				}
				ring := d.ring
				if crash {
					d.losesItsDatabase(t)
					ring = d.home.openCopying(t, d.dir)
					d.home.holdsOneGeneration(t)
				}
				d.reads(t, ring)
				if ended := d.ended(t, ring); ended == before[stop] {
					t.Errorf("after %s: ended %v", stop, ended)
				}
				must(t, ring.End(t.Context(), d.ending))
				d.home.holdsOneGeneration(t)
				for _, ring := range []*Ring{ring, d.home.openCopying(t, d.dir)} {
					d.reads(t, ring)
					if !d.ended(t, ring) {
						t.Error("not ended after the repeat")
					}
				}
				_, err := ring.NewUnit(t.Context(), ref(), Shared("person"))
				must(t, err)
			})
		}
	}
}

// losesItsDatabase makes a key database of the copy and of a likeness of the keystore, and forgets it again.
func (d *doomed) losesItsDatabase(t *testing.T) {
	t.Helper()
	lost, dir := newHome(t), t.TempDir()
	lost.store = &memory{keys: maps.Clone(d.home.store.(*memory).keys)}
	must(t, os.CopyFS(dir, os.DirFS(d.dir)))
	must(t, RestoreCopy(t.Context(), dir, lost.db))
	ring := lost.openCopying(t, dir)
	d.reads(t, ring)
	d.ended(t, ring)
	lost.holdsOneGeneration(t)
}

func endUntil(t *testing.T, ring *Ring, e Ending, stop string, panics bool) (reached bool) {
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
	if err := ring.End(t.Context(), e); !errors.Is(err, errStopped) {
		t.Fatalf("end: %v", err)
	}
	return reached
}

func TestAnIndexWhoseReplacementStopsIsWholeAndReplacedByTheNext(t *testing.T) {
	t.Parallel()
	for _, stop := range []string{"sorted", "put", "table", "committed", "copying", "copied"} {
		t.Run(stop, func(t *testing.T) {
			t.Parallel()
			d := newDoomed(t)
			d.ring.step = func(name string) error {
				if name == stop {
					return errStopped
				}
				return nil
			}
			if err := d.ring.ReplaceIndex(t.Context()); !errors.Is(err, errStopped) {
				t.Fatal(err)
			}
			for range 2 {
				ring := d.home.openCopying(t, d.dir)
				d.home.holdsOneGeneration(t)
				d.reads(t, ring)
				if d.ended(t, ring) {
					t.Error("somebody has gone")
				}
				must(t, ring.ReplaceIndex(t.Context()))
			}
		})
	}
}

func TestAFirstStartThatCrashedStartsAgain(t *testing.T) {
	t.Parallel()
	home := newHome(t)
	k := newKey()
	must(t, home.store.Put(t.Context(), 1, k[:]))
	ref, box := sealed(t, home.open(t), Shared("person"))
	must(t, opens(home.open(t), ref, box))
}
