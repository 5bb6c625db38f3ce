package keyring

import (
	"context"
	"fmt"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"gallra.se/libs/fault"
)

// Ending is what one rotation brings to its end.
type Ending struct {
	Units         []UnitRef
	OldKeys       []Renewal // of units all of whose boxes are under the new key, committed
	TransportKeys []string  // retired ones, to which nothing is sealed that is still wanted
}

func (e *Ending) empty() bool { return len(e.Units)+len(e.OldKeys)+len(e.TransportKeys) == 0 }

// Destroy is End of units.
func (r *Ring) Destroy(ctx context.Context, refs []UnitRef) error {
	return r.End(ctx, Ending{Units: refs})
}

// End destroys, in one rotation, units with what was entered for them, old keys
// and transport keys. When it returns nil they are unrecoverable. What is
// destroyed already or unknown is passed over, so it may be repeated after any
// failure; the repeat also ends a rotation that stopped half-way.
func (r *Ring) End(ctx context.Context, e Ending) error {
	if e.empty() {
		return nil
	}
	err := r.rotate(ctx, func(ctx context.Context, tx pgx.Tx, next *state) (bool, error) {
		return r.end(ctx, tx, e, next)
	})
	if len(e.TransportKeys) > 0 {
		r.opener.Forget()
	}
	if err != nil {
		return fmt.Errorf("end %d units, %d old keys and %d transport keys: %w", len(e.Units), len(e.OldKeys), len(e.TransportKeys), err)
	}
	return nil
}

// end is the part of an ending that is one transaction.
func (r *Ring) end(ctx context.Context, tx pgx.Tx, e Ending, next *state) (changed bool, err error) {
	gone, err := dropTransportKeys(ctx, tx, e.TransportKeys, next.pages)
	if err != nil {
		return false, err
	}
	touched, err := emptyUnits(ctx, tx, e.Units, next.generation)
	if err != nil {
		return false, err
	}
	renewed, err := dropOldKeys(ctx, tx, e.OldKeys, next.pages)
	if err != nil {
		return false, err
	}
	if len(touched) > 0 {
		fault.Point("keyring.units")
		if err := r.step("units"); err != nil {
			return false, err
		}
		if err := r.forgetEntries(ctx, tx, e.Units, next); err != nil {
			return false, err
		}
	}
	touched = append(touched, renewed...)
	if len(touched) == 0 {
		return gone, nil
	}
	return true, r.renewPages(ctx, tx, touched, next)
}

// dropTransportKeys takes retired keys and their pages out.
func dropTransportKeys(ctx context.Context, tx pgx.Tx, ids []string, pages map[uuid.UUID]*key) (changed bool, err error) {
	if len(ids) == 0 {
		return false, nil
	}
	rows, err := tx.Query(ctx, `WITH gone AS (DELETE FROM key_transport WHERE id = ANY($1) AND retired RETURNING page)
		DELETE FROM key_page p USING gone WHERE p.id = gone.page RETURNING p.id`, ids)
	if err != nil {
		return false, fmt.Errorf("drop transport keys: %w", err)
	}
	gone, err := pgx.CollectRows(rows, pgx.RowTo[uuid.UUID])
	if err != nil {
		return false, fmt.Errorf("drop transport keys: %w", err)
	}
	for _, page := range gone {
		delete(pages, page)
	}
	return len(gone) > 0, nil
}
