package store

import (
	"context"
	"errors"
	"fmt"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
)

// Tombstone is what is left of a record, person or case that is disposed of.
type Tombstone struct {
	Found     bool
	Protected bool // it is one for appointed officers alone
}

// Buried says whether a record, person or case with this id was here and is disposed of.
func Buried(ctx context.Context, db DB, authority string, id uuid.UUID) (Tombstone, error) {
	return tombstone(ctx, db, `SELECT protected FROM tombstone WHERE authority = $1 AND id = $2`, authority, id)
}

// NumberBuried says whether a case with this number was here and is disposed of.
func NumberBuried(ctx context.Context, db DB, authority string, mac []byte) (Tombstone, error) {
	return tombstone(ctx, db, `SELECT protected FROM tombstone WHERE authority = $1 AND number_mac = $2`, authority, mac)
}

func tombstone(ctx context.Context, db DB, sql string, args ...any) (t Tombstone, err error) {
	err = db.QueryRow(ctx, sql, args...).Scan(&t.Protected)
	switch {
	case errors.Is(err, pgx.ErrNoRows):
		return Tombstone{}, nil
	case err != nil:
		return Tombstone{}, fmt.Errorf("look for tombstone: %w", err)
	}
	t.Found = true
	return t, nil
}
