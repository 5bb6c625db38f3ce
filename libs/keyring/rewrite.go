package keyring

import (
	"context"
	"fmt"
	"strings"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
)

// rewriteMost bounds how many entries are in memory at a time.
const rewriteMost = 5000

// rewrite puts all entries of buckets under the keys of the buckets that they belong
// to. A cursor reads them as they were: it does not meet again what it has moved.
func rewrite(ctx context.Context, tx pgx.Tx, generation int64, from map[uuid.UUID]bucketKey, to func(page uuid.UUID, f fingerprint) *bucketKey) error {
	var pages []string
	for page := range from {
		pages = append(pages, page.String())
	}
	_, err := tx.Exec(ctx, `DECLARE entries NO SCROLL CURSOR FOR SELECT authority, purpose, unit, mac, sealed, page FROM key_lookup
		WHERE page = ANY('{`+strings.Join(pages, ",")+`}'::uuid[])`)
	for n := rewriteMost; n == rewriteMost && err == nil; {
		n, err = rewriteSome(ctx, tx, generation, from, to)
	}
	if err == nil {
		_, err = tx.Exec(ctx, `CLOSE entries`)
	}
	if err != nil {
		return fmt.Errorf("rewrite entries of %d buckets: %w", len(from), err)
	}
	return nil
}

// rewriteSome rewrites the next entries and returns how many.
func rewriteSome(ctx context.Context, tx pgx.Tx, generation int64, from map[uuid.UUID]bucketKey, to func(page uuid.UUID, f fingerprint) *bucketKey) (int, error) {
	rows, err := tx.Query(ctx, fmt.Sprintf(`FETCH %d FROM entries`, rewriteMost))
	if err != nil {
		return 0, err
	}
	var authorities, purposes []string
	var before, macs, sealed [][]byte
	var pages []uuid.UUID
	var page uuid.UUID
	var e entry
	_, err = pgx.ForEachRow(rows, []any{&e.authority, &e.purpose, &e.unit, &e.mac, &e.sealed, &page}, func() error {
		bucket := from[page]
		f, err := bucket.open(&e)
		if err != nil {
			return err
		}
		next := to(page, f)
		authorities, purposes, before = append(authorities, e.authority), append(purposes, e.purpose), append(before, e.mac)
		macs, sealed, pages = append(macs, next.digest(f)), append(sealed, next.seal(&e, f)), append(pages, next.page)
		e.mac, e.sealed = nil, nil
		return nil
	})
	if err != nil || len(before) == 0 {
		return 0, err
	}
	_, err = tx.Exec(ctx, `UPDATE key_lookup l SET mac = w.mac, sealed = w.sealed, page = w.page, changed = $1
		FROM unnest($2::text[], $3::text[], $4::bytea[], $5::bytea[], $6::bytea[], $7::uuid[]) AS w (authority, purpose, before, mac, sealed, page)
		WHERE l.authority = w.authority AND l.purpose = w.purpose AND l.mac = w.before`, generation, authorities, purposes, before, macs, sealed, pages)
	return len(before), err
}
