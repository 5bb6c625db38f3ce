package store

import (
	"context"
	"errors"
	"fmt"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
)

// Link notes that the contact's note lies in a case.
func Link(ctx context.Context, tx pgx.Tx, authority string, contact, caseID uuid.UUID) error {
	_, err := tx.Exec(ctx, `UPDATE contact SET linked_case = $3 WHERE authority = $1 AND id = $2`, authority, contact, caseID)
	if err != nil {
		return fmt.Errorf("link contact %s: %w", contact, err)
	}
	return nil
}

// FindUnit returns the unit of a living contact; found is false when it is gone.
func FindUnit(ctx context.Context, db Querier, authority string, contact uuid.UUID) (unit uuid.UUID, found bool, err error) {
	return unitOf(ctx, db, `SELECT unit FROM contact WHERE authority = $1 AND id = $2`, authority, contact)
}

// LockUnit is FindUnit, and keeps the contact as it is until tx ends.
func LockUnit(ctx context.Context, tx pgx.Tx, authority string, contact uuid.UUID) (unit uuid.UUID, found bool, err error) {
	return unitOf(ctx, tx, `SELECT unit FROM contact WHERE authority = $1 AND id = $2 FOR UPDATE`, authority, contact)
}

func unitOf(ctx context.Context, db Querier, sql, authority string, contact uuid.UUID) (unit uuid.UUID, found bool, err error) {
	err = db.QueryRow(ctx, sql, authority, contact).Scan(&unit)
	if errors.Is(err, pgx.ErrNoRows) {
		return uuid.Nil, false, nil
	}
	if err != nil {
		return uuid.Nil, false, fmt.Errorf("find unit of contact %s: %w", contact, err)
	}
	return unit, true, nil
}

// KeepUnlinked stores a note without a case with its contact; box may be nil.
func KeepUnlinked(ctx context.Context, tx pgx.Tx, authority string, contact uuid.UUID, box []byte, reason string) error {
	_, err := tx.Exec(ctx, `UPDATE contact SET unlinked = $3, unlinked_reason = $4 WHERE authority = $1 AND id = $2`, authority, contact, box, reason)
	if err != nil {
		return fmt.Errorf("keep unlinked note of contact %s: %w", contact, err)
	}
	return nil
}
