package keyring

import (
	"context"
	"fmt"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"gallra.se/libs/fault"
)

// emptyUnits takes the keys out of the units and returns the pages that they
// were on.
func emptyUnits(ctx context.Context, tx pgx.Tx, refs []UnitRef, generation int64) ([]uuid.UUID, error) {
	if len(refs) == 0 {
		return nil, nil
	}
	authorities, ids := columns(refs)
	rows, err := tx.Query(ctx, `WITH gone AS (
			SELECT u.authority, u.unit, u.page FROM key_unit u
			JOIN unnest($1::text[], $2::uuid[]) AS w (authority, unit) USING (authority, unit)
			WHERE u.page IS NOT NULL GROUP BY 1, 2, 3
		), emptied AS (
			UPDATE key_unit u SET page = NULL, wrapped = NULL, fresh = NULL, ended = $3 FROM gone
			WHERE u.authority = gone.authority AND u.unit = gone.unit
		), counted AS (
			SELECT page, count(*) AS n FROM gone GROUP BY page
		)
		UPDATE key_page p SET units = p.units - c.n FROM counted c WHERE p.id = c.page RETURNING p.id`, authorities, ids, generation)
	if err != nil {
		return nil, fmt.Errorf("empty units: %w", err)
	}
	touched, err := pgx.CollectRows(rows, pgx.RowTo[uuid.UUID])
	if err != nil {
		return nil, fmt.Errorf("empty units: %w", err)
	}
	return touched, nil
}

// renewPages gives touched pages new keys and re-wraps the units that live on
// them. A page on which none lives goes whole.
func (r *Ring) renewPages(ctx context.Context, tx pgx.Tx, touched []uuid.UUID, next *state) error {
	old, err := dropEmptyPages(ctx, tx, touched, next)
	if err != nil {
		return err
	}
	living, err := collectUnits(tx.Query(ctx, `SELECT authority, unit, page, wrapped, fresh, renewed FROM key_unit WHERE page = ANY($1)`, touched))
	if err != nil {
		return err
	}
	for i := range living {
		row := &living[i]
		before := old[*row.page]
		if err := row.rewrap(&before, next.pages[*row.page]); err != nil {
			return err
		}
	}
	if err := writeUnits(ctx, tx, living); err != nil {
		return err
	}
	fault.Point("keyring.pages")
	return r.step("pages")
}

// dropEmptyPages removes touched pages without units from the database and the
// table, gives the others new keys, and returns their old ones.
func dropEmptyPages(ctx context.Context, tx pgx.Tx, touched []uuid.UUID, next *state) (old map[uuid.UUID]key, err error) {
	rows, err := tx.Query(ctx, `DELETE FROM key_page WHERE id = ANY($1) AND units = 0 AND NOT special RETURNING id`, touched)
	if err != nil {
		return nil, fmt.Errorf("drop empty pages: %w", err)
	}
	empty, err := pgx.CollectRows(rows, pgx.RowTo[uuid.UUID])
	if err != nil {
		return nil, fmt.Errorf("drop empty pages: %w", err)
	}
	for _, page := range empty {
		delete(next.pages, page)
	}
	return replaceKeys(ctx, tx, touched, next)
}

// replaceKeys gives pages that there are new keys, and returns their old ones.
func replaceKeys(ctx context.Context, tx pgx.Tx, pages []uuid.UUID, next *state) (old map[uuid.UUID]key, err error) {
	old = map[uuid.UUID]key{}
	for _, page := range pages {
		if _, done := old[page]; done {
			continue
		}
		if k := next.pages[page]; k != nil {
			old[page] = *k
			fresh := newKey()
			next.pages[page] = &fresh
		}
	}
	if _, err := tx.Exec(ctx, `UPDATE key_page SET changed = $2 WHERE id = ANY($1)`, pages, next.generation); err != nil {
		return nil, fmt.Errorf("note replaced page keys: %w", err)
	}
	return old, nil
}
