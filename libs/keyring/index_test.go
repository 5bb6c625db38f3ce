package keyring

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"gallra.se/libs/clock"
)

// person makes a unit and enters a value for it.
func person(t testing.TB, ring *Ring, value string) UnitRef {
	t.Helper()
	unit, err := ring.NewUnit(t.Context(), ref(), Shared("person"))
	must(t, err)
	_, err = ring.Enter(t.Context(), "person", unit.Ref, unit.Ref.ID, []byte(value))
	must(t, err)
	return unit.Ref
}

func finds(t testing.TB, ring *Ring, value string) (subject uuid.UUID, found bool) {
	t.Helper()
	subject, found, err := ring.Find(t.Context(), af, "person", []byte(value))
	must(t, err)
	return subject, found
}

// TestNobodyIsMissedWhileKeysAreReplaced replaces keys of look-ups, of one bucket and of all, as fast as it can, beside
// readers and writers in other processes.
func TestNobodyIsMissedWhileKeysAreReplaced(t *testing.T) {
	t.Parallel()
	home := newHome(t)
	replacing, rings := home.open(t), []*Ring{home.open(t), home.open(t)}
	known := map[string]UnitRef{}
	for i := range 30 {
		value := fmt.Sprint("known ", i)
		known[value] = person(t, replacing, value)
	}
	ctx, stop := context.WithCancel(t.Context())
	replacements := 0
	var loop, workers sync.WaitGroup
	loop.Go(func() {
		for ctx.Err() == nil {
			victim := person(t, replacing, fmt.Sprint("victim ", replacements))
			if err := errors.Join(replacing.Destroy(t.Context(), []UnitRef{victim}), replacing.ReplaceIndex(t.Context())); err != nil {
				t.Error(err)
				return
			}
			replacements++
		}
	})
	for i := range 4 {
		here, there := rings[i%2], rings[(i+1)%2]
		workers.Go(func() {
			for n := range 60 {
				for value, ref := range known {
					subject, found, err := here.Find(t.Context(), af, "person", []byte(value))
					if err != nil || !found || subject != ref.ID {
						t.Errorf("missed: %v %v", found, err)
						return
					}
					break
				}
				value := fmt.Sprint("fresh ", i, "/", n)
				ref := person(t, here, value)
				if subject, found := finds(t, there, value); !found || subject != ref.ID {
					t.Error("missed what was entered just now")
				}
			}
		})
	}
	workers.Wait()
	stop()
	loop.Wait()
	if replacements < 3 {
		t.Errorf("keys were replaced %d times only", replacements)
	}
	for value, ref := range known {
		if subject, found := finds(t, home.open(t), value); !found || subject != ref.ID {
			t.Error("missed afterwards")
		}
	}
}

func (h home) buckets(t testing.TB) (n int) {
	t.Helper()
	must(t, h.db.QueryRow(t.Context(), `SELECT count(*) FROM key_page WHERE kind = 'index/person'`).Scan(&n))
	return n
}

// fill enters n values in bulk, as many callers would.
func fill(t testing.TB, home home, ring *Ring, n int) {
	t.Helper()
	unit := person(t, ring, "the first")
	ix, err := readIndex(t.Context(), home.db, indexName{af, "person"})
	must(t, err)
	digests, sealed, pages := make([][]byte, n), make([][]byte, n), make([]uuid.UUID, n)
	e := entry{authority: af, purpose: "person", unit: unit.ID}
	for i := range n {
		f := fingerprintOf("person", fmt.Append(nil, "value ", i))
		bucket, err := ring.bucketOf(t.Context(), home.db, ix, f)
		must(t, err)
		digests[i], sealed[i], pages[i] = bucket.digest(f), bucket.seal(&e, f), bucket.page
	}
	_, err = home.db.Exec(t.Context(), `INSERT INTO key_lookup (authority, purpose, mac, unit, subject, page, sealed, changed)
		SELECT $1, 'person', w.mac, $2, $2, w.page, w.sealed, $3 FROM unnest($4::bytea[], $5::bytea[], $6::uuid[]) AS w (mac, sealed, page)`,
		af, unit.ID, ix.generation, digests, sealed, pages)
	must(t, err)
}

