package keyring

import (
	"context"
	"errors"
	"fmt"

	"gallra.se/libs/pg"
	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
)

// TombstoneMAC recognises what was here before, for as long as tombstones live:
// under a key of its own that is never replaced.
func (r *Ring) TombstoneMAC(ctx context.Context, authority string, value []byte) ([]byte, error) {
	k, err := r.steadyKey(ctx, special{authority: authority, kind: "tombstone"})
	if err != nil {
		return nil, fmt.Errorf("compute tombstone: %w", err)
	}
	return mac(&k, value), nil
}

// Enter makes the look-up entry value → subject, which dies with the unit, and
// returns subject. If there is an entry, it stays and its subject is returned:
// of two callers at the same time both get the same.
func (r *Ring) Enter(ctx context.Context, purpose string, ref UnitRef, subject uuid.UUID, value []byte) (uuid.UUID, error) {
	name := indexOf(ref.Authority, purpose)
	if err := r.ensureIndex(ctx, name); err != nil {
		return uuid.Nil, err
	}
	old, err := r.singleMAC(ctx, ref.Authority, purpose, value)
	if err != nil {
		return uuid.Nil, err
	}
	var entered uuid.UUID
	err = pg.Tx(ctx, r.db, func(tx pgx.Tx) error {
		entered = subject
		generation, err := r.lockedGeneration(ctx, tx)
		if err != nil {
			return err
		}
		if err := mustLive(ctx, tx, ref); err != nil {
			return err
		}
		e := entry{authority: ref.Authority, purpose: purpose, unit: ref.ID}
		if err := takeSingle(ctx, tx, old, &e, &entered); err != nil {
			return err
		}
		return r.enter(ctx, tx, generation, name, fingerprintOf(purpose, value), e, &entered)
	})
	if err != nil {
		return uuid.Nil, fmt.Errorf("enter %s: %w", purpose, err)
	}
	return entered, nil
}

func (r *Ring) ensureIndex(ctx context.Context, name indexName) error {
	if r.indexes.get(name) != nil {
		return nil
	}
	ix, err := readIndex(ctx, r.db, name)
	if err == nil && ix == nil {
		err = r.makeIndex(ctx, name)
	}
	r.indexes.keep(name, ix)
	return err
}

// enter writes an entry into its bucket. The caller holds the shared lock: no key of
// the generation is replaced meanwhile.
func (r *Ring) enter(ctx context.Context, tx pgx.Tx, generation int64, name indexName, f fingerprint, e entry, subject *uuid.UUID) (err error) {
	ix := r.indexes.get(name)
	if ix == nil || ix.generation != generation {
		if ix, err = readIndex(ctx, tx, name); err != nil {
			return err
		}
		if ix == nil {
			return fmt.Errorf("index of %s is missing: %w", name.class, ErrKeystore)
		}
		r.indexes.keep(name, ix)
	}
	bucket, err := r.bucketOf(ctx, tx, ix, f)
	if err != nil {
		return err
	}
	return tx.QueryRow(ctx, `INSERT INTO key_lookup (authority, purpose, mac, unit, subject, page, sealed, changed) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
		ON CONFLICT (authority, purpose, mac) DO UPDATE SET subject = key_lookup.subject RETURNING subject`,
		e.authority, e.purpose, bucket.digest(f), e.unit, *subject, bucket.page, bucket.seal(&e, f), generation).Scan(subject)
}

// bucketOf is the bucket of a fingerprint, with keys that are of the index's
// generation as db sees it.
func (r *Ring) bucketOf(ctx context.Context, db querier, ix *index, f fingerprint) (bucketKey, error) {
	k, err := r.pageKey(ctx, db, ix.generation, ix.sorter)
	if err != nil {
		return bucketKey{}, err
	}
	sorter := newSorter(&k)
	page := ix.buckets[sorter.bucket(f, len(ix.buckets))]
	if k, err = r.pageKey(ctx, db, ix.generation, page); err != nil {
		return bucketKey{}, err
	}
	return newBucket(page, &k), nil
}

func mustLive(ctx context.Context, tx pgx.Tx, ref UnitRef) error {
	var lives bool
	err := tx.QueryRow(ctx, `SELECT page IS NOT NULL FROM key_unit WHERE authority = $1 AND unit = $2`, ref.Authority, ref.ID).Scan(&lives)
	switch {
	case errors.Is(err, pgx.ErrNoRows):
		return ErrUnknown
	case err != nil:
		return err
	case !lives:
		return ErrDestroyed
	}
	return nil
}
