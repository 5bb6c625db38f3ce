package store

import (
	"context"
	"fmt"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
)

// Concealed says of which of these leaves' records the receipts are for appointed officers alone.
func Concealed(ctx context.Context, q Querier, leaves []Leaf) (map[uuid.UUID]bool, error) {
	records := make([]uuid.UUID, len(leaves))
	for i, l := range leaves {
		records[i] = l.Record
	}
	rows, err := q.Query(ctx, `SELECT record FROM concealed WHERE record = ANY($1)`, records)
	if err != nil {
		return nil, fmt.Errorf("look for concealed records: %w", err)
	}
	hidden := map[uuid.UUID]bool{}
	var record uuid.UUID
	if _, err := pgx.ForEachRow(rows, []any{&record}, func() error { hidden[record] = true; return nil }); err != nil {
		return nil, fmt.Errorf("look for concealed records: %w", err)
	}
	return hidden, nil
}
