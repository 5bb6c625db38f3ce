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
	ContactUnit     = "contact"
	IdentityUnit    = "identity"
	ShareUnit       = "share"       // a person's part of a case, or the part of it that goes at another time
	ParticipantUnit = "participant" // of a job-seeker group
	RequestUnit     = "request"     // a data-subject request, bare
)

// Unit is what goes at one time.
type Unit struct {
	Authority           string
	ID                  uuid.UUID
	Holder              string
	Kind                string
	Key                 string
	Partition           int
	Person, Case, Group uuid.UUID // uuid.Nil where it has none
	Facts

	State          string
	Rule, Trigger  string
	DueOn          calendar.Date // zero: no date
	DueAt          time.Time
	ClaimAt        time.Time
	Held           bool
	NotBefore      calendar.Date
	BoundAt        time.Time
	FloorOn        calendar.Date // nobody may delete it before; zero: no floor
	AbsoluteAt     time.Time     // from then on no hold counts; zero: holds always do
	CeilingAt      time.Time     // from then on it goes without a review
	Review         bool          // it waits until its list is approved, or for the ceiling
	Approved       bool
	PolicyVersion  string
	Declined       string
	OverdueBecause string // why it was past its date when the date became known
	Erased         Erased // what an order to erase says of it
	Alone          bool   // it is of one record, which has parted from the others
}

// Erased is an order to erase a unit before its period has ended; the zero one is none.
type Erased struct {
	Rule string // requirement of its ground
	On   calendar.Date
	At   time.Time
}

// Facts are the unit's own; that of the person stands with the person.
type Facts struct {
	Category, CaseType string
	CollectedOn        calendar.Date
	OwnOn              calendar.Date // contact ended, mail received, group ended, request received; zero: not yet
	ExtendedUntil      calendar.Date // of a single recording
	ReasonEndedOn      calendar.Date
	ClosedOn           calendar.Date // of its case; zero: open
}

const unitColumns = `authority, unit, holder, kind, key, partition, person, case_id, group_id,
	category, case_type, collected_on, own_on, extended_until, reason_ended_on, closed_on,
	state, rule, trigger, due_on, due_at, claim_at, held, not_before, bound_at, floor_on, absolute_at, ceiling_at, review, approved,
	policy_version, declined, overdue_because, erase_rule, erase_on, erase_at, alone`

func scanUnit(row pgx.CollectableRow) (Unit, error) {
	var u Unit
	var person, caseID, group *uuid.UUID
	var dueAt, claimAt, boundAt, absoluteAt, ceilingAt, eraseAt *time.Time
	err := row.Scan(&u.Authority, &u.ID, &u.Holder, &u.Kind, &u.Key, &u.Partition, &person, &caseID, &group,
		&u.Category, &u.CaseType, &u.CollectedOn, &u.OwnOn, &u.ExtendedUntil, &u.ReasonEndedOn, &u.ClosedOn,
		&u.State, &u.Rule, &u.Trigger, &u.DueOn, &dueAt, &claimAt, &u.Held, &u.NotBefore, &boundAt, &u.FloorOn, &absoluteAt, &ceilingAt,
		&u.Review, &u.Approved, &u.PolicyVersion, &u.Declined, &u.OverdueBecause,
		&u.Erased.Rule, &u.Erased.On, &eraseAt, &u.Alone)
	u.Person, u.Case, u.Group = orNil(person), orNil(caseID), orNil(group)
	u.DueAt, u.ClaimAt, u.BoundAt, u.AbsoluteAt, u.CeilingAt = utc(dueAt), utc(claimAt), utc(boundAt), utc(absoluteAt), utc(ceilingAt)
	u.Erased.At = utc(eraseAt)
	return u, err
}

