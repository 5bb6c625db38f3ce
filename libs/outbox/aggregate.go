package outbox

import (
	"context"
	"sort"

	"github.com/jackc/pgx/v5"
)

// bump adds each key's count to its stored version and returns the new ones.
func bump(ctx context.Context, tx pgx.Tx, counts map[string]int64) (map[string]int64, error) {
	if len(counts) == 0 {
		return nil, nil
	}
	keys := make([]string, 0, len(counts))
	for k := range counts {
		keys = append(keys, k)
	}
	sort.Strings(keys)
	by := make([]int64, len(keys))
	for i, k := range keys {
		by[i] = counts[k]
	}
	rows, err := tx.Query(ctx, `
		INSERT INTO outbox_aggregate AS a (key, version)
		SELECT key, by FROM unnest($1::text[], $2::bigint[]) AS c(key, by) ORDER BY key
		ON CONFLICT (key) DO UPDATE SET version = a.version + excluded.version
		RETURNING key, version`, keys, by)
	if err != nil {
		return nil, err
	}
	tops := make(map[string]int64, len(keys))
	var key string
	var version int64
	_, err = pgx.ForEachRow(rows, []any{&key, &version}, func() error {
		tops[key] = version
		return nil
	})
	return tops, err
}
