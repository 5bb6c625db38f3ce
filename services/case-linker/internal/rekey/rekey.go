// Package rekey gives a unit that a record has parted from a new key (D6). The record lies under a key of its own by then; but
// a copy of the rows made before has it under the key of its old unit, which lives on. So that key goes too:
//
//	parting (noted with the move) → new key beside the old one, durable → what old backups need of it bequeathed → every
//	  row of the unit re-wrapped, committed
//	  → old key dropped in the rotation of the next disposal → parting forgotten
//
// No key is destroyed before all that has parted until then is this far. Every step may be repeated: a unit that holds two keys
// after a crash loses its old one first and then gets another, since what parted meanwhile lies under the newer.
//
// Whoever writes under a unit compares, with the unit's row locked, the number of the key it holds with that of the row: what
// was encrypted under the old key after the rows had been re-wrapped would be lost with it.
package rekey

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"gallra.se/libs/fault"
	"gallra.se/libs/keyring"
	"gallra.se/libs/pg"
	"gallra.se/services/case-linker/internal/store"
)

// Desk renews keys. One caller at a time: the worker that destroys. A nil one has nothing that parts.
type Desk struct {
	DB   *pgxpool.Pool
	Keys *keyring.Ring
	Step func(name string) error // tests stop it after a step; nil otherwise
}

// Renewed are the units of which only the old key is left to drop.
type Renewed struct {
	Old []keyring.Renewal // for keyring.Ending; then Done

	partings []store.Parting
}

// Ready brings all units that something has parted from this far.
func (d *Desk) Ready(ctx context.Context) (Renewed, error) {
	if d == nil {
		return Renewed{}, nil
	}
	left, err := d.renewing(ctx)
	if err != nil {
		return Renewed{}, err
	}
	if err := d.rewrap(ctx, left); err != nil {
		return Renewed{}, err
	}
	if err := d.Keys.End(ctx, keyring.Ending{OldKeys: left}); err != nil {
		return Renewed{}, err
	}
	done, err := store.Partings(ctx, d.DB)
	if err != nil || len(done) == 0 {
		return Renewed{}, err
	}
	var refs []keyring.UnitRef
	for _, p := range done {
		refs = append(refs, keyring.UnitRef{Authority: p.Authority, ID: p.Unit})
	}
	if err := d.Keys.Renew(ctx, slices.Compact(refs)); err != nil {
		return Renewed{}, err
	}
	fault.Point("rekey.renewed")
	if err := d.step("renewed"); err != nil {
		return Renewed{}, err
	}
	old, err := d.renewing(ctx)
	if err != nil {
		return Renewed{}, err
	}
	if err := d.rewrap(ctx, old); err != nil {
		return Renewed{}, err
	}
	fault.Point("rekey.rewrapped")
	return Renewed{Old: old, partings: done}, d.step("rewrapped")
}

// Done forgets the partings whose old keys have gone, and what was kept for old backups under units that have gone with them.
// Where it does not get so far they are renewed once more.
func (d *Desk) Done(ctx context.Context, r Renewed, gone []keyring.UnitRef) error {
	if d == nil {
		return nil
	}
	if err := d.Keys.ForgetHeirs(ctx, gone); err != nil {
		return err
	}
	if len(r.partings) == 0 {
		return nil
	}
	return pg.Tx(ctx, d.DB, func(tx pgx.Tx) error { return store.ForgetPartings(ctx, tx, r.partings) })
}

// renewing are the units that hold two keys and lie in our tables; nobody else's are touched.
func (d *Desk) renewing(ctx context.Context) ([]keyring.Renewal, error) {
	all, err := d.Keys.Renewing(ctx, math.MaxInt32)
	if err != nil || len(all) == 0 {
		return nil, err
	}
	units := map[string][]uuid.UUID{}
	for _, r := range all {
		units[r.Unit.Authority] = append(units[r.Unit.Authority], r.Unit.ID)
	}
	var ours []keyring.Renewal
	for authority, ids := range units {
		divisible, err := store.Divisible(ctx, d.DB, authority, ids)
		if err != nil {
			return nil, err
		}
		for _, r := range all {
			if r.Unit.Authority == authority && slices.Contains(divisible, r.Unit.ID) {
				ours = append(ours, r)
			}
		}
	}
	return ours, nil
}

func (d *Desk) rewrap(ctx context.Context, renewals []keyring.Renewal) error {
	for _, r := range renewals {
		err := d.RewrapUnit(ctx, r.Unit)
		if err != nil && !errors.Is(err, keyring.ErrDestroyed) {
			return fmt.Errorf("re-wrap unit %s: %w", r.Unit.ID, err)
		}
	}
	return nil
}

func (d *Desk) step(name string) error {
	if d.Step == nil {
		return nil
	}
	return d.Step(name)
}
