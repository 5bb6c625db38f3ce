package keyring

import (
	"context"
	"errors"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
)

// Entries of before there were buckets lie under one key for each authority, without
// the fingerprint by which they could be moved: that key is never replaced, and goes
// with the last of them (ReplaceIndex). Whoever looks for a value or enters it moves
// its entry to a bucket.

func singleOf(authority string) special { return special{authority: authority, kind: "index"} }

// singleMAC is the digest of a value among them; nil where there are none.
func (r *Ring) singleMAC(ctx context.Context, authority, purpose string, value []byte) ([]byte, error) {
	k, ok, err := r.singleKey(ctx, authority)
	if err != nil || !ok {
		return nil, err
	}
	return mac(&k, bind([]byte(purpose), value)), nil
}

// singleKey remembers that there is none: nobody makes one any more.
func (r *Ring) singleKey(ctx context.Context, authority string) (k key, ok bool, err error) {
	s := singleOf(authority)
	if id, known := r.found.ids.Load(s); known && id == uuid.Nil {
		return k, false, nil
	} else if !known {
		id, err := findSpecial(ctx, r.db, s)
		if err != nil && !errors.Is(err, pgx.ErrNoRows) {
			return k, false, err
		}
		r.found.ids.Store(s, id)
		if err != nil {
			return k, false, nil
		}
	}
	k, err = r.steadyKey(ctx, s)
	if errors.Is(err, ErrKeystore) { // the last entry is gone, and the key with it
		r.found.ids.Store(s, uuid.Nil)
		return k, false, nil
	}
	return k, err == nil, err
}

// inSingle looks for what was not found in the buckets and moves what it finds.
// Another process may move it first, so that it is neither here nor was there: then
// the buckets are looked into once more.
func (r *Ring) inSingle(ctx context.Context, authority, purpose string, values [][]byte, found map[int]uuid.UUID) error {
	_, ok, err := r.singleKey(ctx, authority)
	if err != nil || !ok {
		return err
	}
	for place, value := range values {
		if _, known := found[place]; known {
			continue
		}
		digest, err := r.singleMAC(ctx, authority, purpose, value)
		if err != nil {
			return err
		}
		unit, subject := UnitRef{Authority: authority}, uuid.Nil
		err = r.db.QueryRow(ctx, `SELECT unit, subject FROM key_lookup WHERE authority = $1 AND purpose = $2 AND mac = $3 AND page IS NULL`,
			authority, purpose, digest).Scan(&unit.ID, &subject)
		if errors.Is(err, pgx.ErrNoRows) {
			moved, err := r.inBuckets(ctx, authority, purpose, [][]byte{value})
			if err != nil {
				return err
			}
			if subject, ok := moved[0]; ok {
				found[place] = subject
			}
			continue
		}
		if err != nil {
			return err
		}
		subject, err = r.Enter(ctx, purpose, unit, subject, value)
		if errors.Is(err, ErrDestroyed) {
			continue
		}
		if err != nil {
			return err
		}
		found[place] = subject
	}
	return nil
}

// takeSingle takes an entry of before out; what is entered in its place is for its
// unit and its subject.
func takeSingle(ctx context.Context, tx pgx.Tx, digest []byte, e *entry, subject *uuid.UUID) error {
	if digest == nil {
		return nil
	}
	err := tx.QueryRow(ctx, `DELETE FROM key_lookup WHERE authority = $1 AND purpose = $2 AND mac = $3 AND page IS NULL RETURNING unit, subject`,
		e.authority, e.purpose, digest).Scan(&e.unit, subject)
	if errors.Is(err, pgx.ErrNoRows) {
		return nil
	}
	return err
}

// dropSingle removes the key of before, once no entry is under it.
func dropSingle(ctx context.Context, tx pgx.Tx, authority string, next *state) error {
	rows, err := tx.Query(ctx, `DELETE FROM key_page p WHERE p.special AND p.authority = $1 AND p.kind = 'index'
		AND NOT EXISTS (SELECT FROM key_lookup l WHERE l.authority = $1 AND l.page IS NULL) RETURNING p.id`, authority)
	if err != nil {
		return err
	}
	gone, err := pgx.CollectRows(rows, pgx.RowTo[uuid.UUID])
	for _, page := range gone {
		delete(next.pages, page)
	}
	return err
}
