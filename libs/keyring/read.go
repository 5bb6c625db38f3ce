package keyring

import (
	"context"
	"errors"
	"fmt"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
)

// Unit returns a living unit, ErrDestroyed or ErrUnknown. It asks the key
// database every time: what any process destroyed is refused at once.
func (r *Ring) Unit(ctx context.Context, ref UnitRef) (*Unit, error) {
	units, err := r.Units(ctx, []UnitRef{ref})
	if err != nil {
		return nil, err
	}
	unit, known := units[ref]
	if !known {
		return nil, fmt.Errorf("open unit %s: %w", ref.ID, ErrUnknown)
	}
	if unit == nil {
		return nil, fmt.Errorf("open unit %s: %w", ref.ID, ErrDestroyed)
	}
	return unit, nil
}

// Units returns the units that there are; nil for a destroyed one.
func (r *Ring) Units(ctx context.Context, refs []UnitRef) (units map[UnitRef]*Unit, err error) {
	err = overtaken(ctx, func() (generation int64, err error) {
		generation, units, err = r.unitsOnce(ctx, refs)
		return generation, err
	})
	return units, err
}

// overtaken looks again when a rotation has destroyed the root key of the generation
// that was looked at. One whose key is missing twice is not held.
func overtaken(ctx context.Context, look func() (generation int64, err error)) error {
	for last := int64(0); ; {
		generation, err := look()
		if !errors.Is(err, ErrNoKey) || generation == last || ctx.Err() != nil {
			return err
		}
		last = generation
	}
}

func (r *Ring) unitsOnce(ctx context.Context, refs []UnitRef) (generation int64, units map[UnitRef]*Unit, err error) {
	generation, rows, err := readUnits(ctx, r.db, refs)
	if err != nil {
		return 0, nil, err
	}
	if units, ok := r.unwrapCached(generation, rows); ok {
		return generation, units, nil
	}
	err = pgx.BeginTxFunc(ctx, r.db, pgx.TxOptions{IsoLevel: pgx.RepeatableRead, AccessMode: pgx.ReadOnly}, func(tx pgx.Tx) error {
		if generation, rows, err = readUnits(ctx, tx, refs); err != nil {
			return err
		}
		units, err = r.unwrap(ctx, tx, generation, rows)
		return err
	})
	return generation, units, err
}

// existing is Units within a transaction that holds the lock.
func (r *Ring) existing(ctx context.Context, tx pgx.Tx, generation int64, wanted []Wanted) (map[UnitRef]*Unit, error) {
	refs := make([]UnitRef, len(wanted))
	for i, w := range wanted {
		refs[i] = w.Ref
	}
	_, rows, err := readUnits(ctx, tx, refs)
	if err != nil {
		return nil, err
	}
	return r.unwrap(ctx, tx, generation, rows)
}

// readUnits reads rows and the generation that they belong to in one snapshot.
func readUnits(ctx context.Context, db querier, refs []UnitRef) (generation int64, units []unitRow, err error) {
	authorities, ids := columns(refs)
	rows, err := db.Query(ctx, `SELECT g.current, u.authority, u.unit, u.page, u.wrapped, u.fresh, u.renewed
		FROM key_generation g
		LEFT JOIN unnest($1::text[], $2::uuid[]) AS w (authority, unit) ON true
		LEFT JOIN key_unit u ON u.authority = w.authority AND u.unit = w.unit`, authorities, ids)
	if err != nil {
		return 0, nil, fmt.Errorf("read units: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var authority *string
		var id *uuid.UUID
		var row unitRow
		var renewed *int
		if err := rows.Scan(&generation, &authority, &id, &row.page, &row.wrapped, &row.fresh, &renewed); err != nil {
			return 0, nil, fmt.Errorf("read units: %w", err)
		}
		if id != nil {
			row.ref, row.renewed = UnitRef{Authority: *authority, ID: *id}, *renewed
			units = append(units, row)
		}
	}
	if err := rows.Err(); err != nil {
		return 0, nil, fmt.Errorf("read units: %w", err)
	}
	return generation, units, nil
}

// unwrapCached needs no database; ok is false when a page is not in memory.
func (r *Ring) unwrapCached(generation int64, rows []unitRow) (map[UnitRef]*Unit, bool) {
	units := make(map[UnitRef]*Unit, len(rows))
	for _, row := range rows {
		if row.page == nil {
			units[row.ref] = nil
			continue
		}
		page, ok := r.table.page(generation, *row.page)
		if !ok {
			return nil, false
		}
		unit, err := row.unit(&page)
		if err != nil {
			return nil, false
		}
		units[row.ref] = unit
	}
	return units, true
}

func (r *Ring) unwrap(ctx context.Context, db querier, generation int64, rows []unitRow) (map[UnitRef]*Unit, error) {
	units := make(map[UnitRef]*Unit, len(rows))
	for _, row := range rows {
		if row.page == nil {
			units[row.ref] = nil
			continue
		}
		page, err := r.pageKey(ctx, db, generation, *row.page)
		if err != nil {
			return nil, err
		}
		if units[row.ref], err = row.unit(&page); err != nil {
			return nil, err
		}
	}
	return units, nil
}

func columns(refs []UnitRef) (authorities []string, ids []uuid.UUID) {
	for _, ref := range refs {
		authorities, ids = append(authorities, ref.Authority), append(ids, ref.ID)
	}
	return authorities, ids
}
