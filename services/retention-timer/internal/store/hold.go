package store

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
)

// Hold keeps whatever its target covers from being destroyed.
type Hold struct {
	Authority  string     `json:"-"`
	ID         uuid.UUID  `json:"id"`
	Scope      string     `json:"scope"`
	Target     uuid.UUID  `json:"target"`
	Reason     string     `json:"reason"`
	PlacedAt   time.Time  `json:"placedAt"`
	ReviewAt   time.Time  `json:"reviewAt"`
	ReleasedAt *time.Time `json:"releasedAt,omitempty"`
	Blind      bool       `json:"-"` // placed by somebody from whom the target is hidden, and who sees nothing but the hold
}

const holdColumns = `authority, hold, scope, target, reason, placed_at, review_at, released_at, blind`

func scanHold(row pgx.CollectableRow) (Hold, error) {
	var h Hold
	err := row.Scan(&h.Authority, &h.ID, &h.Scope, &h.Target, &h.Reason, &h.PlacedAt, &h.ReviewAt, &h.ReleasedAt, &h.Blind)
	h.PlacedAt, h.ReviewAt = h.PlacedAt.UTC(), h.ReviewAt.UTC()
	return h, err
}

// PlaceHold writes a hold; where one with the same scope, target and reason is active, that one gets the new review date,
// its alarm is closed, and it is returned.
func PlaceHold(ctx context.Context, tx pgx.Tx, h Hold) (Hold, error) {
	rows, err := tx.Query(ctx, `
		INSERT INTO hold (authority, hold, scope, target, reason, placed_at, review_at, blind) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
		ON CONFLICT (authority, target, scope, reason) WHERE released_at IS NULL DO UPDATE SET review_at = excluded.review_at, review_alarm = false,
			blind = hold.blind OR excluded.blind
		RETURNING `+holdColumns, h.Authority, h.ID, h.Scope, h.Target, h.Reason, h.PlacedAt, h.ReviewAt, h.Blind)
	if err != nil {
		return Hold{}, fmt.Errorf("place hold: %w", err)
	}
	placed, err := pgx.CollectExactlyOneRow(rows, scanHold)
	if err != nil {
		return Hold{}, fmt.Errorf("place hold: %w", err)
	}
	return placed, ClearAlarm(ctx, tx, h.Authority, ReviewDue, placed.ID.String())
}

// LockHold reads a hold and locks it.
func LockHold(ctx context.Context, tx pgx.Tx, authority string, id uuid.UUID) (h Hold, ok bool, err error) {
	rows, err := tx.Query(ctx, `SELECT `+holdColumns+` FROM hold WHERE authority = $1 AND hold = $2 FOR UPDATE`, authority, id)
	if err != nil {
		return Hold{}, false, fmt.Errorf("read hold %s: %w", id, err)
	}
	h, err = pgx.CollectExactlyOneRow(rows, scanHold)
	if errors.Is(err, pgx.ErrNoRows) {
		return Hold{}, false, nil
	}
	return h, err == nil, err
}

// ReleaseHold ends a hold.
func ReleaseHold(ctx context.Context, tx pgx.Tx, authority string, id uuid.UUID, at time.Time) error {
	_, err := tx.Exec(ctx, `UPDATE hold SET released_at = $3 WHERE authority = $1 AND hold = $2`, authority, id, at)
	if err != nil {
		return fmt.Errorf("release hold %s: %w", id, err)
	}
	return ClearAlarm(ctx, tx, authority, ReviewDue, id.String())
}

// HoldsOf reads the active holds that cover a unit by one of these targets: a record of it, its case, its person. The target
// alone does not say that: an identity's record bears its person's id, and a hold on it covers no case of the person.
func HoldsOf(ctx context.Context, tx pgx.Tx, authority string, unit uuid.UUID, targets ...uuid.UUID) ([]Hold, error) {
	return holdsOf(ctx, tx, covers, "", authority, unit, targets)
}

// LockHoldsOf is HoldsOf for a unit that is new here: a release waits until the unit can be seen, or is over before it is looked for.
// Else it would pass by a unit that is told to be held, which nobody then lets go.
func LockHoldsOf(ctx context.Context, tx pgx.Tx, authority string, unit uuid.UUID, targets ...uuid.UUID) ([]Hold, error) {
	return holdsOf(ctx, tx, covers, "FOR SHARE OF h", authority, unit, targets)
}