func orNil(id *uuid.UUID) uuid.UUID {
	if id == nil {
		return uuid.Nil
	}
	return *id
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
		INSERT INTO unit (authority, unit, holder, kind, key, partition, person, case_id, group_id, state,
			category, case_type, collected_on, own_on, closed_on)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 'idle', $10, $11, $12, $13, $14) ON CONFLICT DO NOTHING`,
		u.Authority, u.ID, u.Holder, u.Kind, u.Key, u.Partition, known(u.Person), known(u.Case), known(u.Group),
		u.Category, u.CaseType, u.CollectedOn, u.OwnOn, u.ClosedOn)
	if err != nil {
		return false, fmt.Errorf("add unit %s: %w", u.ID, err)
	}
	return tag.RowsAffected() == 1, nil
}

// LockUnitsOfPerson locks and reads a person's units that are not disposed of.
func LockUnitsOfPerson(ctx context.Context, tx pgx.Tx, authority string, person uuid.UUID) ([]Unit, error) {
	return units(ctx, tx, `authority = $1 AND person = $2 AND state <> 'disposed' ORDER BY unit FOR UPDATE`, authority, person)
}

// LockUnitsOfGroup locks and reads the units of a group's participants that are not disposed of.
func LockUnitsOfGroup(ctx context.Context, tx pgx.Tx, authority string, group uuid.UUID) ([]Unit, error) {
	return units(ctx, tx, `authority = $1 AND group_id = $2 AND state <> 'disposed' ORDER BY unit FOR UPDATE`, authority, group)
}

// LockUnits locks and reads the units with these ids.
func LockUnits(ctx context.Context, tx pgx.Tx, authority string, ids []uuid.UUID) ([]Unit, error) {
	return units(ctx, tx, `authority = $1 AND unit = ANY($2) ORDER BY unit FOR UPDATE`, authority, ids)
}

// LockUnit locks and reads one unit; ok is false for one never heard of.
func LockUnit(ctx context.Context, tx pgx.Tx, authority string, id uuid.UUID) (u Unit, ok bool, err error) {
	found, err := LockUnits(ctx, tx, authority, []uuid.UUID{id})
	if err != nil || len(found) == 0 {
		return Unit{}, false, err
	}
	return found[0], true, nil
}

// ShareOf locks and reads the unit of a person's share of a case; ok is false where nobody has told of one, or all of it is
// gone.
func ShareOf(ctx context.Context, tx pgx.Tx, authority string, person, caseID uuid.UUID) (u Unit, ok bool, err error) {
	found, err := units(ctx, tx, `authority = $1 AND person = $2 AND case_id = $3 AND category = 'case.file' FOR UPDATE`, authority, person, caseID)
	if err != nil || len(found) == 0 {
		return Unit{}, false, err
	}
	return found[0], true, nil
}

// LockUnitsAfter locks and reads an authority's next living units in the order of their ids.
func LockUnitsAfter(ctx context.Context, tx pgx.Tx, authority string, after uuid.UUID, limit int) ([]Unit, error) {
	return units(ctx, tx, `authority = $1 AND unit > $2 AND state <> 'disposed' ORDER BY unit LIMIT $3 FOR UPDATE`, authority, after, limit)
}

// UnitsOfRecord reads the units that a record belongs to: one, or one for each person who shares it.
func UnitsOfRecord(ctx context.Context, tx pgx.Tx, authority string, record uuid.UUID) ([]Unit, error) {
	return units(ctx, tx, `authority = $1 AND unit IN (SELECT unit FROM record WHERE authority = $1 AND record = $2) ORDER BY unit`,
		authority, record)
}

// SetFacts writes what has become known of a unit.
func SetFacts(ctx context.Context, tx pgx.Tx, u Unit) error {
	_, err := tx.Exec(ctx, `
		UPDATE unit SET own_on = $3, extended_until = $4, reason_ended_on = $5, closed_on = $6 WHERE authority = $1 AND unit = $2`,
		u.Authority, u.ID, u.OwnOn, u.ExtendedUntil, u.ReasonEndedOn, u.ClosedOn)
	if err != nil {
		return fmt.Errorf("save facts of unit %s: %w", u.ID, err)
	}
	return nil
}

// SetClosed writes the day on which a case is closed, or none, for all that a person has in it.
func SetClosed(ctx context.Context, tx pgx.Tx, authority string, person, caseID uuid.UUID, on calendar.Date) error {
	_, err := tx.Exec(ctx, `
		UPDATE unit SET closed_on = $4 WHERE authority = $1 AND person = $2 AND case_id = $3 AND state <> 'disposed'`,
		authority, person, caseID, on)
	if err != nil {
		return fmt.Errorf("close case %s: %w", caseID, err)
	}
	return nil
}

// SetDue writes when a unit is due, or that it is not: state, rule, dates, bounds. An approval of the list that it stood on
// does not outlast its date.
func SetDue(batch *pgx.Batch, u Unit) {
	batch.Queue(`
		UPDATE unit SET state = $3, rule = $4, trigger = $5, due_on = $6, due_at = $7, claim_at = $8, not_before = $9,
			bound_at = $10, bound_alarm = bound_alarm AND bound_at IS NOT DISTINCT FROM $10, policy_version = $11,
			floor_on = $12, absolute_at = $13, ceiling_at = $14, review = $15, approved = approved AND due_on IS NOT DISTINCT FROM $6,
			overdue_because = $16
		WHERE authority = $1 AND unit = $2`,
		u.Authority, u.ID, u.State, u.Rule, u.Trigger, u.DueOn, instant(u.DueAt), instant(u.ClaimAt), u.NotBefore,
		instant(u.BoundAt), u.PolicyVersion, u.FloorOn, instant(u.AbsoluteAt), instant(u.CeilingAt), u.Review, u.OverdueBecause)
}
