package keyring

import (
	"bytes"
	"errors"
	"testing"
)

// renewedWith is a unit with two keys, and a box of before.
func renewedWith(t *testing.T, ring *Ring) (UnitRef, []byte) {
	t.Helper()
	ref, box := sealed(t, ring, Shared("case"))
	must(t, ring.Renew(t.Context(), []UnitRef{ref}))
	return ref, box
}

func renewing(t *testing.T, ring *Ring) []Renewal {
	t.Helper()
	all, err := ring.Renewing(t.Context(), 100)
	must(t, err)
	return all
}

// rewrapped is the box under the unit's newest key.
func rewrapped(t *testing.T, ring *Ring, ref UnitRef, box []byte) []byte {
	t.Helper()
	unit, err := ring.Unit(t.Context(), ref)
	must(t, err)
	fresh, err := unit.Rewrap(aadOf(ref), box)
	must(t, err)
	again, err := unit.Rewrap(aadOf(ref), fresh)
	must(t, err)
	if !bytes.Equal(again, fresh) {
		t.Error("a box under the newest key was wrapped again")
	}
	return fresh
}

func TestARenewedUnitOpensOldAndNewBoxesUntilItsOldKeyEnds(t *testing.T) {
	t.Parallel()
	home := newHome(t)
	here, there := home.open(t), home.open(t)
	ref, box := sealed(t, here, Shared("case"))
	before, err := here.Unit(t.Context(), ref)
	must(t, err)
	for range 2 { // again: nothing
		must(t, here.Renew(t.Context(), []UnitRef{ref, ref}))
	}
	unit, err := there.Unit(t.Context(), ref)
	must(t, err)
	if before.Number() != 0 || unit.Number() != 1 {
		t.Errorf("renewal %d after %d", unit.Number(), before.Number())
	}
	newer, err := unit.Seal(aadOf(ref), []byte("what was said"))
	must(t, err)
	if _, err := before.Open(aadOf(ref), newer); !errors.Is(err, ErrBox) {
		t.Errorf("the old key opens what was sealed after the renewal: %v", err)
	}
	fresh := rewrapped(t, there, ref, box)
	for _, ring := range []*Ring{here, there, home.open(t)} {
		for _, b := range [][]byte{box, newer, fresh} {
			must(t, opens(ring, ref, b))
		}
	}
	must(t, here.End(t.Context(), Ending{OldKeys: renewing(t, here)}))
	home.holdsOneGeneration(t)
	for _, ring := range []*Ring{here, there, home.open(t)} {
		must(t, opens(ring, ref, newer))
		must(t, opens(ring, ref, fresh))
		if err := opens(ring, ref, box); !errors.Is(err, ErrBox) {
			t.Errorf("a box that was not re-wrapped: %v", err)
		}
	}
	if left := renewing(t, here); len(left) != 0 {
		t.Errorf("still renewed: %v", left)
	}
	after, err := here.Unit(t.Context(), ref)
	must(t, err)
	for _, u := range []*Unit{before, unit} {
		if !bytes.Equal(u.MAC("fingerprint", []byte("x")), after.MAC("fingerprint", []byte("x"))) {
			t.Error("a fingerprint changed with the key")
		}
	}
}

// TestAStaleEndOfARenewalDropsNothing: two renewals later, an end of the first may come again, from an instance that
// stood still.
func TestAStaleEndOfARenewalDropsNothing(t *testing.T) {
	t.Parallel()
	home := newHome(t)
	ring := home.open(t)
	ref, box := renewedWith(t, ring)
	stale := renewing(t, ring)
	fresh := rewrapped(t, ring, ref, box)
	must(t, ring.End(t.Context(), Ending{OldKeys: stale}))
	must(t, ring.Renew(t.Context(), []UnitRef{ref}))
	must(t, ring.End(t.Context(), Ending{OldKeys: stale}))
	must(t, opens(ring, ref, fresh))
	if now := renewing(t, ring); len(now) != 1 || now[0].Number != 2 {
		t.Fatalf("renewing %v", now)
	}
	newest := rewrapped(t, ring, ref, fresh)
	must(t, ring.End(t.Context(), Ending{OldKeys: renewing(t, ring)}))
	must(t, opens(ring, ref, newest))
	if err := opens(ring, ref, fresh); !errors.Is(err, ErrBox) {
		t.Errorf("the key of before: %v", err)
	}
}

