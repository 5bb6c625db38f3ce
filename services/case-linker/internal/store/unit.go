package store

import (
	"context"
	"fmt"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
)

// Alive tells which units have a person, a share, notes of their own or an account of staff.
func Alive(db DB) func(ctx context.Context, authority string, units []uuid.UUID) ([]uuid.UUID, error) {
	return func(ctx context.Context, authority string, units []uuid.UUID) ([]uuid.UUID, error) {
		rows, err := db.Query(ctx, `
			SELECT person FROM person WHERE authority = $1 AND person = ANY($2)
			UNION ALL SELECT share FROM share WHERE authority = $1 AND share = ANY($2)
			UNION ALL SELECT unit FROM note_unit WHERE authority = $1 AND unit = ANY($2)
			UNION ALL SELECT staff FROM staff WHERE authority = $1 AND staff = ANY($2)`, authority, units)
		if err != nil {
			return nil, fmt.Errorf("look for rows of units: %w", err)
		}
		return pgx.CollectRows(rows, pgx.RowTo[uuid.UUID])
	}
}

// Concerned are the persons whom units are about, without a lock, and the shares that they are or lie beside.
func Concerned(ctx context.Context, tx pgx.Tx, authority string, units []uuid.UUID) (persons, shares []uuid.UUID, err error) {
	rows, err := tx.Query(ctx, `
		SELECT person, share FROM share WHERE authority = $1 AND share = ANY($2)
		UNION ALL SELECT person, share FROM note_unit WHERE authority = $1 AND unit = ANY($2)`, authority, units)
	if err != nil {
		return nil, nil, fmt.Errorf("look whom units are about: %w", err)
	}
	var person, share uuid.UUID
	_, err = pgx.ForEachRow(rows, []any{&person, &share}, func() error {
		persons, shares = append(persons, person), append(shares, share)
		return nil
	})
	return persons, shares, err
}
