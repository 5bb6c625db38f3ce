package keys

import (
	"context"
	"fmt"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"gallra.se/libs/keyring"
	"gallra.se/libs/pg"
	"gallra.se/services/statistics-pseudonymiser/internal/pseudonym"
	"gallra.se/services/statistics-pseudonymiser/internal/store"
)

// Ready finds or makes the keys of these uses, and of those that transactions
// have lacked since, and takes them into memory. It asks the key database: it is
// called before a transaction, never in one.
func (k *Keys) Ready(ctx context.Context, uses ...Use) error {
	for _, u := range append(k.takeLacked(), uses...) {
		if err := k.ready(ctx, u); err != nil {
			return err
		}
	}
	return nil
}

func (k *Keys) ready(ctx context.Context, u Use) error {
	if id, ok := k.serving.Load(u.use); ok {
		if _, ok := k.known.Load(id); ok {
			return nil
		}
	}
	id, found, err := store.FindUnit(ctx, k.db, u.use)
	if err == nil && !found {
		id, err = k.enlist(ctx, u)
	}
	if err != nil {
		return err
	}
	_, err = k.remember(ctx, u, id)
	return err
}

// remember takes the key of a use into memory.
func (k *Keys) remember(ctx context.Context, u Use, id uuid.UUID) (held, error) {
	if h, ok := k.known.Load(id); ok {
		k.serving.Store(u.use, id)
		return h.(held), nil
	}
	unit, err := k.ring.Unit(ctx, keyring.UnitRef{Authority: u.use.Authority, ID: id})
	if err != nil {
		return held{}, fmt.Errorf("get key of %s: %w", u.use.Purpose, err)
	}
	h := held{unit: unit, key: pseudonym.NewKey(unit.MAC(u.derive, nil))}
	k.known.Store(id, h)
	k.serving.Store(u.use, id)
	return h, nil
}

// enlist makes the key first and then the row that says what it serves. After a
// crash between them the key is one without a row: it has named and encrypted
// nothing, and is destroyed an hour later.
func (k *Keys) enlist(ctx context.Context, u Use) (id uuid.UUID, err error) {
	made := u.use
	made.Unit = uuid.New()
	if _, err := k.ring.NewUnit(ctx, keyring.UnitRef{Authority: made.Authority, ID: made.Unit}, u.page); err != nil {
		return uuid.Nil, fmt.Errorf("make key of %s: %w", made.Purpose, err)
	}
	err = pg.Tx(ctx, k.db, func(tx pgx.Tx) error {
		id, err = store.Enlist(ctx, tx, made)
		return err
	})
	return id, err
}

// lack notes what a transaction did not find in memory.
func (k *Keys) lack(u Use) {
	k.serving.Delete(u.use)
	k.mu.Lock()
	defer k.mu.Unlock()
	k.lacked = append(k.lacked, u)
}

func (k *Keys) takeLacked() []Use {
	k.mu.Lock()
	defer k.mu.Unlock()
	lacked := k.lacked
	k.lacked = nil
	return lacked
}