func holdsOf(ctx context.Context, tx pgx.Tx, which, locked, authority string, unit uuid.UUID, targets []uuid.UUID) ([]Hold, error) {
	rows, err := tx.Query(ctx, `
		SELECT h.authority, h.hold, h.scope, h.target, h.reason, h.placed_at, h.review_at, h.released_at, h.blind
		FROM unit AS u JOIN hold AS h ON `+which+`
		WHERE u.authority = $1 AND u.unit = $2 AND h.target = ANY($3) ORDER BY h.placed_at, h.hold `+locked, authority, unit, targets)
	if err != nil {
		return nil, fmt.Errorf("read holds of unit %s: %w", unit, err)
	}
	return pgx.CollectRows(rows, scanHold)
}

// HoldsOn reads the active holds on any of these records, whatever unit they are in.
func HoldsOn(ctx context.Context, tx pgx.Tx, authority string, targets ...uuid.UUID) ([]Hold, error) {
	rows, err := tx.Query(ctx, `
		SELECT `+holdColumns+` FROM hold WHERE authority = $1 AND target = ANY($2) AND released_at IS NULL ORDER BY placed_at, hold`,
		authority, targets)
	if err != nil {
		return nil, fmt.Errorf("read holds: %w", err)
	}
	return pgx.CollectRows(rows, scanHold)
}

// covers is true of an active hold h and a unit u that it covers.
const covers = reaches + ` AND h.released_at IS NULL`

// reaches is true of a hold h, released or not, and a unit u that its scope and target reach.
const reaches = `h.authority = u.authority AND (
	(h.scope = 'person' AND h.target = u.person) OR (h.scope = 'case' AND h.target = u.case_id) OR
	(h.scope = 'record' AND h.target IN (SELECT r.record FROM record AS r WHERE r.authority = u.authority AND r.unit = u.unit)))`

// held is true of a unit u that an active hold covers: covers, in parts that each find theirs by the index of targets. The
// sweep asks it of every unit that is due.
const held = `(
	EXISTS (SELECT FROM hold AS h WHERE h.authority = u.authority AND h.released_at IS NULL AND h.scope = 'person' AND h.target = u.person OFFSET 0) OR
	EXISTS (SELECT FROM hold AS h WHERE h.authority = u.authority AND h.released_at IS NULL AND h.scope = 'case' AND h.target = u.case_id OFFSET 0) OR
	EXISTS (SELECT FROM record AS r JOIN hold AS h ON h.authority = r.authority AND h.target = r.record AND h.scope = 'record' AND h.released_at IS NULL
		WHERE r.authority = u.authority AND r.unit = u.unit OFFSET 0))`

// LockCovered locks and reads the units that a hold with this scope and target covers, disposed ones too.
func LockCovered(ctx context.Context, tx pgx.Tx, authority, scope string, target uuid.UUID) ([]Unit, error) {
	where := map[string]string{
		"person": `person = $2`,
		"case":   `case_id = $2`,
		"record": `unit IN (SELECT unit FROM record WHERE authority = $1 AND record = $2)`,
	}[scope]
	return units(ctx, tx, `authority = $1 AND `+where+` ORDER BY unit FOR UPDATE`, authority, target)
}

// Held tells which of these units an active hold still covers.
func Held(ctx context.Context, tx pgx.Tx, authority string, ids []uuid.UUID) (map[uuid.UUID]bool, error) {
	rows, err := tx.Query(ctx, `SELECT u.unit FROM unit AS u WHERE u.authority = $1 AND u.unit = ANY($2) AND `+held, authority, ids)
	if err != nil {
		return nil, fmt.Errorf("read held units: %w", err)
	}
	found, err := pgx.CollectRows(rows, pgx.RowTo[uuid.UUID])
	still := make(map[uuid.UUID]bool, len(found))
	for _, id := range found {
		still[id] = true
	}
	return still, err
}

// SetHeld marks units as covered by a hold, or not any more.
func SetHeld(ctx context.Context, tx pgx.Tx, authority string, ids []uuid.UUID, held bool) error {
	_, err := tx.Exec(ctx, `UPDATE unit SET held = $3 WHERE authority = $1 AND unit = ANY($2)`, authority, ids, held)
	if err != nil {
		return fmt.Errorf("mark held units: %w", err)
	}
	return nil
}

// Standing is an active hold and what it covers.
type Standing struct {
	Hold      uuid.UUID `json:"hold"`
	Authority string    `json:"authority"`
	Scope     string    `json:"scope"`
	Target    uuid.UUID `json:"target"`
	Reason    string    `json:"reason"`
	PlacedAt  time.Time `json:"placedAt"`
	ReviewAt  time.Time `json:"reviewAt"`
	Units     int       `json:"units"`   // living ones
	Overdue   bool      `json:"overdue"` // its review is
}

