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
// A unit is made before the row that says what it serves (table key_use), and
// that row is locked for as long as the unit is used, so that no one is given a
// key that is about to be destroyed.
package keys

import (
	"context"
	"fmt"
	"strconv"
	"sync"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"gallra.se/libs/calendar"
	"gallra.se/libs/keyring"
	"gallra.se/services/statistics-pseudonymiser/internal/pseudonym"
	"gallra.se/services/statistics-pseudonymiser/internal/store"
)

// Names under which pseudonym keys are derived from a unit: K = Unit.MAC(name, nil).
// Whoever recomputes p of a linked row needs the unit of its epoch:
// p = Crockford(HMAC-SHA-256(Unit.MAC("stat:p", nil), t)[:16]).
const (
	deriveRow    = "stat:row"
	derivePerson = "stat:p"
	deriveFresh  = "stat:fresh"
)

const category = "statistics.row"

// Ring is what is needed of a keyring.
type Ring interface {
	NewUnit(ctx context.Context, ref keyring.UnitRef, page keyring.PageRule) (*keyring.Unit, error)
	Unit(ctx context.Context, ref keyring.UnitRef) (*keyring.Unit, error)
}

// Keys is safe for concurrent use.
type Keys struct {
	ring  Ring
	known sync.Map // unit id → held
}

// New uses a keyring.
func New(ring Ring) *Keys { return &Keys{ring: ring} }

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
	use := store.Use{Authority: authority, Purpose: store.PurposeRow}
	h, err := k.hold(ctx, tx, use, keyring.Shared("statistics.row"), deriveRow)
	return h.key, err
}

// Epoch is the keys of a year of closure, good until tx ends.
func (k *Keys) Epoch(ctx context.Context, tx pgx.Tx, authority string, year int) (Epoch, error) {
	use := store.Use{Authority: authority, Purpose: store.PurposeEpoch, Period: strconv.Itoa(year)}
	h, err := k.hold(ctx, tx, use, keyring.Shared("statistics.epoch"), derivePerson)
	return Epoch{Person: h.key, unit: h.unit}, err
}

// Day is the key of a day of separation, good until tx ends.
func (k *Keys) Day(ctx context.Context, tx pgx.Tx, authority string, on calendar.Date) (pseudonym.Key, error) {
	use := store.Use{Authority: authority, Purpose: store.PurposeDay, Period: on.String()}
	h, err := k.hold(ctx, tx, use, keyring.ByDay("statistics.day", use.Period), deriveFresh)
	return h.key, err
}

// Forget drops destroyed units from memory.
func (k *Keys) Forget(units []uuid.UUID) {
	for _, unit := range units {
		k.known.Delete(unit)
	}
}

// hold finds the unit that serves a use, or makes one, and remembers it.
func (k *Keys) hold(ctx context.Context, tx pgx.Tx, use store.Use, page keyring.PageRule, derive string) (held, error) {
	id, found, err := store.UnitFor(ctx, tx, use)
	if err == nil && !found {
		id, err = k.enlist(ctx, tx, use, page)
	}
	if err != nil {
		return held{}, err
	}
	if h, ok := k.known.Load(id); ok {
		return h.(held), nil
	}
	unit, err := k.ring.Unit(ctx, keyring.UnitRef{Authority: use.Authority, ID: id})
	if err != nil {
		return held{}, fmt.Errorf("get key of %s: %w", use.Purpose, err)
	}
	h := held{unit: unit, key: pseudonym.NewKey(unit.MAC(derive, nil))}
	k.known.Store(id, h)
	return h, nil
}

// enlist makes the key first and then the row that says what it serves. If tx is
// rolled back the key is left: it has named and encrypted nothing.
func (k *Keys) enlist(ctx context.Context, tx pgx.Tx, u store.Use, page keyring.PageRule) (uuid.UUID, error) {
	u.Unit = uuid.New()
	if _, err := k.ring.NewUnit(ctx, keyring.UnitRef{Authority: u.Authority, ID: u.Unit}, page); err != nil {
		return uuid.Nil, fmt.Errorf("make key of %s: %w", u.Purpose, err)
	}
	return store.Enlist(ctx, tx, u)
}
