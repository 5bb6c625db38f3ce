package store

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
)

// AllLinked locks and returns linked rows of an authority, at most limit.
func AllLinked(ctx context.Context, tx pgx.Tx, authority string, limit int) ([]Kept, error) {
	rows, err := tx.Query(ctx, `SELECT `+rowColumns+` FROM statistics_row WHERE authority = $1 AND state = 'linked' ORDER BY id LIMIT $2 FOR UPDATE`, authority, limit)
	if err != nil {
		return nil, fmt.Errorf("read linked rows: %w", err)
	}
	return pgx.CollectRows(rows, scanRow)
}

// AllUses are the units of all keys in use, each with its authority.
func AllUses(ctx context.Context, q Querier) (authorities []string, units []uuid.UUID, err error) {
	rows, err := q.Query(ctx, `SELECT authority, unit FROM key_use`)
	if err != nil {
		return nil, nil, fmt.Errorf("read uses of keys: %w", err)
	}
	var authority string
	var unit uuid.UUID
	_, err = pgx.ForEachRow(rows, []any{&authority, &unit}, func() error {
		authorities, units = append(authorities, authority), append(units, unit)
		return nil
	})
	return authorities, units, err
}

// DropUses forgets keys that are destroyed, and the rows of an epoch whose key is: they had their ten years.
func DropUses(ctx context.Context, tx pgx.Tx, units []uuid.UUID) error {
	for _, statement := range []string{
		`DELETE FROM statistics_row r USING key_use u WHERE u.unit = ANY($1) AND u.purpose = 'epoch' AND r.authority = u.authority AND r.epoch = u.period::int`,
		`DELETE FROM key_use WHERE unit = ANY($1)`,
	} {
		if _, err := tx.Exec(ctx, statement, units); err != nil {
			return fmt.Errorf("drop uses of destroyed keys: %w", err)
		}
	}
	return nil
}

// PublishAllAnew has every row of an authority published again: its stream begins empty.
func PublishAllAnew(ctx context.Context, tx pgx.Tx, authority string, at time.Time) error {
	_, err := tx.Exec(ctx, `UPDATE statistics_row SET event = gen_random_uuid(), publish_at = $2 WHERE authority = $1 AND publish_at IS NULL`, authority, at)
	if err != nil {
		return fmt.Errorf("publish all rows anew: %w", err)
	}
	return nil
}
