package store

import (
	"context"
	"fmt"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"gallra.se/libs/calendar"
)

// Share is what is known of a person's share of a case.
type Share struct {
	Unit     uuid.UUID
	Case     uuid.UUID
	OpenedOn calendar.Date
	ClosedOn calendar.Date // zero while open
}

// AddShare writes a share that was opened; one that is known already stays as it is.
func AddShare(ctx context.Context, tx pgx.Tx, authority string, person uuid.UUID, s Share) error {
	_, err := tx.Exec(ctx, `
		INSERT INTO share_fact (authority, unit, person, case_id, opened_on) VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT DO NOTHING`, authority, s.Unit, person, s.Case, s.OpenedOn)
	if err != nil {
		return fmt.Errorf("add share %s: %w", s.Unit, err)
	}
	return nil
}

// CloseShare writes the day on which the share's case is closed; the zero Date opens it again. ok is false for a share
// that is not known, or not any more.
func CloseShare(ctx context.Context, tx pgx.Tx, authority string, unit uuid.UUID, on calendar.Date) (ok bool, err error) {
	tag, err := tx.Exec(ctx, `UPDATE share_fact SET closed_on = $3 WHERE authority = $1 AND unit = $2`, authority, unit, on)
	if err != nil {
		return false, fmt.Errorf("close share %s: %w", unit, err)
	}
	return tag.RowsAffected() == 1, nil
}

// SharesOf reads a person's shares that are not disposed of, by unit.
func SharesOf(ctx context.Context, tx pgx.Tx, authority string, person uuid.UUID) (map[uuid.UUID]Share, error) {
	rows, err := tx.Query(ctx, `
		SELECT unit, case_id, opened_on, closed_on FROM share_fact WHERE authority = $1 AND person = $2`, authority, person)
	if err != nil {
		return nil, fmt.Errorf("read shares of %s: %w", person, err)
	}
	shares := map[uuid.UUID]Share{}
	var s Share
	_, err = pgx.ForEachRow(rows, []any{&s.Unit, &s.Case, &s.OpenedOn, &s.ClosedOn}, func() error {
		shares[s.Unit] = s
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("read shares of %s: %w", person, err)
	}
	return shares, nil
}
