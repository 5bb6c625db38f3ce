// Package replay makes a restored database keep what was promised after its backup: every unit whose
// key is gone is disposed of again, in the words of the ledger and by the ordinary worker.
//
//	words heard ──► what lives, under a newer key than then: re-wrapped; what had parted from it and went: dropped
//	  ──► what the backup never saw is buried ──► units without a key: intents
//	  ──► worker: rows, record.disposed ──► records that the ledger calls destroyed and that are still there
//	  ──► mark gone
//
// The ledger has the leaves and adds none; retention-timer hears of the units once more; statistics is
// told nothing, since its rows were separated then. The key decides what can be read, not the ledger: a
// record that the ledger says is destroyed and that still opens stops the replay.
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
	"gallra.se/services/case-linker/internal/disposal"
	"gallra.se/services/case-linker/internal/store"
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
	if err := d.Worker.Partings.Restored(ctx); err != nil {
		return err
	}
	err := pg.Tx(ctx, d.DB, func(tx pgx.Tx) error {
		if err := store.ForgetPeerKeys(ctx, tx); err != nil {
			return err
		}
		return store.BuryUnseen(ctx, tx)
	})
	if err != nil {
		return err
	}
	if err := d.intend(ctx); err != nil {
		return err
	}
	fault.Point("restored.intended")
	if err := d.Worker.CarryOut(ctx); err != nil {
		return err
	}
	if err := d.records(ctx); err != nil {
		return err
	}
	return restored.Finish(ctx, d.DB)
}

// intend commits the disposal of every unit whose key is gone.
func (d *Desk) intend(ctx context.Context) error {
	for after := (store.Held{}); ; {
		held, err := store.HeldAfter(ctx, d.DB, after, atOnce)
		if err != nil || len(held) == 0 {
			return err
		}
		after = held[len(held)-1]
		gone, err := d.withoutKey(ctx, held)
		if err != nil {
			return err
		}
		for authority, units := range gone {
			err := pg.Tx(ctx, d.DB, func(tx pgx.Tx) error {
				intents, err := store.OwedIntents(ctx, tx, authority, units.units, units.persons)
				if err != nil {
					return err
				}
				return store.InsertIntents(ctx, tx, authority, intents)
			})
			if err != nil {
				return err
			}
		}
	}
}

type columns struct{ units, persons []uuid.UUID }

func (d *Desk) withoutKey(ctx context.Context, held []store.Held) (map[string]columns, error) {
	refs := make([]keyring.UnitRef, len(held))
	for i, h := range held {
		refs[i] = keyring.UnitRef{Authority: h.Authority, ID: h.Unit}
	}
	units, err := d.Keys.Units(ctx, refs)
	if err != nil {
		return nil, err
	}
	gone := map[string]columns{}
	for i, h := range held {
		if units[refs[i]] == nil {
			c := gone[h.Authority]
			gone[h.Authority] = columns{append(c.units, h.Unit), append(c.persons, h.Person)}
		}
	}
	return gone, nil
}

// records looks at what is still there of what the ledger calls destroyed: notes that had parted from a unit that lives go
// by themselves, since their old box opens no more; one that opens stops everything.
func (d *Desk) records(ctx context.Context) error {
	open := 0
	for after := int64(-1); ; {
		again, err := store.AgainAfter(ctx, d.DB, after, atOnce)
		if err != nil {
			return err
		}
		if len(again) == 0 {
			break
		}
		after = again[len(again)-1].Index
		for _, a := range again {
			opens, err := d.opens(ctx, a)
			if err != nil {
				return err
			}
			if opens {
				open++
				continue
			}
			if err := pg.Tx(ctx, d.DB, func(tx pgx.Tx) error { return store.DropNote(ctx, tx, a) }); err != nil {
				return err
			}
		}
	}
	if open > 0 {
		return restored.Stands(fmt.Sprintf("%d records that were destroyed can be read: the key database is not the newest one", open))
	}
	return nil
}

func (d *Desk) opens(ctx context.Context, a store.Again) (bool, error) {
	ref := keyring.UnitRef{Authority: a.Authority, ID: a.Unit}
	units, err := d.Keys.Units(ctx, []keyring.UnitRef{ref})
	if err != nil || units[ref] == nil {
		return false, err
	}
	_, err = units[ref].Open(keyring.AAD{Authority: a.Authority, Record: a.Record, Category: a.Category}, a.Content)
	return err == nil, nil
}
