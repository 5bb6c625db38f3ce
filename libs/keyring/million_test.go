package keyring

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"fmt"
	"os"
	"strconv"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"gallra.se/libs/clock"
)

// million is a key database with that many living units on full shared pages, and as many entries if wanted, made in
// bulk: what is in it is what a million callers would have made.
func million(b *testing.B, units int, entries bool) (home, *Ring) {
	b.Helper()
	home := newHome(b)
	ring := home.open(b)
	person(b, ring, "the first") // makes the index
	root, generation, pages := ring.table.root, ring.table.generation, map[uuid.UUID]*key{}
	ids := make([]uuid.UUID, 0, units/sharedRoom)
	for range units / sharedRoom {
		k := newKey()
		id := newID()
		pages[id], ids = &k, append(ids, id)
	}
	shelfIDs, boxes := shelves(generation, &root, pages)
	copyIn(b, home, "key_shelf", []string{"id", "generation", "box"}, len(shelfIDs), func(i int) []any { return []any{shelfIDs[i], generation, boxes[i]} })
	copyIn(b, home, "key_page", []string{"id", "authority", "kind", "units"}, len(ids), func(i int) []any { return []any{ids[i], af, "shared/person", sharedRoom} })
	refs := make([]UnitRef, len(ids)*sharedRoom)
	now := clock.PaceNow()
	copyIn(b, home, "key_unit", []string{"authority", "unit", "page", "wrapped", "made_at"}, len(refs), func(i int) []any {
		refs[i] = ref()
		page, fresh := ids[i/sharedRoom], newSecret()
		return []any{af, refs[i].ID, page, fresh.seal(pages[page], unitAAD(refs[i], page)), now}
	})
	if _, err := ring.load(b.Context()); err != nil {
		b.Fatal(err)
	}
	if entries {
		manyEntries(b, home, ring, refs)
	}
	_, err := home.db.Exec(b.Context(), `VACUUM ANALYZE`)
	must(b, err)
	return home, ring
}

// manyEntries enters a value for each unit.
func manyEntries(b *testing.B, home home, ring *Ring, refs []UnitRef) {
	ix, err := readIndex(b.Context(), home.db, indexName{af, "person"})
	must(b, err)
	k, _ := ring.table.page(ix.generation, ix.buckets[0])
	bucket := newBucket(ix.buckets[0], &k)
	copyIn(b, home, "key_lookup", []string{"authority", "purpose", "mac", "unit", "subject", "page", "sealed", "changed"}, len(refs), func(i int) []any {
		e := entry{authority: af, purpose: "person", unit: refs[i].ID}
		f := fingerprintOf("person", refs[i].ID[:])
		return []any{af, "person", bucket.digest(f), e.unit, e.unit, bucket.page, bucket.seal(&e, f), ix.generation}
	})
	before := clock.PaceNow()
	must(b, ring.ReplaceIndex(b.Context()))
	fmt.Printf("%d entries sorted into %d buckets in %s\n", len(refs), home.buckets(b), clock.PaceNow().Sub(before).Round(time.Millisecond))
}

func copyIn(b *testing.B, home home, table string, columns []string, n int, row func(i int) []any) {
	b.Helper()
	_, err := home.db.CopyFrom(b.Context(), pgx.Identifier{table}, columns, pgx.CopyFromSlice(n, func(i int) ([]any, error) { return row(i), nil }))
	must(b, err)
}

// living picks n units that are spread over the pages, each time others.
func living(b *testing.B, home home, n, nth int) (refs []UnitRef) {
	rows, err := home.db.Query(b.Context(), `SELECT authority, unit FROM (
		SELECT DISTINCT ON (page) authority, unit FROM key_unit WHERE page IS NOT NULL) AS one
		OFFSET $2 % (SELECT greatest(1, count(*) - $1) FROM key_page WHERE NOT special) LIMIT $1`, n, nth*n)
	must(b, err)
	refs, err = pgx.CollectRows(rows, pgx.RowToStructByPos[UnitRef])
	must(b, err)
	if len(refs) != n {
		b.Fatalf("%d units", len(refs))
	}
	return refs
}

// BenchmarkAMillion rotates with so many living units on pages of 64. GALLRA_KEYS says how many, as making a million
// takes a minute.
func BenchmarkAMillion(b *testing.B) {
	units, err := strconv.Atoi(os.Getenv("GALLRA_KEYS"))
	if err != nil {
		b.Skip("set GALLRA_KEYS=1000000: that many units are made first")
	}
	for _, entries := range []bool{false, true} {
		name := map[bool]string{false: "units", true: "units that are looked up"}[entries]
		b.Run(name, func(b *testing.B) {
			home, ring := million(b, units, entries)
			copying, err := Open(b.Context(), home.db, home.store, CopyTo(b.TempDir()))
			must(b, err)
			nth := 0
			for _, ring := range []*Ring{ring, copying} {
				medium := map[bool]string{true: "second medium", false: "no copy"}[ring == copying]
				for _, n := range []int{0, 1, 500} {
					b.Run(fmt.Sprintf("destroy %d, %s", n, medium), func(b *testing.B) {
						for b.Loop() {
							b.StopTimer()
							goes := living(b, home, n, nth)
							nth++
							b.StartTimer()
							if n == 0 {
								must(b, ring.Rotate(b.Context()))
							}
							must(b, ring.Destroy(b.Context(), goes))
						}
					})
				}
			}
		})
	}
}

// BenchmarkSeal is the encryption of a record, beside AES-GCM alone: the floor has its key ready, a record gets one of
// its own and wraps it.
func BenchmarkSeal(b *testing.B) {
	unit := newUnit(ref(), newSecret())
	aad := aadOf(unit.Ref)
	k := newKey()
	block, err := aes.NewCipher(k[:])
	must(b, err)
	floor, err := cipher.NewGCMWithRandomNonce(block)
	must(b, err)
	for _, size := range []int{200, 2_000, 20_000} {
		plain := make([]byte, size)
		rand.Read(plain)
		b.Run(fmt.Sprintf("record of %d bytes", size), func(b *testing.B) {
			b.SetBytes(int64(size))
			for b.Loop() {
				if _, err := unit.Seal(aad, plain); err != nil {
					b.Fatal(err)
				}
			}
		})
		b.Run(fmt.Sprintf("open %d bytes", size), func(b *testing.B) {
			box, err := unit.Seal(aad, plain)
			must(b, err)
			b.SetBytes(int64(size))
			for b.Loop() {
				if _, err := unit.Open(aad, box); err != nil {
					b.Fatal(err)
				}
			}
		})
		b.Run(fmt.Sprintf("floor of %d bytes", size), func(b *testing.B) {
			b.SetBytes(int64(size))
			for b.Loop() {
				floor.Seal(nil, nil, plain, aad.bytes())
			}
		})
	}
}
