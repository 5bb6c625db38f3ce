package keyring

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"gallra.se/libs/clock"
	"gallra.se/libs/fault"
)

// indexLife is how long (Pace) the keys of a look-up live at most.
const indexLife = 7 * 24 * time.Hour

// ReplaceIndex replaces all keys of all look-ups, the sorters too, gives each as many
// buckets as its entries want, and rewrites them: one rotation for each look-up. What
// old copies tell of a value then is nothing. Writers wait meanwhile.
func (r *Ring) ReplaceIndex(ctx context.Context) error { return r.replaceIndex(ctx, clock.PaceNow()) }

// replaceIndex is for look-ups whose sorter was made before an instant.
func (r *Ring) replaceIndex(ctx context.Context, before time.Time) error {
	names, err := sortedBefore(ctx, r.db, before)
	if err != nil {
		return err
	}
	for _, name := range names {
		err := r.rotate(ctx, func(ctx context.Context, tx pgx.Tx, next *state) (bool, error) {
			due, err := sortedBefore(ctx, tx, before)
			if err != nil {
				return false, err
			}
			for _, still := range due { // another process may have been here
				if still == name {
					return true, r.resort(ctx, tx, name, next)
				}
			}
			return false, nil
		})
		if err != nil {
			return fmt.Errorf("replace index of %s: %w", name.class, err)
		}
	}
	return nil
}

