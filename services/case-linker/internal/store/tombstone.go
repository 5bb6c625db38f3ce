package store

import (
	"context"

	"github.com/google/uuid"
)

// Buried says that a record, person or case with this id was here and is disposed of.
func Buried(ctx context.Context, db DB, authority string, id uuid.UUID) (yes bool, err error) {
	err = db.QueryRow(ctx, `SELECT EXISTS (SELECT 1 FROM tombstone WHERE authority = $1 AND id = $2)`, authority, id).Scan(&yes)
	return yes, err
}

// NumberBuried says that a case with this number was here and is disposed of.
func NumberBuried(ctx context.Context, db DB, authority string, mac []byte) (yes bool, err error) {
	err = db.QueryRow(ctx, `SELECT EXISTS (SELECT 1 FROM tombstone WHERE authority = $1 AND number_mac = $2)`, authority, mac).Scan(&yes)
	return yes, err
}
