package keyring

import (
	"context"
	"errors"
	"fmt"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
)

// PageRule says which units share a page, and so are re-wrapped together when
// one of them is destroyed.
type PageRule struct {
	kind string
	room int
}

const (
	dayRoom    = 512
	sharedRoom = 64
)

// ByDay is for units that die together: those of one category and day of
// creation ("2024-01-31"). A page of them costs nothing to destroy.
func ByDay(category, day string) PageRule {
	return PageRule{kind: "day/" + category + "/" + day, room: dayRoom}
}

// Shared is for units that die one by one.
func Shared(kind string) PageRule {
	return PageRule{kind: "shared/" + kind, room: sharedRoom}
}

// allot finds room for n units on pages of the rule, making pages as needed: the
// pages, one per unit. The caller holds the shared lock and runs in tx; it tells
// the table of made pages once it has committed.
func (r *Ring) allot(ctx context.Context, tx pgx.Tx, generation int64, authority string, rule PageRule, n int, made map[uuid.UUID]key) ([]uuid.UUID, error) {
	if rule.room < 1 {
		panic("a page rule comes from ByDay or Shared")
	}
	places := make([]uuid.UUID, 0, n)
	for len(places) < n {
		page, units, err := r.roomyPage(ctx, tx, generation, authority, rule, made)
		if err != nil {
			return nil, fmt.Errorf("allot page %s: %w", rule.kind, err)
		}
		taken := min(rule.room-units, n-len(places))
		if _, err := tx.Exec(ctx, `UPDATE key_page SET units = units + $2, changed = $3 WHERE id = $1`, page, taken, generation); err != nil {
			return nil, fmt.Errorf("fill page %s: %w", rule.kind, err)
		}
		for range taken {
			places = append(places, page)
		}
	}
	return places, nil
}

// roomyPage locks a page with room that no other writer holds, or makes one.
func (r *Ring) roomyPage(ctx context.Context, tx pgx.Tx, generation int64, authority string, rule PageRule, made map[uuid.UUID]key) (page uuid.UUID, units int, err error) {
	err = tx.QueryRow(ctx, `SELECT id, units FROM key_page
		WHERE authority = $1 AND kind = $2 AND units < $3 AND NOT special
		ORDER BY units DESC LIMIT 1 FOR UPDATE SKIP LOCKED`, authority, rule.kind, rule.room).Scan(&page, &units)
	if !errors.Is(err, pgx.ErrNoRows) {
		return page, units, err
	}
	page = newID()
	if _, err := tx.Exec(ctx, `INSERT INTO key_page (id, authority, kind) VALUES ($1, $2, $3)`, page, authority, rule.kind); err != nil {
		return page, 0, err
	}
	return page, 0, r.keepPageKey(ctx, tx, generation, page, made)
}

// keepPageKey makes a key for a new page and adds it to the page table.
func (r *Ring) keepPageKey(ctx context.Context, tx pgx.Tx, generation int64, page uuid.UUID, made map[uuid.UUID]key) error {
	root, err := r.root(ctx, generation)
	if err != nil {
		return err
	}
	k := newKey()
	ids, boxes := shelves(generation, &root, map[uuid.UUID]*key{page: &k})
	if _, err := tx.Exec(ctx, `INSERT INTO key_shelf (id, generation, box) VALUES ($1, $2, $3)`, ids[0], generation, boxes[0]); err != nil {
		return fmt.Errorf("keep page key: %w", err)
	}
	made[page] = k
	return nil
}

// newID is in order of time, so that what was made together lies together.
func newID() uuid.UUID {
	id, err := uuid.NewV7()
	if err != nil {
		panic("crypto/rand never fails: " + err.Error())
	}
	return id
}
