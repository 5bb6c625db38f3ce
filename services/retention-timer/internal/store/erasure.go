package store

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"gallra.se/libs/calendar"
)

// Erasure is an order to erase a record, or what somebody has of a case, or all that is somebody's.
type Erasure struct {
	Authority     string
	ID            uuid.UUID
	Scope         string // record, case, person
	Target        uuid.UUID
	Ground        string // a code of the pack
	Rule          string // requirement of the ground
	PolicyVersion string
	OrderedOn     calendar.Date
	OrderedAt     time.Time
	DoneAt        time.Time // nothing is left of what it takes; zero: something is
	Disposed      int       // records that have gone by it
	Protected     bool      // it was about somebody protected
}

const erasureColumns = `authority, erasure, scope, target, ground, rule, policy_version, ordered_on, ordered_at, done_at, disposed, protected`

func scanErasure(row pgx.CollectableRow) (e Erasure, err error) {
	var done *time.Time
	err = row.Scan(&e.Authority, &e.ID, &e.Scope, &e.Target, &e.Ground, &e.Rule, &e.PolicyVersion, &e.OrderedOn, &e.OrderedAt, &done, &e.Disposed, &e.Protected)
	e.OrderedAt, e.DoneAt = e.OrderedAt.UTC(), utc(done)
	return e, err
}

// LastErasure locks and reads the newest order for a target.
func LastErasure(ctx context.Context, tx pgx.Tx, authority, scope string, target uuid.UUID) (e Erasure, ok bool, err error) {
	rows, err := tx.Query(ctx, `
		SELECT `+erasureColumns+` FROM erasure WHERE authority = $1 AND scope = $2 AND target = $3
		ORDER BY done_at DESC NULLS FIRST, erasure LIMIT 1 FOR UPDATE`, authority, scope, target)
	if err != nil {
		return Erasure{}, false, fmt.Errorf("read order to erase: %w", err)
	}
	e, err = pgx.CollectExactlyOneRow(rows, scanErasure)
	if errors.Is(err, pgx.ErrNoRows) {
		return Erasure{}, false, nil
	}
	return e, err == nil, err
}

// AddErasure writes an order; false when another for the same target is open: of two at once it was quicker.
func AddErasure(ctx context.Context, tx pgx.Tx, e Erasure) (bool, error) {
	tag, err := tx.Exec(ctx, `
		INSERT INTO erasure (authority, erasure, scope, target, ground, rule, policy_version, ordered_on, ordered_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT (authority, target, scope) WHERE done_at IS NULL DO NOTHING`,
		e.Authority, e.ID, e.Scope, e.Target, e.Ground, e.Rule, e.PolicyVersion, e.OrderedOn, e.OrderedAt)
	if err != nil {
		return false, fmt.Errorf("write order to erase: %w", err)
	}
	return tag.RowsAffected() == 1, nil
}

// Erasures reads the orders of an authority that who asks may know of, the newest first.
func Erasures(ctx context.Context, q Querier, authority string) ([]Erasure, error) {
	rows, err := q.Query(ctx, `
		SELECT `+erasureColumns+` FROM erasure AS h CROSS JOIN LATERAL (SELECT NOT $2 AND (h.protected OR `+hiddenTarget+`
			OR EXISTS (SELECT FROM erasure_record AS r WHERE r.authority = h.authority AND r.erasure = h.erasure AND (r.authority, r.unit) IN `+hiddenUnits+`)) AS hidden) AS x
		WHERE h.authority = $1 AND NOT x.hidden ORDER BY h.ordered_at DESC, h.erasure`, authority, Sees(ctx))
	if err != nil {
		return nil, fmt.Errorf("read orders to erase: %w", err)
	}
	return pgx.CollectRows(rows, scanErasure)
}

// LockErasable locks and reads the units that an order for a target concerns, disposed ones too: those of the record; those of
// the case; those of the person, and of the contacts that are linked to the person.
func LockErasable(ctx context.Context, tx pgx.Tx, authority, scope string, target uuid.UUID) ([]Unit, error) {
	where := map[string]string{
		"person": `(person = $2 OR unit IN (SELECT r.unit FROM contact_person AS c JOIN record AS r ON r.authority = c.authority AND r.record = c.record
			WHERE c.authority = $1 AND c.person = $2))`,
		"case":   `case_id = $2`,
		"record": `unit IN (SELECT unit FROM record WHERE authority = $1 AND record = $2)`,
	}[scope]
	return units(ctx, tx, `authority = $1 AND `+where+` ORDER BY unit FOR UPDATE`, authority, target)
}

// SetErased writes that a unit goes by an order; one that goes by an earlier order already is left as it is.
func SetErased(ctx context.Context, tx pgx.Tx, u Unit) error {
	_, err := tx.Exec(ctx, `
		UPDATE unit SET erase_rule = $3, erase_on = $4, erase_at = $5 WHERE authority = $1 AND unit = $2 AND erase_rule = ''`,
		u.Authority, u.ID, u.Erased.Rule, u.Erased.On, u.Erased.At)
	if err != nil {
		return fmt.Errorf("write erasure of unit %s: %w", u.ID, err)
	}
	return nil
}

// SetAlone writes that a unit is of one record, which has parted from the others.
func SetAlone(ctx context.Context, tx pgx.Tx, authority string, unit uuid.UUID) error {
	_, err := tx.Exec(ctx, `UPDATE unit SET alone = true WHERE authority = $1 AND unit = $2 AND NOT alone`, authority, unit)
	if err != nil {
		return fmt.Errorf("write unit of one record %s: %w", unit, err)
	}
	return nil
}
