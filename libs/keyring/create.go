package keyring

import (
	"context"
	"fmt"
	"maps"

	"gallra.se/libs/clock"
	"gallra.se/libs/pg"
	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
)

// Wanted is a unit to be made.
type Wanted struct {
	Ref  UnitRef
	Page PageRule
}

// NewUnit makes a unit, durable when it returns. The same ref again gives the
// same unit, or ErrDestroyed. Callers at the same time share a transaction.
func (r *Ring) NewUnit(ctx context.Context, ref UnitRef, page PageRule) (*Unit, error) {
	return r.making.make(ctx, r, Wanted{Ref: ref, Page: page})
}

// NewUnits makes units in one transaction, in order. It fails as a whole, also
// with ErrDestroyed when one of them was destroyed before.
func (r *Ring) NewUnits(ctx context.Context, wanted []Wanted) ([]*Unit, error) {
	units, err := r.newUnits(ctx, wanted)
	if err != nil {
		return nil, err
	}
	for i, unit := range units {
		if unit == nil {
			return nil, fmt.Errorf("make unit %s: %w", wanted[i].Ref.ID, ErrDestroyed)
		}
	}
	return units, nil
}

// newUnits leaves nil where a unit was destroyed before.
func (r *Ring) newUnits(ctx context.Context, wanted []Wanted) ([]*Unit, error) {
	var generation int64
	var units map[UnitRef]*Unit
	var made map[uuid.UUID]key
	err := pg.Tx(ctx, r.db, func(tx pgx.Tx) (err error) {
		made = map[uuid.UUID]key{}
		if generation, err = r.lockedGeneration(ctx, tx); err != nil {
			return err
		}
		units, err = r.insertUnits(ctx, tx, generation, wanted, made)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("make units: %w", err)
	}
	r.table.add(generation, made)
	all := make([]*Unit, len(wanted))
	for i, w := range wanted {
		all[i] = units[w.Ref]
	}
	return all, nil
}

// lockedGeneration takes the shared lock in a round trip of its own statement:
// the generation is read by the next one, whose snapshot is later than the lock.
func (r *Ring) lockedGeneration(ctx context.Context, tx pgx.Tx) (generation int64, err error) {
	batch := &pgx.Batch{}
	batch.Queue(`SELECT pg_advisory_xact_lock_shared($1)`, int64(lockID))
	batch.Queue(`SELECT current FROM key_generation`).QueryRow(func(row pgx.Row) error { return row.Scan(&generation) })
	if err := tx.SendBatch(ctx, batch).Close(); err != nil {
		return 0, fmt.Errorf("lock generation: %w", err)
	}
	return generation, nil
}

func (r *Ring) insertUnits(ctx context.Context, tx pgx.Tx, generation int64, wanted []Wanted, made map[uuid.UUID]key) (map[UnitRef]*Unit, error) {
	units, err := r.existing(ctx, tx, generation, wanted)
	if err != nil {
		return nil, err
	}
	type group struct {
		authority string
		rule      PageRule
	}
	fresh := map[group][]UnitRef{}
	for _, w := range wanted {
		if _, known := units[w.Ref]; !known {
			units[w.Ref] = nil
			fresh[group{w.Ref.Authority, w.Page}] = append(fresh[group{w.Ref.Authority, w.Page}], w.Ref)
		}
	}
	if err := makeYoung(ctx, tx, units); err != nil {
		return nil, err
	}
	for group, refs := range fresh {
		places, err := r.allot(ctx, tx, generation, group.authority, group.rule, len(refs), made)
		if err != nil {
			return nil, err
		}
		added, err := r.insertOn(ctx, tx, generation, refs, places, made)
		if err != nil {
			return nil, err
		}
		maps.Copy(units, added)
	}
	return units, nil
}

// makeYoung makes living units that are asked for again young again: they are about to
// get a row, and are no orphans.
func makeYoung(ctx context.Context, tx pgx.Tx, units map[UnitRef]*Unit) error {
	var living []UnitRef
	for ref, unit := range units {
		if unit != nil {
			living = append(living, ref)
		}
	}
	if len(living) == 0 {
		return nil
	}
	authorities, ids := columns(living)
	_, err := tx.Exec(ctx, `UPDATE key_unit u SET made_at = $3 FROM unnest($1::text[], $2::uuid[]) AS w (authority, unit)
		WHERE u.authority = w.authority AND u.unit = w.unit AND u.page IS NOT NULL`, authorities, ids, clock.PaceNow())
	if err != nil {
		return fmt.Errorf("make units young: %w", err)
	}
	return nil
}

// insertOn makes keys and rows. Another process that makes the same unit at the
// same time fails one of the two transactions with a unique violation, which the
// caller's repeat turns into the existing unit.
func (r *Ring) insertOn(ctx context.Context, tx pgx.Tx, generation int64, refs []UnitRef, places []uuid.UUID, made map[uuid.UUID]key) (map[UnitRef]*Unit, error) {
	units := map[UnitRef]*Unit{}
	ids, wrapped := make([]uuid.UUID, len(refs)), make([][]byte, len(refs))
	for i, ref := range refs {
		page, ok := made[places[i]]
		if !ok {
			var err error
			if page, err = r.pageKey(ctx, tx, generation, places[i]); err != nil {
				return nil, err
			}
		}
		fresh := newSecret()
		ids[i], wrapped[i] = ref.ID, fresh.seal(&page, unitAAD(ref, places[i]))
		units[ref] = newUnit(ref, fresh)
	}
	_, err := tx.Exec(ctx, `INSERT INTO key_unit (authority, unit, page, wrapped, made_at)
		SELECT $1, w.*, $5 FROM unnest($2::uuid[], $3::uuid[], $4::bytea[]) AS w`, refs[0].Authority, ids, places, wrapped, clock.PaceNow())
	if err != nil {
		return nil, fmt.Errorf("insert units: %w", err)
	}
	return units, nil
}
