package keyring

import (
	"context"
	"errors"
	"fmt"
	"sync"

	"gallra.se/libs/clock"
	"gallra.se/libs/pg"
	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
)

// A special page's key is used itself, for tombstones, one transport key or one
// bucket of a look-up; no unit lives on it.
type special struct {
	authority, kind string
	bucket          int
}

// specials remembers the pages' ids, which never change.
type specials struct{ ids sync.Map }

// specialKey returns a special page's key as of now, making the page if there is
// none.
func (r *Ring) specialKey(ctx context.Context, s special) (k key, err error) {
	id, err := r.specialPage(ctx, s)
	if err != nil {
		return key{}, err
	}
	generation, err := currentGeneration(ctx, r.db)
	if err != nil {
		return key{}, err
	}
	if k, ok := r.table.page(generation, id); ok {
		return k, nil
	}
	if _, err := r.load(ctx); err != nil {
		return key{}, err
	}
	if k, ok := r.table.latest(id); ok {
		return k, nil
	}
	return key{}, fmt.Errorf("page of %s is not in the page table: %w", s.kind, ErrKeystore)
}

// steadyKey is specialKey for a key that is never replaced: no look at the
// database once it is in memory.
func (r *Ring) steadyKey(ctx context.Context, s special) (key, error) {
	if id, ok := r.found.ids.Load(s); ok {
		if k, ok := r.table.latest(id.(uuid.UUID)); ok {
			return k, nil
		}
	}
	return r.specialKey(ctx, s)
}

func (r *Ring) specialPage(ctx context.Context, s special) (uuid.UUID, error) {
	if id, ok := r.found.ids.Load(s); ok {
		return id.(uuid.UUID), nil
	}
	id, err := findSpecial(ctx, r.db, s)
	if errors.Is(err, pgx.ErrNoRows) {
		id, err = r.makeSpecial(ctx, s)
	}
	if err != nil {
		return uuid.Nil, fmt.Errorf("find page of %s: %w", s.kind, err)
	}
	r.found.ids.Store(s, id)
	return id, nil
}

func findSpecial(ctx context.Context, db querier, s special) (id uuid.UUID, err error) {
	err = db.QueryRow(ctx, `SELECT id FROM key_page WHERE authority = $1 AND kind = $2 AND bucket = $3 AND special`,
		s.authority, s.kind, s.bucket).Scan(&id)
	return id, err
}

func (r *Ring) makeSpecial(ctx context.Context, s special) (id uuid.UUID, err error) {
	var generation int64
	var made map[uuid.UUID]key
	err = pg.Tx(ctx, r.db, func(tx pgx.Tx) error {
		made = map[uuid.UUID]key{}
		if generation, err = r.lockedGeneration(ctx, tx); err != nil {
			return err
		}
		id = newID()
		tag, err := tx.Exec(ctx, `INSERT INTO key_page (id, authority, kind, bucket, special, changed, made_at) VALUES ($1, $2, $3, $4, true, $5, $6)
			ON CONFLICT (authority, kind, bucket) WHERE special DO NOTHING`, id, s.authority, s.kind, s.bucket, generation, clock.PaceNow())
		if err != nil {
			return err
		}
		if tag.RowsAffected() == 1 {
			return r.keepPageKey(ctx, tx, generation, id, made)
		}
		id, err = findSpecial(ctx, tx, s)
		return err
	})
	if err == nil {
		r.table.add(generation, made)
	}
	return id, err
}
