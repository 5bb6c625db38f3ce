package store

import (
	"context"
	"fmt"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
)

// Doomed is a unit to be destroyed.
type Doomed struct {
	Unit      uuid.UUID
	Authority string
}

func doom(ctx context.Context, tx pgx.Tx, authority string, unit uuid.UUID) error {
	if _, err := tx.Exec(ctx, `INSERT INTO doomed_unit (unit, authority) VALUES ($1, $2)`, unit, authority); err != nil {
		return fmt.Errorf("doom unit: %w", err)
	}
	return nil
}

// AllDoomed is every unit to be destroyed.
func AllDoomed(ctx context.Context, q Querier) ([]Doomed, error) {
	rows, err := q.Query(ctx, `SELECT unit, authority FROM doomed_unit ORDER BY unit`)
	if err != nil {
		return nil, fmt.Errorf("read doomed units: %w", err)
	}
	return pgx.CollectRows(rows, pgx.RowToStructByPos[Doomed])
}

// Destroyed notes that units are no more.
func Destroyed(ctx context.Context, tx pgx.Tx, units []uuid.UUID) error {
	if _, err := tx.Exec(ctx, `DELETE FROM doomed_unit WHERE unit = ANY($1)`, units); err != nil {
		return fmt.Errorf("note destroyed units: %w", err)
	}
	return nil
}