// StandingHolds reads the active holds of one authority or, for "", of all, the earliest review first. What each covers is
// found by the index of its scope, never by looking at every unit. A hold on something hidden is not there, or covers nothing.
func StandingHolds(ctx context.Context, q Querier, authority string, now time.Time) ([]Standing, error) {
	rows, err := q.Query(ctx, `
		SELECT h.hold, h.authority, h.scope, h.target, h.reason, h.placed_at, h.review_at,
		       CASE WHEN x.hidden THEN 0 ELSE CASE h.scope
		       WHEN 'person' THEN (SELECT count(*) FROM unit AS u WHERE u.authority = h.authority AND u.person = h.target AND u.state <> 'disposed')
		       WHEN 'case' THEN (SELECT count(*) FROM unit AS u WHERE u.authority = h.authority AND u.case_id = h.target AND u.state <> 'disposed')
		       ELSE (SELECT count(*) FROM record AS r JOIN unit AS u ON u.authority = r.authority AND u.unit = r.unit
		             WHERE r.authority = h.authority AND r.record = h.target AND u.state <> 'disposed') END END,
		       h.review_at <= $2
		FROM hold AS h CROSS JOIN LATERAL (SELECT NOT $3 AND `+hiddenTarget+` AS hidden) AS x
		WHERE h.released_at IS NULL AND $1 IN ('', h.authority) AND (h.blind OR NOT x.hidden) ORDER BY h.review_at, h.hold`, authority, now, Sees(ctx))
	if err != nil {
		return nil, fmt.Errorf("read holds: %w", err)
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (Standing, error) {
		s, err := pgx.RowToStructByPos[Standing](row)
		s.PlacedAt, s.ReviewAt = s.PlacedAt.UTC(), s.ReviewAt.UTC()
		return s, err
	})
}

// NextReview is the earliest review of a hold that nobody has been alarmed about.
func NextReview(ctx context.Context, q Querier) (at time.Time, ok bool, err error) {
	var first *time.Time
	if err = q.QueryRow(ctx, `SELECT min(review_at) FROM hold WHERE released_at IS NULL AND NOT review_alarm`).Scan(&first); err != nil {
		return time.Time{}, false, fmt.Errorf("read next review of a hold: %w", err)
	}
	return utc(first), first != nil, nil
}

// RaiseReviews opens an alarm for every hold whose review is due. The hold stays.
func RaiseReviews(ctx context.Context, tx pgx.Tx, now time.Time) error {
	_, err := tx.Exec(ctx, `
		WITH unreviewed AS (
			UPDATE hold SET review_alarm = true WHERE released_at IS NULL AND NOT review_alarm AND review_at <= $1
			RETURNING authority, hold)
		INSERT INTO alarm (authority, name, subject, raised_at)
		SELECT authority, $2, hold::text, $1 FROM unreviewed ON CONFLICT DO NOTHING`, now, ReviewDue)
	if err != nil {
		return fmt.Errorf("raise alarms of holds to review: %w", err)
	}
	return nil
}

// HoldsEver is HoldsOf with the holds that were released.
func HoldsEver(ctx context.Context, tx pgx.Tx, authority string, unit uuid.UUID, targets ...uuid.UUID) ([]Hold, error) {
	return holdsOf(ctx, tx, reaches, "", authority, unit, targets)
}

// forgetHolds drops the released holds of which nothing lives that they reached, once these units ($2) are disposed of.
const forgetHolds = `
	DELETE FROM hold AS h WHERE h.authority = $1 AND h.released_at IS NOT NULL AND (
	  (h.scope = 'record' AND h.target IN (SELECT r.record FROM record AS r WHERE r.authority = $1 AND r.unit = ANY($2)
	    AND NOT EXISTS (SELECT FROM record AS o JOIN unit AS u ON u.authority = o.authority AND u.unit = o.unit
	      WHERE o.authority = r.authority AND o.record = r.record AND u.state <> 'disposed'))) OR
	  (h.scope = 'person' AND h.target IN (SELECT g.person FROM unit AS g WHERE g.authority = $1 AND g.unit = ANY($2)
	    AND NOT EXISTS (SELECT FROM unit AS u WHERE u.authority = g.authority AND u.person = g.person AND u.state <> 'disposed'))) OR
	  (h.scope = 'case' AND h.target IN (SELECT g.case_id FROM unit AS g WHERE g.authority = $1 AND g.unit = ANY($2)
	    AND NOT EXISTS (SELECT FROM unit AS u WHERE u.authority = g.authority AND u.case_id = g.case_id AND u.state <> 'disposed'))))`