func TestBucketsFollowTheNumberOfEntries(t *testing.T) {
	t.Parallel()
	home := newHome(t)
	ring, other := home.open(t), home.open(t)
	fill(t, home, ring, 3*bucketSize)
	if n := home.buckets(t); n != 1 {
		t.Fatalf("%d buckets", n)
	}
	must(t, ring.ReplaceIndex(t.Context()))
	if n := home.buckets(t); n != 4 {
		t.Errorf("%d buckets for %d entries", n, 3*bucketSize)
	}
	for i := range 3 * bucketSize {
		if i%97 != 0 {
			continue
		}
		if _, found := finds(t, other, fmt.Sprint("value ", i)); !found {
			t.Fatalf("value %d is missed", i)
		}
	}
	var fullest int
	must(t, home.db.QueryRow(t.Context(), `SELECT max(n) FROM (SELECT count(*) AS n FROM key_lookup GROUP BY page) AS sizes`).Scan(&fullest))
	if fullest > bucketSize {
		t.Errorf("a bucket of %d", fullest)
	}
}

func TestABucketThatGrewTooLargeIsSplitWhenItIsTouched(t *testing.T) {
	t.Parallel()
	home := newHome(t)
	ring := home.open(t)
	fill(t, home, ring, splitAt+bucketSize)
	gone := person(t, ring, "gone")
	must(t, ring.Destroy(t.Context(), []UnitRef{gone}))
	if n := home.buckets(t); n != 8 {
		t.Errorf("%d buckets", n)
	}
	for value, there := range map[string]bool{"value 1": true, "value 4999": true, "the first": true, "gone": false} {
		if _, found := finds(t, ring, value); found != there {
			t.Errorf("%s: found %v", value, found)
		}
	}
}

// TestNoOldEntryIsAttributedToAValue holds a copy of the key database of before, all keys of today, and the list of all
// values that there could be.
func TestNoOldEntryIsAttributedToAValue(t *testing.T) {
	t.Parallel()
	for _, rekeyed := range []bool{true, false} {
		t.Run(map[bool]string{true: "keys replaced", false: "keys kept"}[rekeyed], func(t *testing.T) {
			t.Parallel()
			home := newHome(t)
			ring := home.open(t)
			fill(t, home, ring, 40)
			gone := person(t, ring, "gone")
			before := home.copyOf(t)
			if rekeyed {
				must(t, ring.Destroy(t.Context(), []UnitRef{gone}))
			} else { // so that the attack can succeed: what a deletion alone would leave
				_, err := home.db.Exec(t.Context(), `DELETE FROM key_lookup WHERE unit = $1`, gone.ID)
				must(t, err)
			}
			var keys []bucketKey
			pages, err := readTable(t.Context(), home.db, ring.table.generation, &ring.table.root)
			must(t, err)
			rows, err := home.db.Query(t.Context(), `SELECT id FROM key_page WHERE special`)
			must(t, err)
			for rows.Next() {
				var page uuid.UUID
				must(t, rows.Scan(&page))
				keys = append(keys, newBucket(page, pages[page]))
			}
			attributed := 0
			for _, value := range append(values(40), "gone", "the first", "nobody") {
				f := fingerprintOf("person", []byte(value))
				for _, k := range keys {
					if bytes.Contains(before["key_lookup"], fmt.Appendf(nil, "%x", k.digest(f))) {
						attributed++
					}
				}
			}
			if want := map[bool]int{true: 0, false: 42}[rekeyed]; attributed != want {
				t.Errorf("%d of 42 old entries attributed, want %d", attributed, want)
			}
		})
	}
}

func values(n int) (all []string) {
	for i := range n {
		all = append(all, fmt.Sprint("value ", i))
	}
	return all
}

