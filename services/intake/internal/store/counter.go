package store

import (
	"context"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"

	"github.com/jackc/pgx/v5"
)

const shards = 16

// Count adds to counters. Names are locked in order, so two writers of the same
// shard wait and do not deadlock.
func Count(ctx context.Context, tx pgx.Tx, adds map[string]int64) error {
	if len(adds) == 0 {
		return nil
	}
	names := slices.Sorted(maps.Keys(adds))
	ns := make([]int64, len(names))
	for i, name := range names {
		ns[i] = adds[name]
	}
	_, err := tx.Exec(ctx, `
		INSERT INTO counter (name, shard, n)
		SELECT name, $3, n FROM unnest($1::text[], $2::bigint[]) AS a (name, n) ORDER BY name
		ON CONFLICT (name, shard) DO UPDATE SET n = counter.n + excluded.n`, names, ns, rand.IntN(shards))
	if err != nil {
		return fmt.Errorf("count: %w", err)
	}
	return nil
}

// Counters adds the shards up.
func Counters(ctx context.Context, db Querier) (map[string]int64, error) {
	rows, err := db.Query(ctx, `SELECT name, sum(n)::bigint FROM counter GROUP BY name`)
	if err != nil {
		return nil, fmt.Errorf("read counters: %w", err)
	}
	return counts(rows)
}
