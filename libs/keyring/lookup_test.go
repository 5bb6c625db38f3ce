package keyring

import (
	"bytes"
	"errors"
	"sync"
	"testing"

	"gallra.se/libs/clock"
	"gallra.se/libs/seal"
	"github.com/google/uuid"
)

func TestOfTwoWhoEnterTheSameValueBothGetTheSameSubject(t *testing.T) {
	t.Parallel()
	home := newHome(t)
	rings := []*Ring{home.open(t), home.open(t)}
	subjects := make([]uuid.UUID, 12)
	var group sync.WaitGroup
	for i := range subjects {
		group.Go(func() {
			ring, subject := rings[i%2], ref()
			if _, err := ring.NewUnit(t.Context(), subject, Shared("person")); err != nil {
				t.Error(err)
				return
			}
			got, err := ring.Enter(t.Context(), "person", subject, subject.ID, []byte("199001012389"))
			if err != nil {
				t.Error(err)
			}
			subjects[i] = got
		})
	}
	group.Wait()
	found, ok, err := rings[0].Find(t.Context(), af, "person", []byte("199001012389"))
	must(t, err)
	for _, s := range subjects {
		if s != found || !ok {
			t.Fatalf("subjects differ: %v, found %v", subjects, found)
		}
	}
	if _, ok, err := rings[0].Find(t.Context(), "te-customer-service", "person", []byte("199001012389")); ok || err != nil {
		t.Fatalf("another authority finds it: %v", err)
	}
}

func TestALookUpEntryDiesWithItsUnit(t *testing.T) {
	t.Parallel()
	ring := newHome(t).open(t)
	unit, _ := sealed(t, ring, Shared("person"))
	_, err := ring.Enter(t.Context(), "person", unit, unit.ID, []byte("x"))
	must(t, err)
	must(t, ring.Destroy(t.Context(), []UnitRef{unit}))
	if _, ok, err := ring.Find(t.Context(), af, "person", []byte("x")); ok || err != nil {
		t.Fatalf("found %v: %v", ok, err)
	}
	if _, err := ring.Enter(t.Context(), "person", unit, unit.ID, []byte("x")); !errors.Is(err, ErrDestroyed) {
		t.Fatalf("entered for a destroyed unit: %v", err)
	}
	if _, err := ring.Enter(t.Context(), "person", ref(), unit.ID, []byte("x")); !errors.Is(err, ErrUnknown) {
		t.Fatalf("entered for an unknown unit: %v", err)
	}
}

func TestManyAreLookedUpAtOnceAndFoundByTheirPlace(t *testing.T) {
	t.Parallel()
	ring := newHome(t).open(t)
	entered := map[string]uuid.UUID{}
	for _, value := range []string{"b", "d"} {
		unit, _ := sealed(t, ring, Shared("person"))
		subject, err := ring.Enter(t.Context(), "person", unit, unit.ID, []byte(value))
		must(t, err)
		entered[value] = subject
	}
	values := [][]byte{[]byte("a"), []byte("b"), []byte("c"), []byte("d"), []byte("b")}
	found, err := ring.FindMany(t.Context(), af, "person", values)
	must(t, err)
	if len(found) != 3 || found[1] != entered["b"] || found[3] != entered["d"] || found[4] != entered["b"] {
		t.Fatalf("found %v of %v", found, entered)
	}
	for _, other := range []struct{ authority, purpose string }{{"te-customer-service", "person"}, {af, "case"}} {
		if found, err := ring.FindMany(t.Context(), other.authority, other.purpose, values); err != nil || len(found) > 0 {
			t.Fatalf("%s of %s finds %v, %v", other.purpose, other.authority, found, err)
		}
	}
	if found, err := ring.FindMany(t.Context(), af, "person", nil); err != nil || len(found) > 0 {
		t.Fatalf("of nobody: %v %v", found, err)
	}
}

func TestTombstonesAreRecognisedAfterEveryRotationByEveryProcess(t *testing.T) {
	t.Parallel()
	home := newHome(t)
	here, there := home.open(t), home.open(t)
	first, err := here.TombstoneMAC(t.Context(), af, []byte("j11-000001"))
	must(t, err)
	must(t, there.Rotate(t.Context()))
	for _, ring := range []*Ring{here, there, home.open(t)} {
		again, err := ring.TombstoneMAC(t.Context(), af, []byte("j11-000001"))
		must(t, err)
		if !bytes.Equal(first, again) {
			t.Fatal("a tombstone is not recognised")
		}
	}
	other, err := here.TombstoneMAC(t.Context(), "te-customer-service", []byte("j11-000001"))
	must(t, err)
	if bytes.Equal(first, other) {
		t.Fatal("two authorities share a tombstone key")
	}
}

func TestATransportKeyOpensUntilItIsDestroyed(t *testing.T) {
	t.Parallel()
	home := newHome(t)
	ring := home.open(t)
	public, id, err := ring.TransportKey(t.Context(), clock.PaceNow())
	must(t, err)
	box, err := seal.Seal(public, []byte("aad"), []byte("a note"))
	must(t, err)
	if _, again, err := home.open(t).TransportKey(t.Context(), clock.PaceNow()); err != nil || again != id {
		t.Fatalf("another process has key %s: %v", again, err)
	}

	must(t, ring.RetireTransportKey(t.Context()))
	if _, next, err := ring.TransportKey(t.Context(), clock.PaceNow()); err != nil || next == id {
		t.Fatalf("still key %s: %v", next, err)
	}
	plain, err := home.open(t).OpenSealed(t.Context(), id, []byte("aad"), box)
	if err != nil || string(plain) != "a note" {
		t.Fatalf("a retired key: %v", err)
	}
	if _, err := ring.OpenSealed(t.Context(), id, []byte("other"), box); !errors.Is(err, ErrBox) {
		t.Fatalf("other aad: %v", err)
	}

	retired, err := ring.RetiredTransportKeys(t.Context())
	must(t, err)
	must(t, ring.DestroyTransportKeys(t.Context(), []string{retired[0].ID}))
	if _, err := ring.OpenSealed(t.Context(), id, []byte("aad"), box); !errors.Is(err, ErrDestroyed) {
		t.Fatalf("a destroyed key: %v", err)
	}
	home.holdsOneGeneration(t)
}
