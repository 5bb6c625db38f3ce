package store

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"gallra.se/libs/calendar"
)

// States of a unit.
const (
	Idle     = "idle"     // no clock runs
	Running  = "running"  // a date is set
	Due      = "due"      // the holder was told, its answer is awaited
	Disposed = "disposed" // for good
)

// Kinds of a unit.
const (
	ContactUnit  = "contact"
	IdentityUnit = "identity"
	ShareUnit    = "share"
)

// Unit is what goes at one time.
type Unit struct {
	Authority     string
	ID            uuid.UUID
	Holder        string
	Kind          string
	Key           string
	Partition     int
	Person, Case  uuid.UUID // uuid.Nil where it has none
	State         string
	Rule, Trigger string
	DueOn         calendar.Date // zero: no date
	DueAt         time.Time
	ClaimAt       time.Time
	Held          bool
	NotBefore     calendar.Date
	BoundAt       time.Time
	PolicyVersion string
	Declined      string
}

const unitColumns = `authority, unit, holder, kind, key, partition, person, case_id, state, rule, trigger,
	due_on, due_at, claim_at, held, not_before, bound_at, policy_version, declined`

func scanUnit(row pgx.CollectableRow) (Unit, error) {
	var u Unit
	var person, caseID *uuid.UUID
	var dueAt, claimAt, boundAt *time.Time
	err := row.Scan(&u.Authority, &u.ID, &u.Holder, &u.Kind, &u.Key, &u.Partition, &person, &caseID, &u.State, &u.Rule,
		&u.Trigger, &u.DueOn, &dueAt, &claimAt, &u.Held, &u.NotBefore, &boundAt, &u.PolicyVersion, &u.Declined)
	if person != nil {
		u.Person = *person
	}
	if caseID != nil {
		u.Case = *caseID
	}
	u.DueAt, u.ClaimAt, u.BoundAt = utc(dueAt), utc(claimAt), utc(boundAt)
	return u, err
}

func units(ctx context.Context, tx pgx.Tx, where string, args ...any) ([]Unit, error) {
	rows, err := tx.Query(ctx, `SELECT `+unitColumns+` FROM unit WHERE `+where, args...)
	if err != nil {
		return nil, fmt.Errorf("read units: %w", err)
	}
	found, err := pgx.CollectRows(rows, scanUnit)
	if err != nil {
		return nil, fmt.Errorf("read units: %w", err)
	}
	return found, nil
}

// AddUnit makes a unit that is not known yet. added is false when it is: an event came twice, or its disposal came first.
func AddUnit(ctx context.Context, tx pgx.Tx, u Unit) (added bool, err error) {
	tag, err := tx.Exec(ctx, `
		INSERT INTO unit (authority, unit, holder, kind, key, partition, person, case_id, state)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 'idle') ON CONFLICT DO NOTHING`,
		u.Authority, u.ID, u.Holder, u.Kind, u.Key, u.Partition, known(u.Person), known(u.Case))
	if err != nil {
		return false, fmt.Errorf("add unit %s: %w", u.ID, err)
	}
	return tag.RowsAffected() == 1, nil
}

// LockUnitsOfPerson locks and reads a person's units that are not disposed of.
func LockUnitsOfPerson(ctx context.Context, tx pgx.Tx, authority string, person uuid.UUID) ([]Unit, error) {
	return units(ctx, tx, `authority = $1 AND person = $2 AND state <> 'disposed' ORDER BY unit FOR UPDATE`, authority, person)
}

// LockUnits locks and reads the units with these ids.
func LockUnits(ctx context.Context, tx pgx.Tx, authority string, ids []uuid.UUID) ([]Unit, error) {
	return units(ctx, tx, `authority = $1 AND unit = ANY($2) ORDER BY unit FOR UPDATE`, authority, ids)
}

// UnitsOfRecord reads the units that a record belongs to: one, or one for each person who shares it.
func UnitsOfRecord(ctx context.Context, tx pgx.Tx, authority string, record uuid.UUID) ([]Unit, error) {
	return units(ctx, tx, `authority = $1 AND unit IN (SELECT unit FROM record WHERE authority = $1 AND record = $2) ORDER BY unit`,
		authority, record)
}

// SetDue writes when a unit is due, or that it is not: state, rule, dates, bound.
func SetDue(batch *pgx.Batch, u Unit) {
	batch.Queue(`
		UPDATE unit SET state = $3, rule = $4, trigger = $5, due_on = $6, due_at = $7, claim_at = $8, not_before = $9,
			bound_at = $10, bound_alarm = bound_alarm AND bound_at IS NOT DISTINCT FROM $10, policy_version = $11
		WHERE authority = $1 AND unit = $2`,
		u.Authority, u.ID, u.State, u.Rule, u.Trigger, u.DueOn, instant(u.DueAt), instant(u.ClaimAt), u.NotBefore,
		instant(u.BoundAt), u.PolicyVersion)
}
