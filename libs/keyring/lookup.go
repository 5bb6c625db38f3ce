package keyring

import (
	"context"
	"errors"
	"fmt"

	"gallra.se/libs/pg"
	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
)

// IndexMAC is the look-up HMAC of a value, under the authority's index key. It is
// good for one look: keys are replaced.
func (r *Ring) IndexMAC(ctx context.Context, authority, purpose string, value []byte) ([]byte, error) {
	k, err := r.specialKey(ctx, special{authority: authority, kind: "index"})
	if err != nil {
		return nil, fmt.Errorf("compute index of %s: %w", purpose, err)
	}
	return mac(&k, bind([]byte(purpose), value)), nil
}

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
	if _, err := r.specialPage(ctx, special{authority: ref.Authority, kind: "index"}); err != nil {
		return uuid.Nil, err
	}
	entered := subject
	err := pg.Tx(ctx, r.db, func(tx pgx.Tx) error {
		generation, err := r.lockedGeneration(ctx, tx)
		if err != nil {
			return err
		}
		k, err := r.indexKey(ctx, tx, generation, ref.Authority)
		if err != nil {
			return err
		}
		if err := mustLive(ctx, tx, ref); err != nil {
			return err
		}
		return tx.QueryRow(ctx, `INSERT INTO key_lookup (authority, purpose, mac, unit, subject) VALUES ($1, $2, $3, $4, $5)
			ON CONFLICT (authority, purpose, mac) DO UPDATE SET subject = key_lookup.subject RETURNING subject`,
			ref.Authority, purpose, mac(&k, bind([]byte(purpose), value)), ref.ID, subject).Scan(&entered)
	})
	if err != nil {
		return uuid.Nil, fmt.Errorf("enter %s: %w", purpose, err)
	}
	return entered, nil
}

// Find looks a value up.
func (r *Ring) Find(ctx context.Context, authority, purpose string, value []byte) (subject uuid.UUID, found bool, err error) {
	digest, err := r.IndexMAC(ctx, authority, purpose, value)
	if err != nil {
		return uuid.Nil, false, err
	}
	err = r.db.QueryRow(ctx, `SELECT subject FROM key_lookup WHERE authority = $1 AND purpose = $2 AND mac = $3`,
		authority, purpose, digest).Scan(&subject)
	if errors.Is(err, pgx.ErrNoRows) {
		return uuid.Nil, false, nil
	}
	if err != nil {
		return uuid.Nil, false, fmt.Errorf("find %s: %w", purpose, err)
	}
	return subject, true, nil
}

func (r *Ring) indexKey(ctx context.Context, tx pgx.Tx, generation int64, authority string) (key, error) {
	id, err := r.specialPage(ctx, special{authority: authority, kind: "index"})
	if err != nil {
		return key{}, err
	}
	return r.pageKey(ctx, tx, generation, id)
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

// FindMany looks values up at once and returns the subject of each that there is, by its place in values.
func (r *Ring) FindMany(ctx context.Context, authority, purpose string, values [][]byte) (map[int]uuid.UUID, error) {
	if len(values) == 0 {
		return nil, nil
	}
	k, err := r.specialKey(ctx, special{authority: authority, kind: "index"})
	if err != nil {
		return nil, fmt.Errorf("compute index of %s: %w", purpose, err)
	}
	macs := make([][]byte, len(values))
	for i, value := range values {
		macs[i] = mac(&k, bind([]byte(purpose), value))
	}
	rows, err := r.db.Query(ctx, `SELECT v.place, l.subject FROM unnest($3::bytea[]) WITH ORDINALITY AS v (mac, place)
		JOIN key_lookup l ON l.authority = $1 AND l.purpose = $2 AND l.mac = v.mac`, authority, purpose, macs)
	if err != nil {
		return nil, fmt.Errorf("find %s: %w", purpose, err)
	}
	found := map[int]uuid.UUID{}
	var place int
	var subject uuid.UUID
	_, err = pgx.ForEachRow(rows, []any{&place, &subject}, func() error {
		found[place-1] = subject
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("find %s: %w", purpose, err)
	}
	return found, nil
}
