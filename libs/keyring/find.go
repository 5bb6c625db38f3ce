package keyring

import (
	"context"
	"errors"
	"fmt"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
)

// Find looks a value up.
func (r *Ring) Find(ctx context.Context, authority, purpose string, value []byte) (subject uuid.UUID, found bool, err error) {
	subjects, err := r.FindMany(ctx, authority, purpose, [][]byte{value})
	subject, found = subjects[0]
	return subject, found, err
}

// FindMany looks values up at once and returns the subject of each that there is,
// by its place in values.
func (r *Ring) FindMany(ctx context.Context, authority, purpose string, values [][]byte) (map[int]uuid.UUID, error) {
	if len(values) == 0 {
		return nil, nil
	}
	found, err := r.inBuckets(ctx, authority, purpose, values)
	if err == nil && len(found) < len(values) {
		err = r.inSingle(ctx, authority, purpose, values, found)
	}
	if err != nil {
		return nil, fmt.Errorf("find %s: %w", purpose, err)
	}
	return found, nil
}

// inBuckets computes where the values would be and looks there. Keys are replaced
// with a generation only, and the statement that looks tells which one it looked at:
// if that is not the one of the keys, what was missed may have moved, and it looks
// again.
func (r *Ring) inBuckets(ctx context.Context, authority, purpose string, values [][]byte) (map[int]uuid.UUID, error) {
	name := indexOf(authority, purpose)
	for ctx.Err() == nil {
		ix, macs, err := r.whereAre(ctx, name, purpose, values)
		if err != nil || ix == nil {
			return map[int]uuid.UUID{}, err
		}
		generation, found, err := r.look(ctx, authority, purpose, macs)
		if err != nil || generation == ix.generation {
			return found, err
		}
		r.indexes.known.CompareAndDelete(name, ix)
	}
	return nil, ctx.Err()
}

// whereAre is the digest of each value by the index as of the generation that is
// returned with it; no index, and there is nothing to be found.
func (r *Ring) whereAre(ctx context.Context, name indexName, purpose string, values [][]byte) (ix *index, macs [][]byte, err error) {
	if ix = r.indexes.get(name); ix != nil {
		if macs, err = r.digests(ctx, nil, ix, purpose, values); err == nil {
			return ix, macs, nil
		}
	}
	err = overtaken(ctx, func() (generation int64, err error) {
		ix, macs, err = r.readWhere(ctx, name, purpose, values)
		if ix != nil {
			generation = ix.generation
		}
		return generation, err
	})
	if err != nil || ix == nil {
		return nil, nil, err
	}
	r.indexes.keep(name, ix)
	return ix, macs, nil
}

func (r *Ring) readWhere(ctx context.Context, name indexName, purpose string, values [][]byte) (ix *index, macs [][]byte, err error) {
	err = pgx.BeginTxFunc(ctx, r.db, pgx.TxOptions{IsoLevel: pgx.RepeatableRead, AccessMode: pgx.ReadOnly}, func(tx pgx.Tx) error {
		if ix, err = readIndex(ctx, tx, name); err != nil || ix == nil {
			return err
		}
		macs, err = r.digests(ctx, tx, ix, purpose, values)
		return err
	})
	return ix, macs, err
}

// errNotHeld says that a page is not in memory as of a generation.
var errNotHeld = errors.New("page is not in memory")

// digests looks no further than memory when db is nil.
func (r *Ring) digests(ctx context.Context, db querier, ix *index, purpose string, values [][]byte) ([][]byte, error) {
	pageKey := func(id uuid.UUID) (key, error) {
		k, ok := r.table.page(ix.generation, id)
		switch {
		case ok:
			return k, nil
		case db == nil:
			return k, errNotHeld
		}
		return r.pageKey(ctx, db, ix.generation, id)
	}
	k, err := pageKey(ix.sorter)
	if err != nil {
		return nil, err
	}
	sorter, macs := newSorter(&k), make([][]byte, len(values))
	for i, value := range values {
		f := fingerprintOf(purpose, value)
		page := ix.buckets[sorter.bucket(f, len(ix.buckets))]
		if k, err = pageKey(page); err != nil {
			return nil, err
		}
		bucket := newBucket(page, &k)
		macs[i] = bucket.digest(f)
	}
	return macs, nil
}

// look returns what there is, by place, and the generation of which that is true.
func (r *Ring) look(ctx context.Context, authority, purpose string, macs [][]byte) (generation int64, found map[int]uuid.UUID, err error) {
	rows, err := r.db.Query(ctx, `SELECT g.current, f.place, f.subject FROM key_generation g LEFT JOIN (
			SELECT v.place, l.subject FROM unnest($3::bytea[]) WITH ORDINALITY AS v (mac, place)
			JOIN key_lookup l ON l.authority = $1 AND l.purpose = $2 AND l.mac = v.mac) f ON true`, authority, purpose, macs)
	if err != nil {
		return 0, nil, err
	}
	found = map[int]uuid.UUID{}
	var place *int
	var subject *uuid.UUID
	_, err = pgx.ForEachRow(rows, []any{&generation, &place, &subject}, func() error {
		if place != nil {
			found[*place-1] = *subject
		}
		return nil
	})
	return generation, found, err
}
