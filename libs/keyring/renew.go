package keyring

import (
	"context"
	"fmt"

	"gallra.se/libs/pg"
	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"gallra.se/libs/fault"
)

// Something parts from a unit and goes before it. The unit then gets another key,
// its boxes are re-wrapped, and the old key is destroyed: no copy of the data made
// before opens what has parted.
//
//	Renew ──► every box re-wrapped in the data database (Unit.Rewrap) ──► End(OldKeys)

// Renewal is a unit that holds two keys, and which of its renewals that is: the
// old key of no other one is dropped for it.
type Renewal struct {
	Unit   UnitRef
	Number int
}

// Renew gives living units a second key beside their own, durable when it returns:
// units that are read from then on seal under the new one and open with both. A
// unit that holds two keys, was destroyed or is unknown is passed over.
func (r *Ring) Renew(ctx context.Context, refs []UnitRef) error {
	if len(refs) == 0 {
		return nil
	}
	err := pg.Tx(ctx, r.db, func(tx pgx.Tx) error {
		generation, err := r.lockedGeneration(ctx, tx)
		if err != nil {
			return err
		}
		rows, err := lockSingle(ctx, tx, refs)
		if err != nil {
			return err
		}
		return r.addFresh(ctx, tx, generation, rows)
	})
	if err != nil {
		return fmt.Errorf("renew %d units: %w", len(refs), err)
	}
	fault.Point("keyring.renewed")
	return r.step("renewed")
}

// lockSingle locks, in order, the living units that hold one key.
func lockSingle(ctx context.Context, tx pgx.Tx, refs []UnitRef) ([]unitRow, error) {
	authorities, ids := columns(refs)
	return collectUnits(tx.Query(ctx, `SELECT authority, unit, page, wrapped, fresh, renewed FROM key_unit
		WHERE (authority, unit) IN (SELECT * FROM unnest($1::text[], $2::uuid[])) AND page IS NOT NULL AND fresh IS NULL
		ORDER BY authority, unit FOR UPDATE`, authorities, ids))
}

func (r *Ring) addFresh(ctx context.Context, tx pgx.Tx, generation int64, rows []unitRow) error {
	for i := range rows {
		row := &rows[i]
		page, err := r.pageKey(ctx, tx, generation, *row.page)
		if err != nil {
			return err
		}
		current, _, err := row.open(&page)
		if err != nil {
			return err
		}
		fresh := current.successor()
		row.fresh = fresh.seal(&page, freshAAD(row.ref, *row.page))
		row.renewed++
	}
	if err := changedPages(ctx, tx, generation, rows); err != nil {
		return err
	}
	return writeUnits(ctx, tx, rows)
}

// changedPages notes for the second medium that units on these pages changed.
func changedPages(ctx context.Context, tx pgx.Tx, generation int64, rows []unitRow) error {
	_, err := tx.Exec(ctx, `WITH p AS (SELECT id FROM key_page WHERE id = ANY($1) ORDER BY id FOR UPDATE)
		UPDATE key_page SET changed = $2 FROM p WHERE key_page.id = p.id`, pagesOf(rows), generation)
	if err != nil {
		return fmt.Errorf("note changed pages: %w", err)
	}
	return nil
}

func pagesOf(rows []unitRow) (pages []uuid.UUID) {
	for _, row := range rows {
		pages = append(pages, *row.page)
	}
	return pages
}

// Renewing lists units that hold two keys, at most limit of them.
func (r *Ring) Renewing(ctx context.Context, limit int) ([]Renewal, error) {
	rows, err := r.db.Query(ctx, `SELECT authority, unit, renewed FROM key_unit WHERE fresh IS NOT NULL ORDER BY authority, unit LIMIT $1`, limit)
	if err != nil {
		return nil, fmt.Errorf("list renewed units: %w", err)
	}
	all, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (n Renewal, err error) {
		err = row.Scan(&n.Unit.Authority, &n.Unit.ID, &n.Number)
		return n, err
	})
	if err != nil {
		return nil, fmt.Errorf("list renewed units: %w", err)
	}
	return all, nil
}

// dropOldKeys makes the newer of two keys the only one, and returns the pages that
// the units are on, whose keys have to go with the old ones.
func dropOldKeys(ctx context.Context, tx pgx.Tx, renewals []Renewal, pages map[uuid.UUID]*key) (touched []uuid.UUID, err error) {
	if len(renewals) == 0 {
		return nil, nil
	}
	var refs []UnitRef
	var numbers []int
	for _, renewal := range renewals {
		refs, numbers = append(refs, renewal.Unit), append(numbers, renewal.Number)
	}
	authorities, ids := columns(refs)
	rows, err := collectUnits(tx.Query(ctx, `SELECT u.authority, u.unit, u.page, u.wrapped, u.fresh, u.renewed
		FROM (SELECT DISTINCT * FROM unnest($1::text[], $2::uuid[], $3::int[])) AS w (authority, unit, renewed)
		JOIN key_unit u ON u.authority = w.authority AND u.unit = w.unit AND u.renewed = w.renewed
		WHERE u.fresh IS NOT NULL`, authorities, ids, numbers))
	if err != nil {
		return nil, err
	}
	for i := range rows {
		row := &rows[i]
		page := pages[*row.page]
		if page == nil {
			return nil, fmt.Errorf("page %s is not in the page table: %w", *row.page, ErrKeystore)
		}
		_, fresh, err := row.open(page)
		if err != nil {
			return nil, err
		}
		row.wrapped, row.fresh = fresh.seal(page, unitAAD(row.ref, *row.page)), nil
	}
	return pagesOf(rows), writeUnits(ctx, tx, rows)
}

// writeUnits writes the keys of living units.
func writeUnits(ctx context.Context, tx pgx.Tx, rows []unitRow) error {
	refs, wrapped, fresh, renewed := make([]UnitRef, len(rows)), make([][]byte, len(rows)), make([][]byte, len(rows)), make([]int, len(rows))
	for i, row := range rows {
		refs[i], wrapped[i], fresh[i], renewed[i] = row.ref, row.wrapped, row.fresh, row.renewed
	}
	authorities, ids := columns(refs)
	_, err := tx.Exec(ctx, `UPDATE key_unit u SET wrapped = w.wrapped, fresh = w.fresh, renewed = w.renewed
		FROM unnest($1::text[], $2::uuid[], $3::bytea[], $4::bytea[], $5::int[]) AS w (authority, unit, wrapped, fresh, renewed)
		WHERE u.authority = w.authority AND u.unit = w.unit`, authorities, ids, wrapped, fresh, renewed)
	if err != nil {
		return fmt.Errorf("write unit keys: %w", err)
	}
	return nil
}

func collectUnits(rows pgx.Rows, err error) ([]unitRow, error) {
	if err != nil {
		return nil, fmt.Errorf("read units: %w", err)
	}
	units, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (u unitRow, err error) {
		err = row.Scan(&u.ref.Authority, &u.ref.ID, &u.page, &u.wrapped, &u.fresh, &u.renewed)
		return u, err
	})
	if err != nil {
		return nil, fmt.Errorf("read units: %w", err)
	}
	return units, nil
}