func TestDestroyingARenewedUnitDestroysBothKeys(t *testing.T) {
	t.Parallel()
	home := newHome(t)
	ring := home.open(t)
	ref, box := renewedWith(t, ring)
	fresh := rewrapped(t, ring, ref, box)
	neighbour, neighbourBox := renewedWith(t, ring) // is re-wrapped with both of its keys
	renewals := renewing(t, ring)
	must(t, ring.End(t.Context(), Ending{Units: []UnitRef{ref}, OldKeys: renewals[:0]}))
	for _, b := range [][]byte{box, fresh} {
		if err := opens(ring, ref, b); !errors.Is(err, ErrDestroyed) {
			t.Error(err)
		}
	}
	must(t, opens(home.open(t), neighbour, neighbourBox))
	must(t, ring.Renew(t.Context(), []UnitRef{ref, {Authority: af}}))
	must(t, ring.End(t.Context(), Ending{OldKeys: renewals})) // that of the destroyed one too
	must(t, opens(ring, neighbour, rewrappedTwice(t, ring, neighbour, neighbourBox)))
	home.holdsOneGeneration(t)
}

// rewrappedTwice expects that the old key is gone, and gives a box of today.
func rewrappedTwice(t *testing.T, ring *Ring, ref UnitRef, box []byte) []byte {
	t.Helper()
	unit, err := ring.Unit(t.Context(), ref)
	must(t, err)
	if _, err := unit.Rewrap(aadOf(ref), box); !errors.Is(err, ErrBox) {
		t.Errorf("re-wrapped from a key that is gone: %v", err)
	}
	today, err := unit.Seal(aadOf(ref), []byte("what was said"))
	must(t, err)
	return today
}

// TestACopyOfBeforeOpensNothingOfWhatPartedFromAUnit holds the rows and the key database of before and every key of
// today.
func TestACopyOfBeforeOpensNothingOfWhatPartedFromAUnit(t *testing.T) {
	t.Parallel()
	home := newHome(t)
	ring := home.open(t)
	ref, parted := sealed(t, ring, Shared("case"))
	_, stays := ref, rewrapped(t, ring, ref, parted)
	before := home.copyOf(t)
	must(t, ring.Renew(t.Context(), []UnitRef{ref}))
	stays = rewrapped(t, ring, ref, stays)
	must(t, ring.End(t.Context(), Ending{OldKeys: renewing(t, ring)}))
	if err := opens(ring, ref, parted); !errors.Is(err, ErrBox) {
		t.Errorf("the key of today opens the row of before: %v", err)
	}
	must(t, opens(ring, ref, stays))

	today := home.copyOf(t)
	mixed := home.copyOf(t)
	mixed["key_unit"] = before["key_unit"]
	home.restore(t, mixed)
	if opens(home.open(t), ref, parted) == nil {
		t.Error("the unit rows of before open it")
	}
	home.restore(t, before)
	if n := home.shelvesThatOpen(t); n != 0 {
		t.Errorf("%d shelves of before open", n)
	}
	home.restore(t, today)
	must(t, opens(home.open(t), ref, stays))
}

func TestARenewalThatStopsIsThereOnce(t *testing.T) {
	t.Parallel()
	home := newHome(t)
	ring := home.open(t)
	ref, box := sealed(t, ring, Shared("case"))
	ring.step = func(name string) error {
		if name == "renewed" {
			return errStopped
		}
		return nil
	}
	if err := ring.Renew(t.Context(), []UnitRef{ref}); !errors.Is(err, errStopped) {
		t.Fatal(err)
	}
	ring = home.open(t)
	must(t, ring.Renew(t.Context(), []UnitRef{ref}))
	if all := renewing(t, ring); len(all) != 1 || all[0] != (Renewal{ref, 1}) {
		t.Fatalf("renewing %v", all)
	}
	fresh := rewrapped(t, ring, ref, box)
	must(t, ring.End(t.Context(), Ending{OldKeys: renewing(t, ring)}))
	must(t, opens(ring, ref, fresh))
}
