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
}

const holdColumns = `authority, hold, scope, target, reason, placed_at, review_at, released_at`

func scanHold(row pgx.CollectableRow) (Hold, error) {
	var h Hold
	err := row.Scan(&h.Authority, &h.ID, &h.Scope, &h.Target, &h.Reason, &h.PlacedAt, &h.ReviewAt, &h.ReleasedAt)
	h.PlacedAt, h.ReviewAt = h.PlacedAt.UTC(), h.ReviewAt.UTC()
	return h, err
}

// PlaceHold writes a hold; where one with the same scope, target and reason is active, that one gets the new review date
// and is returned.
func PlaceHold(ctx context.Context, tx pgx.Tx, h Hold) (Hold, error) {
	rows, err := tx.Query(ctx, `
		INSERT INTO hold (authority, hold, scope, target, reason, placed_at, review_at) VALUES ($1, $2, $3, $4, $5, $6, $7)
		ON CONFLICT (authority, target, scope, reason) WHERE released_at IS NULL DO UPDATE SET review_at = excluded.review_at
		RETURNING `+holdColumns, h.Authority, h.ID, h.Scope, h.Target, h.Reason, h.PlacedAt, h.ReviewAt)
	if err != nil {
		return Hold{}, fmt.Errorf("place hold: %w", err)
	}
	return pgx.CollectExactlyOneRow(rows, scanHold)
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
	return nil
}

// HoldsOn reads the active holds on any of these targets: a record, its case, its person.
func HoldsOn(ctx context.Context, tx pgx.Tx, authority string, targets ...uuid.UUID) ([]Hold, error) {
	rows, err := tx.Query(ctx, `
		SELECT `+holdColumns+` FROM hold WHERE authority = $1 AND target = ANY($2) AND released_at IS NULL ORDER BY placed_at, hold`,
		authority, targets)
	if err != nil {
		return nil, fmt.Errorf("read holds: %w", err)
	}
	return pgx.CollectRows(rows, scanHold)
}

// held is true of a unit u that an active hold covers.
const held = `EXISTS (
	SELECT 1 FROM hold AS h WHERE h.authority = u.authority AND h.released_at IS NULL AND (
		(h.scope = 'person' AND h.target = u.person) OR (h.scope = 'case' AND h.target = u.case_id) OR
		(h.scope = 'record' AND h.target IN (SELECT r.record FROM record AS r WHERE r.authority = u.authority AND r.unit = u.unit))))`

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
