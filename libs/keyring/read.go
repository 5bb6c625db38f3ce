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
func (r *Ring) Units(ctx context.Context, refs []UnitRef) (map[UnitRef]*Unit, error) {
	for attempt := 0; ; attempt++ {
		units, err := r.unitsOnce(ctx, refs)
		// A rotation committed between our look and the use of its root.
		if err == nil || attempt == 4 || !errors.Is(err, ErrNoKey) {
			return units, err
		}
	}
}

func (r *Ring) unitsOnce(ctx context.Context, refs []UnitRef) (units map[UnitRef]*Unit, err error) {
	generation, rows, err := readUnits(ctx, r.db, refs)
	if err != nil {
		return nil, err
	}
	if units, ok := r.unwrapCached(generation, rows); ok {
		return units, nil
	}
	err = pgx.BeginTxFunc(ctx, r.db, pgx.TxOptions{IsoLevel: pgx.RepeatableRead, AccessMode: pgx.ReadOnly}, func(tx pgx.Tx) error {
		if generation, rows, err = readUnits(ctx, tx, refs); err != nil {
			return err
		}
		units, err = r.unwrap(ctx, tx, generation, rows)
		return err
	})
	return units, err
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

// unitRow is a row of key_unit; page is nil once destroyed.
type unitRow struct {
	ref     UnitRef
	page    *uuid.UUID
	wrapped []byte
}

// readUnits reads rows and the generation that they belong to in one snapshot.
func readUnits(ctx context.Context, db querier, refs []UnitRef) (generation int64, units []unitRow, err error) {
	authorities, ids := columns(refs)
	rows, err := db.Query(ctx, `SELECT g.current, u.authority, u.unit, u.page, u.wrapped
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
		if err := rows.Scan(&generation, &authority, &id, &row.page, &row.wrapped); err != nil {
			return 0, nil, fmt.Errorf("read units: %w", err)
		}
		if id != nil {
			row.ref = UnitRef{Authority: *authority, ID: *id}
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
		k, err := page.openKey(row.wrapped, unitAAD(row.ref, *row.page))
		if err != nil {
			return nil, false
		}
		units[row.ref] = newUnit(row.ref, k)
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
		k, err := page.openKey(row.wrapped, unitAAD(row.ref, *row.page))
		if err != nil {
			return nil, fmt.Errorf("unwrap unit %s: %w", row.ref.ID, err)
		}
		units[row.ref] = newUnit(row.ref, k)
	}
	return units, nil
}

func columns(refs []UnitRef) (authorities []string, ids []uuid.UUID) {
	for _, ref := range refs {
		authorities, ids = append(authorities, ref.Authority), append(ids, ref.ID)
	}
	return authorities, ids
}
