package keyring

import (
	"errors"
	"fmt"
	"sync"
	"testing"

	"github.com/google/uuid"

	"gallra.se/libs/clock"
	"gallra.se/libs/seal"
)

// TestOneProcessWorksOnWhileAnotherRotates has one process destroy and rotate as fast as it can, and two others make,
// read, look up and open what was sealed to either: none of that may fail, and nothing destroyed may open.
func TestOneProcessWorksOnWhileAnotherRotates(t *testing.T) {
	t.Parallel()
	home := newHome(t)
	rotating, workers := home.open(t), []*Ring{home.open(t), home.open(t)}
	var mu sync.Mutex
	doomed := map[UnitRef][]byte{}
	done := make(chan struct{})
	var working, rotation sync.WaitGroup
	rotation.Go(func() {
		for {
			select {
			case <-done:
				return
			default:
			}
			mu.Lock()
			var goes []UnitRef
			for ref := range doomed {
				goes = append(goes, ref)
			}
			mu.Unlock()
			if err := errors.Join(rotating.Destroy(t.Context(), goes), rotating.Rotate(t.Context())); err != nil {
				t.Error(err)
				return
			}
			mu.Lock()
			for _, ref := range goes {
				for _, ring := range append(workers, rotating) {
					if err := opens(ring, ref, doomed[ref]); !errors.Is(err, ErrDestroyed) {
						t.Errorf("what was destroyed elsewhere answers %v", err)
					}
				}
				delete(doomed, ref)
			}
			mu.Unlock()
		}
	})
	for i := range 4 {
		here, there := workers[i%2], workers[(i+1)%2]
		working.Go(func() {
			for n := range 40 {
				if err := oneRound(t, here, there, fmt.Sprint(i, "/", n)); err != nil {
					t.Error(err)
					return
				}
				ref, box := sealed(t, here, Shared("person"))
				mu.Lock()
				doomed[ref] = box
				mu.Unlock()
			}
		})
	}
	working.Wait()
	close(done)
	rotation.Wait()
	home.holdsOneGeneration(t)
}

// oneRound makes by one process what the other reads.
func oneRound(t *testing.T, here, there *Ring, value string) error {
	ref, box := sealed(t, here, ByDay("contact.chat", "2024-01-31"))
	if err := opens(there, ref, box); err != nil {
		return fmt.Errorf("read what the other made: %w", err)
	}
	if _, err := here.Enter(t.Context(), "number", ref, ref.ID, []byte(value)); err != nil {
		return err
	}
	if id, found, err := there.Find(t.Context(), af, "number", []byte(value)); err != nil || !found || id != ref.ID {
		return fmt.Errorf("find what the other entered: %v %w", found, err)
	}
	mine, err := here.TombstoneMAC(t.Context(), af, []byte(value))
	if err != nil {
		return err
	}
	theirs, err := there.TombstoneMAC(t.Context(), af, []byte(value))
	if err != nil || string(mine) != string(theirs) {
		return fmt.Errorf("two tombstones of one value: %w", err)
	}
	public, keyID, err := here.TransportKey(t.Context(), clock.PaceNow())
	if err != nil {
		return err
	}
	letter, err := seal.Seal(public, []byte("aad"), []byte("letter"))
	if err != nil {
		return err
	}
	plain, err := there.OpenSealed(t.Context(), keyID, []byte("aad"), letter)
	if err != nil || string(plain) != "letter" {
		return fmt.Errorf("open what was sealed to the other: %w", err)
	}
	return nil
}

func TestATransportKeyThatOneProcessDestroyedOpensNothingInAnother(t *testing.T) {
	t.Parallel()
	home := newHome(t)
	here, there := home.open(t), home.open(t)
	public, keyID, err := here.TransportKey(t.Context(), clock.PaceNow())
	must(t, err)
	letter, err := seal.Seal(public, nil, []byte("letter"))
	must(t, err)
	_, err = there.OpenSealed(t.Context(), keyID, nil, letter)
	must(t, err)
	must(t, here.RetireTransportKey(t.Context()))
	if _, next, err := there.TransportKey(t.Context(), clock.PaceNow()); err != nil || next == keyID {
		t.Errorf("the other process still gives the retired key: %v", err)
	}
	must(t, here.DestroyTransportKeys(t.Context(), []string{keyID}))
	if _, err := there.OpenSealed(t.Context(), keyID, nil, letter); !errors.Is(err, ErrDestroyed) {
		t.Errorf("it opens elsewhere: %v", err)
	}
}

func TestAnIdleProcessForgetsTheKeysThatAnotherRotatedAway(t *testing.T) {
	t.Parallel()
	home := newHome(t)
	here, idle := home.open(t), home.open(t)
	gone, _ := sealed(t, here, Shared("person"))
	must(t, idle.keepUp(t.Context()))
	before := idle.table.generation
	must(t, here.Destroy(t.Context(), []UnitRef{gone}))
	must(t, idle.keepUp(t.Context()))
	if _, held := idle.table.rootOf(before); held || idle.table.generation != here.table.generation {
		t.Errorf("it remembers generation %d of %d", idle.table.generation, here.table.generation)
	}
}

func TestASweepLeavesWhatAnotherProcessMadeOrAskedForAgain(t *testing.T) {
	t.Parallel()
	home := newHome(t)
	sweeping, other := home.open(t), home.open(t)
	old, oldBox := sealed(t, other, Shared("person"))
	again, againBox := sealed(t, other, Shared("person"))
	now := clock.PaceNow()
	_, err := home.db.Exec(t.Context(), `UPDATE key_unit SET made_at = $1`, now.Add(-2*OrphanAfter))
	must(t, err)
	var fresh UnitRef
	var freshBox []byte
	r := newRows()
	r.hook = func() { // after the sweep has read the list, before it destroys
		if fresh.ID == uuid.Nil {
			fresh, freshBox = sealed(t, other, Shared("person"))
			_, err := other.NewUnit(t.Context(), again, Shared("person"))
			must(t, err)
		}
	}
	swept(t, sweeping, now, r, 1)
	must(t, opens(other, fresh, freshBox))
	must(t, opens(other, again, againBox))
	if err := opens(other, old, oldBox); !errors.Is(err, ErrDestroyed) {
		t.Errorf("what nobody asked for: %v", err)
	}
}