func sortedBefore(ctx context.Context, db querier, before time.Time) (names []indexName, err error) {
	rows, err := db.Query(ctx, `SELECT authority, kind FROM key_page WHERE special AND kind LIKE 'sort/%' AND made_at < $1 ORDER BY made_at, id`, before)
	if err != nil {
		return nil, fmt.Errorf("list indexes: %w", err)
	}
	var authority, kind string
	_, err = pgx.ForEachRow(rows, []any{&authority, &kind}, func() error {
		names = append(names, indexName{authority, strings.TrimPrefix(kind, "sort/")})
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("list indexes: %w", err)
	}
	return names, nil
}

// forgetEntries deletes the units' entries, and gives the buckets that they were in
// other keys: an old copy of them opens nothing then.
func (r *Ring) forgetEntries(ctx context.Context, tx pgx.Tx, refs []UnitRef, next *state) error {
	authorities, ids := columns(refs)
	rows, err := tx.Query(ctx, `WITH gone AS (
			DELETE FROM key_lookup l USING unnest($1::text[], $2::uuid[]) AS w (authority, unit)
			WHERE l.authority = w.authority AND l.unit = w.unit RETURNING l.page
		) SELECT DISTINCT page FROM gone WHERE page IS NOT NULL`, authorities, ids)
	if err != nil {
		return fmt.Errorf("forget look-up entries: %w", err)
	}
	touched, err := pgx.CollectRows(rows, pgx.RowTo[uuid.UUID])
	if err != nil {
		return fmt.Errorf("forget look-up entries: %w", err)
	}
	if len(touched) == 0 {
		return nil
	}
	if err := r.replaceBuckets(ctx, tx, touched, next); err != nil {
		return err
	}
	fault.Point("keyring.buckets")
	return r.step("buckets")
}

// replaceBuckets gives buckets other keys; an index with one that has grown too
// large is sorted anew.
func (r *Ring) replaceBuckets(ctx context.Context, tx pgx.Tx, touched []uuid.UUID, next *state) error {
	large, err := largeIndexes(ctx, tx, touched)
	if err != nil {
		return err
	}
	for _, name := range large {
		if err := r.resort(ctx, tx, name, next); err != nil {
			return err
		}
	}
	old, err := replaceKeys(ctx, tx, touched, next) // not of those sorted anew: their pages are gone
	if err != nil {
		return err
	}
	if len(old) == 0 {
		return nil
	}
	from, to := map[uuid.UUID]bucketKey{}, map[uuid.UUID]*bucketKey{}
	for page, before := range old {
		after := newBucket(page, next.pages[page])
		from[page], to[page] = newBucket(page, &before), &after
	}
	return rewrite(ctx, tx, next.generation, from, func(page uuid.UUID, _ fingerprint) *bucketKey { return to[page] })
}

func largeIndexes(ctx context.Context, tx pgx.Tx, touched []uuid.UUID) (names []indexName, err error) {
	rows, err := tx.Query(ctx, `SELECT DISTINCT p.authority, p.kind FROM key_page p
		WHERE p.id = ANY($1) AND (SELECT count(*) FROM key_lookup l WHERE l.page = p.id) >= $2`, touched, splitAt)
	if err != nil {
		return nil, fmt.Errorf("count entries: %w", err)
	}
	var authority, kind string
	_, err = pgx.ForEachRow(rows, []any{&authority, &kind}, func() error {
		names = append(names, indexName{authority, strings.TrimPrefix(kind, "index/")})
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("count entries: %w", err)
	}
	return names, nil
}

// resort moves all entries of an index to new buckets under a new sorter.
func (r *Ring) resort(ctx context.Context, tx pgx.Tx, name indexName, next *state) error {
	ix, err := readIndex(ctx, tx, name)
	if err != nil || ix == nil {
		return err
	}
	var entries int
	if err := tx.QueryRow(ctx, `SELECT count(*) FROM key_lookup WHERE page = ANY($1)`, ix.buckets).Scan(&entries); err != nil {
		return fmt.Errorf("count entries: %w", err)
	}
	before := map[uuid.UUID]bucketKey{}
	for _, page := range ix.buckets {
		if next.pages[page] == nil {
			return fmt.Errorf("bucket %s is not in the page table: %w", page, ErrKeystore)
		}
		before[page] = newBucket(page, next.pages[page])
	}
	sorter, after, err := replacePages(ctx, tx, name, ix, bucketsFor(entries), next)
	if err != nil {
		return err
	}
	err = rewrite(ctx, tx, next.generation, before, func(_ uuid.UUID, f fingerprint) *bucketKey { return &after[sorter.bucket(f, len(after))] })
	if err != nil {
		return err
	}
	if err := dropSingle(ctx, tx, name.authority, next); err != nil {
		return fmt.Errorf("drop key of before: %w", err)
	}
	fault.Point("keyring.sorted")
	return r.step("sorted")
}

// replacePages takes an index's pages out and makes new ones.
func replacePages(ctx context.Context, tx pgx.Tx, name indexName, ix *index, buckets int, next *state) (sorter sorterKey, after []bucketKey, err error) {
	old := append(ix.buckets, ix.sorter)
	ids, kinds, places := make([]uuid.UUID, buckets+1), make([]string, buckets+1), make([]int, buckets+1)
	for i := range ids {
		k := newKey()
		ids[i], kinds[i], places[i] = newID(), name.buckets(), i
		if next.pages[ids[i]] = &k; i < buckets {
			after = append(after, newBucket(ids[i], &k))
		} else {
			kinds[i], places[i], sorter = name.sorter(), 0, newSorter(&k)
		}
	}
	for _, page := range old {
		delete(next.pages, page)
	}
	batch := &pgx.Batch{}
	batch.Queue(`DELETE FROM key_page WHERE id = ANY($1)`, old)
	batch.Queue(`INSERT INTO key_page (id, authority, kind, bucket, special, changed, made_at)
		SELECT p.id, $1, p.kind, p.bucket, true, $2, $3 FROM unnest($4::uuid[], $5::text[], $6::int[]) AS p (id, kind, bucket)`,
		name.authority, next.generation, clock.PaceNow(), ids, kinds, places)
	if err := tx.SendBatch(ctx, batch).Close(); err != nil {
		return sorter, nil, fmt.Errorf("replace pages of index of %s: %w", name.class, err)
	}
	return sorter, after, nil
}