func TestKeysOfALookUpAreReplacedWhenTheyAreOld(t *testing.T) {
	t.Parallel()
	home := newHome(t)
	ring := home.open(t)
	person(t, ring, "a")
	page := func() (id uuid.UUID) {
		must(t, home.db.QueryRow(t.Context(), `SELECT id FROM key_page WHERE kind = 'sort/person'`).Scan(&id))
		return id
	}
	first, now := page(), clock.PaceNow()
	must(t, ring.replaceIndex(t.Context(), now.Add(-indexLife)))
	if page() != first {
		t.Error("replaced before its time")
	}
	must(t, ring.replaceIndex(t.Context(), now.Add(time.Second)))
	if page() == first {
		t.Error("not replaced")
	}
	if _, found := finds(t, home.open(t), "a"); !found {
		t.Error("missed")
	}
}

// single enters a value as it was done before there were buckets.
func single(t *testing.T, home home, ring *Ring, value string) UnitRef {
	t.Helper()
	unit, _ := sealed(t, ring, Shared("person"))
	k, err := ring.specialKey(t.Context(), singleOf(af))
	must(t, err)
	_, err = home.db.Exec(t.Context(), `INSERT INTO key_lookup (authority, purpose, mac, unit, subject) VALUES ($1, 'person', $2, $3, $3)`,
		af, mac(&k, bind([]byte("person"), []byte(value))), unit.ID)
	must(t, err)
	return unit
}

func TestEntriesOfBeforeThereWereBucketsAreFoundAndMoved(t *testing.T) {
	t.Parallel()
	home := newHome(t)
	old := home.open(t)
	refs := map[string]UnitRef{}
	for _, value := range []string{"found", "entered", "many", "left", "gone"} {
		refs[value] = single(t, home, old, value)
	}
	ring, other := home.open(t), home.open(t)
	person(t, ring, "new")
	if subject, found := finds(t, ring, "found"); !found || subject != refs["found"].ID {
		t.Error("not found")
	}
	again := ref()
	_, err := ring.NewUnit(t.Context(), again, Shared("person"))
	must(t, err)
	if subject, err := ring.Enter(t.Context(), "person", again, again.ID, []byte("entered")); err != nil || subject != refs["entered"].ID {
		t.Errorf("entered a second time: %v", err)
	}
	many, err := other.FindMany(t.Context(), af, "person", [][]byte{[]byte("nobody"), []byte("many"), []byte("new")})
	must(t, err)
	if len(many) != 2 || many[1] != refs["many"].ID {
		t.Errorf("found %v", many)
	}
	left := func() (n int) {
		must(t, home.db.QueryRow(t.Context(), `SELECT count(*) FROM key_lookup WHERE page IS NULL`).Scan(&n))
		return n
	}
	if left() != 2 {
		t.Errorf("%d were not moved", left())
	}
	must(t, ring.Destroy(t.Context(), []UnitRef{refs["gone"], refs["entered"]}))
	for _, value := range []string{"gone", "entered"} {
		if _, found := finds(t, ring, value); found {
			t.Errorf("%s is found", value)
		}
	}
	must(t, ring.ReplaceIndex(t.Context()))
	if _, found := finds(t, other, "left"); !found || left() != 0 {
		t.Errorf("the last one: %v, %d left", found, left())
	}
	must(t, ring.ReplaceIndex(t.Context()))
	var pages int
	must(t, home.db.QueryRow(t.Context(), `SELECT count(*) FROM key_page WHERE kind = 'index'`).Scan(&pages))
	if pages != 0 {
		t.Error("the key of before is still there")
	}
	for _, r := range []*Ring{ring, other, home.open(t)} {
		for value, there := range map[string]bool{"left": true, "found": true, "many": true, "new": true, "nobody": false} {
			if _, found := finds(t, r, value); found != there {
				t.Errorf("%s: found %v", value, found)
			}
		}
	}
}

// BenchmarkDestroyAPerson is the end of a unit that is looked up, in a bucket of the intended size.
func BenchmarkDestroyAPerson(b *testing.B) {
	home := newHome(b)
	ring := home.open(b)
	fill(b, home, ring, bucketSize)
	for b.Loop() {
		b.StopTimer()
		gone := person(b, ring, "gone")
		b.StartTimer()
		must(b, ring.Destroy(b.Context(), []UnitRef{gone}))
	}
}
