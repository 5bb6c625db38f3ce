package keyring

import (
	"context"
	"fmt"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
)

// Destroy destroys units and what was entered for them. When it returns nil they
// are unrecoverable. Units that are destroyed or unknown are passed over, so it
// may be repeated after any failure; the repeat also ends a rotation that
// stopped half-way.
func (r *Ring) Destroy(ctx context.Context, refs []UnitRef) error {
	if len(refs) == 0 {
		return nil
	}
	err := r.rotate(ctx, func(ctx context.Context, tx pgx.Tx, pages map[uuid.UUID]*key) (bool, error) {
		return r.empty(ctx, tx, refs, pages)
	})
	if err != nil {
		return fmt.Errorf("destroy %d units: %w", len(refs), err)
	}
	return nil
}

// empty is the part of a destruction that is one transaction.
func (r *Ring) empty(ctx context.Context, tx pgx.Tx, refs []UnitRef, pages map[uuid.UUID]*key) (changed bool, err error) {
	touched, err := emptyUnits(ctx, tx, refs)
	if err != nil || len(touched) == 0 {
		return false, err
	}
	if err := r.step("units"); err != nil {
		return false, err
	}
	if err := forgetEntries(ctx, tx, refs); err != nil {
		return false, err
	}
	return true, r.renewPages(ctx, tx, touched, pages)
}

// emptyUnits takes the keys out of the units and returns the pages that they
// were on.
func emptyUnits(ctx context.Context, tx pgx.Tx, refs []UnitRef) ([]uuid.UUID, error) {
	authorities, ids := columns(refs)
	rows, err := tx.Query(ctx, `WITH gone AS (
			SELECT u.authority, u.unit, u.page FROM key_unit u
			JOIN unnest($1::text[], $2::uuid[]) AS w (authority, unit) USING (authority, unit)
			WHERE u.page IS NOT NULL GROUP BY 1, 2, 3
		), emptied AS (
			UPDATE key_unit u SET page = NULL, wrapped = NULL FROM gone
			WHERE u.authority = gone.authority AND u.unit = gone.unit
		), counted AS (
			SELECT page, count(*) AS n FROM gone GROUP BY page
		)
		UPDATE key_page p SET units = p.units - c.n FROM counted c WHERE p.id = c.page RETURNING p.id`, authorities, ids)
	if err != nil {
		return nil, fmt.Errorf("empty units: %w", err)
	}
	touched, err := pgx.CollectRows(rows, pgx.RowTo[uuid.UUID])
	if err != nil {
		return nil, fmt.Errorf("empty units: %w", err)
	}
	return touched, nil
}

func forgetEntries(ctx context.Context, tx pgx.Tx, refs []UnitRef) error {
	authorities, ids := columns(refs)
	_, err := tx.Exec(ctx, `DELETE FROM key_lookup l USING unnest($1::text[], $2::uuid[]) AS w (authority, unit)
		WHERE l.authority = w.authority AND l.unit = w.unit`, authorities, ids)
	if err != nil {
		return fmt.Errorf("forget look-up entries: %w", err)
	}
	return nil
}

// renewPages gives touched pages new keys in pages and re-wraps the units that
// live on them. A page on which none lives goes whole.
func (r *Ring) renewPages(ctx context.Context, tx pgx.Tx, touched []uuid.UUID, pages map[uuid.UUID]*key) error {
	old, err := dropEmptyPages(ctx, tx, touched, pages)
	if err != nil {
		return err
	}
	living, err := unitsOn(ctx, tx, touched)
	if err != nil {
		return err
	}
	refs, wrapped := make([]UnitRef, len(living)), make([][]byte, len(living))
	for i, row := range living {
		before := old[*row.page]
		k, err := before.openKey(row.wrapped, unitAAD(row.ref, *row.page))
		if err != nil {
			return fmt.Errorf("re-wrap unit %s: %w", row.ref.ID, err)
		}
		refs[i], wrapped[i] = row.ref, pages[*row.page].seal(k[:], unitAAD(row.ref, *row.page))
	}
	authorities, ids := columns(refs)
	_, err = tx.Exec(ctx, `UPDATE key_unit u SET wrapped = w.wrapped
		FROM unnest($1::text[], $2::uuid[], $3::bytea[]) AS w (authority, unit, wrapped)
		WHERE u.authority = w.authority AND u.unit = w.unit`, authorities, ids, wrapped)
	if err != nil {
		return fmt.Errorf("re-wrap units: %w", err)
	}
	return r.step("pages")
}

// dropEmptyPages removes touched pages without units from the database and from
// pages, gives the others new keys, and returns their old ones.
func dropEmptyPages(ctx context.Context, tx pgx.Tx, touched []uuid.UUID, pages map[uuid.UUID]*key) (old map[uuid.UUID]key, err error) {
	rows, err := tx.Query(ctx, `DELETE FROM key_page WHERE id = ANY($1) AND units = 0 AND NOT special RETURNING id`, touched)
	if err != nil {
		return nil, fmt.Errorf("drop empty pages: %w", err)
	}
	empty, err := pgx.CollectRows(rows, pgx.RowTo[uuid.UUID])
	if err != nil {
		return nil, fmt.Errorf("drop empty pages: %w", err)
	}
	for _, page := range empty {
		delete(pages, page)
	}
	old = map[uuid.UUID]key{}
	for _, page := range touched {
		if k := pages[page]; k != nil {
			old[page] = *k
			fresh := newKey()
			pages[page] = &fresh
		}
	}
	return old, nil
}

func unitsOn(ctx context.Context, tx pgx.Tx, pages []uuid.UUID) ([]unitRow, error) {
	rows, err := tx.Query(ctx, `SELECT authority, unit, page, wrapped FROM key_unit WHERE page = ANY($1)`, pages)
	if err != nil {
		return nil, fmt.Errorf("read units of pages: %w", err)
	}
	units, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (u unitRow, err error) {
		err = row.Scan(&u.ref.Authority, &u.ref.ID, &u.page, &u.wrapped)
		return u, err
	})
	if err != nil {
		return nil, fmt.Errorf("read units of pages: %w", err)
	}
	return units, nil
}
