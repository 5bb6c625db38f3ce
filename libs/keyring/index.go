package keyring

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"strings"
	"sync"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
)

// A look-up is split into buckets, so that what a destruction has to re-key is a
// thousandth of it and not all: a number is one of few enough to be tried, and an
// old copy of its entry must open nothing once the bucket's key is gone. A key of
// its own, the sorter, tells which bucket a value is in. Until the sorter is
// replaced (ReplaceIndex), an old entry of a destroyed unit still tells in which of
// the buckets its value was, that is, what share of all values it is among.

// bucketSize is how many entries a bucket is meant for. One with splitAt is split
// when next touched.
const (
	bucketSize = 1000
	splitAt    = 4 * bucketSize
)

// indexName is the look-up of one authority and class. The class of a purpose is its
// first word: "participant 018f…" is of the class "participant".
type indexName struct{ authority, class string }

func indexOf(authority, purpose string) indexName {
	class, _, _ := strings.Cut(purpose, " ")
	return indexName{authority, class}
}

func (n indexName) buckets() string { return "index/" + n.class }
func (n indexName) sorter() string  { return "sort/" + n.class }

// index is where a look-up's keys lie as of a generation: pages of the page table.
type index struct {
	generation int64
	sorter     uuid.UUID
	buckets    []uuid.UUID // a power of two of them
}

// indexes remembers each by its name. One of a generation that has passed is no
// use: its buckets have other keys, or are others.
type indexes struct{ known sync.Map }

func (c *indexes) get(name indexName) *index {
	if found, ok := c.known.Load(name); ok {
		return found.(*index)
	}
	return nil
}

func (c *indexes) keep(name indexName, ix *index) {
	if ix != nil {
		c.known.Store(name, ix)
	}
}

// readIndex finds the pages of an index in one snapshot; nil if there is none.
func readIndex(ctx context.Context, db querier, name indexName) (*index, error) {
	rows, err := db.Query(ctx, `SELECT g.current, p.kind, p.bucket, p.id FROM key_generation g
		JOIN key_page p ON p.special AND p.authority = $1 AND p.kind IN ($2, $3) ORDER BY p.kind, p.bucket`,
		name.authority, name.buckets(), name.sorter())
	if err != nil {
		return nil, fmt.Errorf("read index of %s: %w", name.class, err)
	}
	ix := &index{}
	var kind string
	var bucket int
	var page uuid.UUID
	_, err = pgx.ForEachRow(rows, []any{&ix.generation, &kind, &bucket, &page}, func() error {
		switch {
		case kind == name.sorter():
			ix.sorter = page
		case bucket == len(ix.buckets):
			ix.buckets = append(ix.buckets, page)
		default:
			return fmt.Errorf("bucket %d is missing: %w", len(ix.buckets), ErrKeystore)
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("read index of %s: %w", name.class, err)
	}
	if ix.sorter == uuid.Nil || len(ix.buckets) == 0 {
		return nil, nil
	}
	return ix, nil
}

// makeIndex makes the first bucket and the sorter, unless they are there.
func (r *Ring) makeIndex(ctx context.Context, name indexName) error {
	for _, kind := range []string{name.sorter(), name.buckets()} {
		if _, err := r.makeSpecial(ctx, special{authority: name.authority, kind: kind}); err != nil {
			return fmt.Errorf("make index of %s: %w", name.class, err)
		}
	}
	return nil
}

// fingerprint is all that an entry is computed from: the value itself is not kept,
// not even encrypted.
type fingerprint [sha256.Size]byte

func fingerprintOf(purpose string, value []byte) fingerprint {
	return sha256.Sum256(bind([]byte(purpose), value))
}

// sorterKey puts fingerprints into buckets.
type sorterKey struct{ key key }

func newSorter(page *key) sorterKey { return sorterKey{page.derive("sort")} }

func (s *sorterKey) bucket(f fingerprint, buckets int) int {
	return int(binary.BigEndian.Uint64(mac(&s.key, f[:])) & uint64(buckets-1))
}

// bucketKey is a bucket's two: one finds entries, one keeps their fingerprints.
type bucketKey struct {
	page      uuid.UUID
	mac, keep key
}

func newBucket(page uuid.UUID, k *key) bucketKey {
	return bucketKey{page: page, mac: k.derive("index"), keep: k.derive("fingerprint")}
}

func (b *bucketKey) digest(f fingerprint) []byte { return mac(&b.mac, f[:]) }

func (b *bucketKey) seal(e *entry, f fingerprint) []byte { return b.keep.seal(f[:], e.aad(b.page)) }

func (b *bucketKey) open(e *entry) (f fingerprint, err error) {
	plain, err := b.keep.open(e.sealed, e.aad(b.page))
	if err != nil || len(plain) != len(f) {
		return f, fmt.Errorf("open entry of %s in bucket %s: %w", e.unit, b.page, ErrBox)
	}
	return fingerprint(plain), nil
}

// entry is a row of key_lookup in a bucket.
type entry struct {
	authority, purpose string
	unit               uuid.UUID
	mac, sealed        []byte
}

func (e *entry) aad(page uuid.UUID) []byte {
	return bind([]byte("entry"), []byte(e.authority), []byte(e.purpose), e.unit[:], page[:])
}

// bucketsFor is how many buckets so many entries want.
func bucketsFor(entries int) int {
	buckets := 1
	for buckets*bucketSize < entries {
		buckets *= 2
	}
	return buckets
}
