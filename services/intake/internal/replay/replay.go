// Package replay makes a restored database keep what was promised after its backup: every contact
// whose destruction the ledger bears witness of is disposed of again, by the ordinary worker.
//
//	words heard ──► what the backup never saw is buried ──► intents for what is there again
//	  ──► worker: keys (gone already), rows, record.disposed ──► mark gone
//
// The ledger has a leaf for each of them and adds none; retention-timer hears of them once more. The
// key decides what can be read, not the ledger: a contact that the ledger says is destroyed and that
// still opens stops the replay, and the service stays away from its readers.
package replay

import (
	"context"
	"fmt"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"gallra.se/libs/fault"
	"gallra.se/libs/keyring"
	"gallra.se/libs/pg"
	"gallra.se/libs/restored"
	"gallra.se/services/intake/internal/disposal"
	"gallra.se/services/intake/internal/store"
	"gallra.se/services/intake/internal/vault"
)

// Desk replays.
type Desk struct {
	DB      *pgxpool.Pool
	Keys    *keyring.Ring
	Worker  *disposal.Worker
	Witness restored.Witness
}

const atOnce = 1000

// Run replays from wherever an earlier one has stopped.
func (d *Desk) Run(ctx context.Context) error {
	if err := restored.Hear(ctx, d.DB, d.Witness); err != nil {
		return err
	}
	if err := pg.Tx(ctx, d.DB, func(tx pgx.Tx) error { return store.BuryUnseen(ctx, tx) }); err != nil {
		return err
	}
	if err := d.intend(ctx); err != nil {
		return err
	}
	fault.Point("restored.intended")
	if err := d.Worker.Run(ctx); err != nil {
		return err
	}
	if err := d.objections(ctx); err != nil {
		return err
	}
	return restored.Finish(ctx, d.DB)
}

// intend commits the disposal of every contact that is there again.
func (d *Desk) intend(ctx context.Context) error {
	open := 0
	for after := int64(-1); ; {
		owed, err := store.OwedAfter(ctx, d.DB, after, atOnce)
		if err != nil {
			return err
		}
		if len(owed) == 0 {
			break
		}
		after = owed[len(owed)-1].Index
		gone, err := d.unreadable(ctx, owed)
		if err != nil {
			return err
		}
		open += len(owed) - len(gone)
		if err := pg.Tx(ctx, d.DB, func(tx pgx.Tx) error { return store.Intend(ctx, tx, gone) }); err != nil {
			return err
		}
	}
	if open > 0 {
		return restored.Stands(fmt.Sprintf("%d contacts that were destroyed can be read: the key database is not the newest one", open))
	}
	return nil
}

// unreadable are the intents of those that no key opens.
func (d *Desk) unreadable(ctx context.Context, owed []store.Owed) ([]store.Intent, error) {
	refs := make([]keyring.UnitRef, len(owed))
	for i, o := range owed {
		refs[i] = keyring.UnitRef{Authority: o.Authority, ID: o.Unit}
	}
	units, err := d.Keys.Units(ctx, refs)
	if err != nil {
		return nil, err
	}
	var gone []store.Intent
	for i, o := range owed {
		if unit := units[refs[i]]; unit != nil {
			if _, err := vault.Get(unit, o.Contact, o.Category, o.Ciphertext); err == nil {
				continue
			}
		}
		gone = append(gone, o.Intent)
	}
	return gone, nil
}

// objections drops those that were withdrawn since.
func (d *Desk) objections(ctx context.Context) error {
	authority, after := "", uuid.Nil
	for {
		authorities, units, err := store.Objections(ctx, d.DB, authority, after, atOnce)
		if err != nil || len(units) == 0 {
			return err
		}
		authority, after = authorities[len(units)-1], units[len(units)-1]
		refs := make([]keyring.UnitRef, len(units))
		for i := range units {
			refs[i] = keyring.UnitRef{Authority: authorities[i], ID: units[i]}
		}
		held, err := d.Keys.Units(ctx, refs)
		if err != nil {
			return err
		}
		var of []string
		var gone []uuid.UUID
		for i, ref := range refs {
			if held[ref] == nil {
				of, gone = append(of, authorities[i]), append(gone, units[i])
			}
		}
		if err := pg.Tx(ctx, d.DB, func(tx pgx.Tx) error { return store.DropObjections(ctx, tx, of, gone) }); err != nil {
			return err
		}
	}
}
