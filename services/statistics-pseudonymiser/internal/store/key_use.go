package store

import (
	"context"
	"errors"
	"fmt"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
)

// Purposes of keys.
const (
	PurposeRow   = "row"   // finds linked rows; one per authority, period ""
	PurposeEpoch = "epoch" // names persons and encrypts rows; period is the year
	PurposeDay   = "day"   // names the separated; period is the date
)

// Use is a unit of the keyring and what it serves.
type Use struct {
	Authority, Purpose, Period string
	Unit                       uuid.UUID
}

// FindUnit is the unit that serves a use, and whether there is one.
func FindUnit(ctx context.Context, q Querier, u Use) (unit uuid.UUID, found bool, err error) {
	return unitFor(ctx, q, u, `SELECT unit FROM key_use WHERE authority = $1 AND purpose = $2 AND period = $3`)
}

// UnitFor is FindUnit, and the unit can not be doomed before tx ends.
func UnitFor(ctx context.Context, tx pgx.Tx, u Use) (unit uuid.UUID, found bool, err error) {
	return unitFor(ctx, tx, u, `SELECT unit FROM key_use WHERE authority = $1 AND purpose = $2 AND period = $3 FOR SHARE`)
}

func unitFor(ctx context.Context, q Querier, u Use, sql string) (unit uuid.UUID, found bool, err error) {
	err = q.QueryRow(ctx, sql, u.Authority, u.Purpose, u.Period).Scan(&unit)
	if errors.Is(err, pgx.ErrNoRows) {
		return unit, false, nil
	}
	if err != nil {
		return unit, false, fmt.Errorf("find key of %s: %w", u.Purpose, err)
	}
	return unit, true, nil
}

// Enlist makes a new unit serve a purpose, unless another does by now, and
// returns the one that does. The loser is doomed.
func Enlist(ctx context.Context, tx pgx.Tx, u Use) (uuid.UUID, error) {
	_, err := tx.Exec(ctx, `INSERT INTO key_use (authority, purpose, period, unit) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING`,
		u.Authority, u.Purpose, u.Period, u.Unit)
	if err != nil {
		return uuid.Nil, fmt.Errorf("enlist key of %s: %w", u.Purpose, err)
	}
	serving, found, err := UnitFor(ctx, tx, u)
	if err != nil {
		return uuid.Nil, err
	}
	if !found {
		return uuid.Nil, fmt.Errorf("enlist key of %s: it was doomed at once", u.Purpose)
	}
	if serving != u.Unit {
		return serving, doom(ctx, tx, u.Authority, u.Unit)
	}
	return serving, nil
}

// Days is the uses of day keys.
func Days(ctx context.Context, q Querier) ([]Use, error) {
	return uses(ctx, q, `SELECT authority, purpose, period, unit FROM key_use WHERE purpose = 'day'`)
}

// EmptyEpochs is the uses of epoch keys under which no row lives.
func EmptyEpochs(ctx context.Context, q Querier) ([]Use, error) {
	return uses(ctx, q, `
		SELECT authority, purpose, period, unit FROM key_use AS k
		WHERE purpose = 'epoch' AND NOT EXISTS (
			SELECT FROM statistics_row AS r WHERE r.authority = k.authority
			AND r.epoch = CASE WHEN k.purpose = 'epoch' THEN k.period::int END)`)
}

func uses(ctx context.Context, q Querier, sql string) ([]Use, error) {
	rows, err := q.Query(ctx, sql)
	if err != nil {
		return nil, fmt.Errorf("read uses of keys: %w", err)
	}
	return pgx.CollectRows(rows, pgx.RowToStructByPos[Use])
}

// Retire ends a use and dooms its unit. It waits for whoever is about to use it,
// and keeps an epoch that has got a row in the meantime.
func Retire(ctx context.Context, tx pgx.Tx, u Use) error {
	tag, err := tx.Exec(ctx, `SELECT FROM key_use WHERE unit = $1 FOR UPDATE`, u.Unit)
	if err != nil || tag.RowsAffected() == 0 {
		return err
	}
	if u.Purpose == PurposeEpoch {
		var living bool
		err := tx.QueryRow(ctx, `SELECT EXISTS (SELECT FROM statistics_row WHERE authority = $1 AND epoch = $2::text::int)`,
			u.Authority, u.Period).Scan(&living)
		if err != nil || living {
			return err
		}
	}
	if _, err := tx.Exec(ctx, `DELETE FROM key_use WHERE unit = $1`, u.Unit); err != nil {
		return fmt.Errorf("retire key of %s: %w", u.Purpose, err)
	}
	return doom(ctx, tx, u.Authority, u.Unit)
}

// Serving tells which of these units serve something.
func Serving(ctx context.Context, q Querier, units []uuid.UUID) ([]uuid.UUID, error) {
	rows, err := q.Query(ctx, `SELECT unit FROM key_use WHERE unit = ANY($1)`, units)
	if err != nil {
		return nil, fmt.Errorf("look for uses of units: %w", err)
	}
	return pgx.CollectRows(rows, pgx.RowTo[uuid.UUID])
}

// Alive tells which units serve something, or are about to be destroyed.
func Alive(q Querier) func(ctx context.Context, authority string, units []uuid.UUID) ([]uuid.UUID, error) {
	return func(ctx context.Context, authority string, units []uuid.UUID) ([]uuid.UUID, error) {
		rows, err := q.Query(ctx, `
			SELECT unit FROM key_use WHERE authority = $1 AND unit = ANY($2)
			UNION SELECT unit FROM doomed_unit WHERE authority = $1 AND unit = ANY($2)`, authority, units)
		if err != nil {
			return nil, fmt.Errorf("look for uses of units: %w", err)
		}
		return pgx.CollectRows(rows, pgx.RowTo[uuid.UUID])
	}
}
