// Package replay makes a restored database know which units are gone since its backup: their clocks
// stop, their holds and trails go, and they are counted. What it cannot tell from the ledger alone,
// such as one of several parts of a record, the holders' own replays tell soon after.
package replay

import (
	"context"
	"maps"
	"slices"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"gallra.se/libs/fault"
	"gallra.se/libs/pg"
	"gallra.se/libs/restored"
	"gallra.se/services/retention-timer/internal/store"
)

// Run replays from wherever an earlier one has stopped.
func Run(ctx context.Context, db *pgxpool.Pool, witness restored.Witness) error {
	if err := restored.Hear(ctx, db, witness); err != nil {
		return err
	}
	fault.Point("restored.replayed")
	err := pg.Tx(ctx, db, func(tx pgx.Tx) error {
		if err := end(ctx, tx); err != nil {
			return err
		}
		return restored.Clear(ctx, tx) // with it, or what is counted were counted again
	})
	fault.Point("restored.ready")
	return err
}

// noPartition: nothing else is counted while nobody is served.
const noPartition = 0

func end(ctx context.Context, tx pgx.Tx) error {
	err := store.UnseenGone(ctx, tx, func(authority, rule string, records int) error {
		return store.CountDisposed(ctx, tx, authority, rule, noPartition, records)
	})
	if err != nil {
		return err
	}
	gone, err := store.AllGoneSince(ctx, tx)
	if err != nil {
		return err
	}
	of := map[string]map[string][]store.Gone{}
	for _, g := range gone {
		if of[g.Authority] == nil {
			of[g.Authority] = map[string][]store.Gone{}
		}
		of[g.Authority][g.Holder] = append(of[g.Authority][g.Holder], g.Gone)
	}
	for _, authority := range slices.Sorted(maps.Keys(of)) {
		for _, holder := range slices.Sorted(maps.Keys(of[authority])) {
			if err := dispose(ctx, tx, authority, holder, of[authority][holder]); err != nil {
				return err
			}
		}
	}
	return nil
}

func dispose(ctx context.Context, tx pgx.Tx, authority, holder string, gone []store.Gone) error {
	fresh, err := store.DisposeUnits(ctx, tx, authority, holder, store.ContactUnit, gone) // all are there: no kind is needed
	if err != nil {
		return err
	}
	if err := store.Forget(ctx, tx, authority, fresh); err != nil {
		return err
	}
	if err := store.Unlink(ctx, tx, authority, fresh); err != nil {
		return err
	}
	return count(ctx, tx, authority, gone, fresh)
}

func count(ctx context.Context, tx pgx.Tx, authority string, gone []store.Gone, fresh []uuid.UUID) error {
	records := map[string]int{}
	for _, g := range gone {
		if slices.Contains(fresh, g.Unit) {
			records[g.Rule] += len(g.Records)
		}
	}
	for _, rule := range slices.Sorted(maps.Keys(records)) {
		if err := store.CountDisposed(ctx, tx, authority, rule, noPartition, records[rule]); err != nil {
			return err
		}
	}
	return nil
}
