package keyring

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"gallra.se/libs/pg"
)

// A data backup made before a unit got a new key, or before a record parted from
// it, holds boxes under a key that is gone. What lives must read from it; what was
// destroyed must not. So the data key of each such box is kept, as it was wrapped,
// under the key that its record lives under now:
//
//	the box parted  ──► its heir lies under the record's own unit, and dies with it
//	the box stayed  ──► its heir lies under the unit's newer key
//
// Bequeath before the record moves or the box is re-wrapped; Inherit after a
// restore.

// Bequest is a record's box, as it is before it moves or is re-wrapped.
type Bequest struct {
	AAD AAD
	Box []byte
}

type heirRow struct {
	id     []byte
	record uuid.UUID
	box    []byte
}

// Bequeath keeps the data keys of boxes, which from opens, under the newest key of
// to, and with them what was bequeathed to from for the same records. It is durable
// when it returns. A box that is under the newest key of to needs no heir.
func (r *Ring) Bequeath(ctx context.Context, from, to *Unit, bequests []Bequest) error {
	if len(bequests) == 0 {
		return nil
	}
	var rows []heirRow
	records := make([]uuid.UUID, len(bequests))
	for i, b := range bequests {
		records[i] = b.AAD.Record
		data, newest, err := from.dataKey(b.AAD.bytes(), b.Box)
		if err != nil {
			return fmt.Errorf("bequeath record %s: %w", b.AAD.Record, err)
		}
		if from.Ref == to.Ref && newest {
			continue
		}
		id := heirOf(b.Box)
		rows = append(rows, heirRow{id, b.AAD.Record, to.wrap.seal(data[:], heirAAD(to.Ref, id))})
		data.wipe()
	}
	earlier, err := r.heirs(ctx, from.Ref, records)
	if err != nil {
		return err
	}
	for _, h := range earlier {
		data, newest, err := from.heir(h)
		if err != nil {
			continue // of a key that is gone already: there is nothing to hand on
		}
		if from.Ref != to.Ref || !newest {
			rows = append(rows, heirRow{h.id, h.record, to.wrap.seal(data[:], heirAAD(to.Ref, h.id))})
		}
		data.wipe()
	}
	return r.writeHeirs(ctx, to.Ref, rows)
}

func heirOf(box []byte) []byte {
	id := sha256.Sum256(box[1 : 1+wrappedSize])
	return id[:]
}

func heirAAD(ref UnitRef, id []byte) []byte {
	return bind([]byte("heir"), []byte(ref.Authority), ref.ID[:], id)
}

// heir unwraps a data key that was bequeathed to the unit.
func (u *Unit) heir(h heirRow) (data key, newest bool, err error) {
	aad := heirAAD(u.Ref, h.id)
	if data, err = u.wrap.openKey(h.box, aad); err == nil || u.old == nil {
		return data, err == nil, err
	}
	data, err = u.old.openKey(h.box, aad)
	return data, false, err
}

func (r *Ring) heirs(ctx context.Context, ref UnitRef, records []uuid.UUID) ([]heirRow, error) {
	rows, err := r.db.Query(ctx, `SELECT id, record, box FROM key_heir WHERE authority = $1 AND unit = $2 AND record = ANY($3) ORDER BY id`,
		ref.Authority, ref.ID, records)
	if err != nil {
		return nil, fmt.Errorf("read heirs of unit %s: %w", ref.ID, err)
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (h heirRow, err error) {
		err = row.Scan(&h.id, &h.record, &h.box)
		return h, err
	})
}

func (r *Ring) writeHeirs(ctx context.Context, ref UnitRef, rows []heirRow) error {
	if len(rows) == 0 {
		return nil
	}
	batch := &pgx.Batch{}
	for _, h := range rows {
		batch.Queue(`INSERT INTO key_heir (authority, unit, id, record, box) VALUES ($1, $2, $3, $4, $5)
			ON CONFLICT (authority, unit, id) DO UPDATE SET box = excluded.box`, ref.Authority, ref.ID, h.id, h.record, h.box)
	}
	err := pg.Tx(ctx, r.db, func(tx pgx.Tx) error { return tx.SendBatch(ctx, batch).Close() })
	if err != nil {
		return fmt.Errorf("write heirs of unit %s: %w", ref.ID, err)
	}
	return nil
}

// Disinherit forgets what was bequeathed to a unit for other records than these:
// they have parted from it.
func (r *Ring) Disinherit(ctx context.Context, ref UnitRef, but []uuid.UUID) error {
	if but == nil {
		but = []uuid.UUID{}
	}
	_, err := r.db.Exec(ctx, `DELETE FROM key_heir WHERE authority = $1 AND unit = $2 AND record <> ALL($3)`, ref.Authority, ref.ID, but)
	if err != nil {
		return fmt.Errorf("forget heirs of unit %s: %w", ref.ID, err)
	}
	return nil
}

// ForgetHeirs removes what was bequeathed to units that are destroyed. Nothing
// opens it any more; this is the clean-up after it.
func (r *Ring) ForgetHeirs(ctx context.Context, gone []UnitRef) error {
	authorities, ids := columns(gone)
	_, err := r.db.Exec(ctx, `DELETE FROM key_heir WHERE (authority, unit) IN (SELECT * FROM unnest($1::text[], $2::uuid[]))`, authorities, ids)
	if err != nil {
		return fmt.Errorf("forget heirs of %d units: %w", len(gone), err)
	}
	return nil
}

// Inherit is a box out of a data backup under the newest key of u: by u itself, or
// by what was bequeathed for it. ErrDestroyed says that its record is gone since;
// ErrBox, that nobody ever held it.
func (r *Ring) Inherit(ctx context.Context, u *Unit, aad AAD, box []byte) ([]byte, error) {
	fresh, err := u.Rewrap(aad, box)
	if err == nil || len(box) < 1+wrappedSize+boxExtra || box[0] != boxVersion {
		return fresh, err
	}
	rows, err := r.db.Query(ctx, `SELECT unit, id, record, box FROM key_heir WHERE authority = $1 AND id = $2`, u.Ref.Authority, heirOf(box))
	if err != nil {
		return nil, fmt.Errorf("look for an heir: %w", err)
	}
	var units []uuid.UUID
	heirs, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (h heirRow, err error) {
		var unit uuid.UUID
		err = row.Scan(&unit, &h.id, &h.record, &h.box)
		units = append(units, unit)
		return h, err
	})
	if err != nil {
		return nil, fmt.Errorf("look for an heir: %w", err)
	}
	err = ErrBox
	for i, h := range heirs {
		holder, missing := r.Unit(ctx, UnitRef{Authority: u.Ref.Authority, ID: units[i]})
		if missing != nil {
			if err = missing; errors.Is(missing, ErrDestroyed) || errors.Is(missing, ErrUnknown) {
				continue
			}
			return nil, missing
		}
		data, _, opens := holder.heir(h)
		if opens != nil {
			continue
		}
		defer data.wipe()
		fresh := append([]byte{boxVersion}, u.wrap.seal(data[:], aad.bytes())...)
		return append(fresh, box[1+wrappedSize:]...), nil
	}
	return nil, err
}
