// Package keys finds, makes and forgets the keys of the statistics store. All of
// them are units of the keyring, of three purposes:
//
//	row    one per authority: finds a linked row by its token r
//	epoch  one per authority and year of closure: names persons, encrypts rows;
//	       destroyed with the epoch's last row
//	day    one per authority and day of separation: gives all rows of a person
//	       that are separated that day one fresh name; destroyed when the day is
//	       over, and then nothing joins the fresh name to the old one
//
// A unit is made before the row that says what it serves (table key_use). Before
// a transaction its keys are made ready, in memory; the transaction locks the row
// for as long as it uses the key, so that no one is given a key that is about to
// be destroyed, and asks no keyring: what it lacks is ErrUnready.
package keys

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"gallra.se/libs/calendar"
	"gallra.se/libs/keyring"
	"gallra.se/services/statistics-pseudonymiser/internal/pseudonym"
	"gallra.se/services/statistics-pseudonymiser/internal/store"
)

const category = "statistics.row"

// ErrUnready says that a transaction needs a key that was not made ready before
// it, or was retired since. Ready, and the transaction again, will do.
var ErrUnready = errors.New("the key is not ready")

// Ring is what is needed of a keyring.
type Ring interface {
	NewUnit(ctx context.Context, ref keyring.UnitRef, page keyring.PageRule) (*keyring.Unit, error)
	Unit(ctx context.Context, ref keyring.UnitRef) (*keyring.Unit, error)
}

// Keys is safe for concurrent use.
type Keys struct {
	db      *pgxpool.Pool
	ring    Ring
	known   sync.Map // unit id → held
	serving sync.Map // store.Use → unit id, as last seen

	mu     sync.Mutex
	lacked []Use
}

// New uses a keyring, and the table of uses in db.
func New(db *pgxpool.Pool, ring Ring) *Keys { return &Keys{db: db, ring: ring} }

// held is a unit and the one key that is derived of it.
type held struct {
	unit *keyring.Unit
	key  pseudonym.Key
}

// Epoch is the keys of one year of closure.
type Epoch struct {
	Person pseudonym.Key
	unit   *keyring.Unit
}

// Row is K_row of the authority.
func (k *Keys) Row(ctx context.Context, tx pgx.Tx, authority string) (pseudonym.Key, error) {
	h, err := k.hold(ctx, tx, RowOf(authority))
	return h.key, err
}

// Epoch is the keys of a year of closure, good until tx ends.
func (k *Keys) Epoch(ctx context.Context, tx pgx.Tx, authority string, year int) (Epoch, error) {
	h, err := k.hold(ctx, tx, EpochOf(authority, year))
	return Epoch{Person: h.key, unit: h.unit}, err
}

// Day is the key of a day of separation, good until tx ends.
func (k *Keys) Day(ctx context.Context, tx pgx.Tx, authority string, on calendar.Date) (pseudonym.Key, error) {
	h, err := k.hold(ctx, tx, DayOf(authority, on))
	return h.key, err
}

// ToRead is the keys of a year of closure for reading its rows, outside any
// transaction: there is one while a row lives.
func (k *Keys) ToRead(ctx context.Context, authority string, year int) (Epoch, error) {
	use := EpochOf(authority, year)
	id, found, err := store.FindUnit(ctx, k.db, use.use)
	if err != nil {
		return Epoch{}, err
	}
	if !found {
		return Epoch{}, fmt.Errorf("get key of %s: it is retired", use.use.Purpose)
	}
	h, err := k.remember(ctx, use, id)
	return Epoch{Person: h.key, unit: h.unit}, err
}

// hold locks the use for as long as tx lasts, and takes its key from memory.
func (k *Keys) hold(ctx context.Context, tx pgx.Tx, u Use) (held, error) {
	id, found, err := store.UnitFor(ctx, tx, u.use)
	if err != nil {
		return held{}, err
	}
	if h, ok := k.known.Load(id); ok && found {
		return h.(held), nil
	}
	k.lack(u)
	return held{}, fmt.Errorf("use key of %s: %w", u.use.Purpose, ErrUnready)
}

// Prune drops from memory what serves nothing any more: another instance has retired it,
// and destroys it.
func (k *Keys) Prune(ctx context.Context) error {
	var remembered []uuid.UUID
	k.known.Range(func(id, _ any) bool {
		remembered = append(remembered, id.(uuid.UUID))
		return true
	})
	if len(remembered) == 0 {
		return nil
	}
	serving, err := store.Serving(ctx, k.db, remembered)
	if err != nil {
		return err
	}
	k.Forget(slices.DeleteFunc(remembered, func(id uuid.UUID) bool { return slices.Contains(serving, id) }))
	return nil
}

// Forget drops destroyed units from memory.
func (k *Keys) Forget(units []uuid.UUID) {
	k.serving.Range(func(use, id any) bool {
		if slices.Contains(units, id.(uuid.UUID)) {
			k.serving.Delete(use)
		}
		return true
	})
	for _, unit := range units {
		k.known.Delete(unit)
	}
}
