package store

import (
	"context"
	"fmt"
	"math/rand/v2"

	"github.com/jackc/pgx/v5"

	"gallra.se/libs/bus"
)

// Slot is one of the rows that a counter is spread over. Whoever applies events in large transactions counts in the slot of
// the event's partition, which no other instance applies: in slots taken at random two would wait for each other in a
// circle. Single lines, which end at once, take any of the others.
type Slot int

// SlotOf is the slot of a partition.
func SlotOf(partition int) Slot { return Slot(partition) }

// AnySlot is one for a single line.
func AnySlot() Slot { return Slot(bus.Partitions + rand.IntN(16)) }

// Count raises an anonymous counter in the transaction of what is counted.
func Count(ctx context.Context, tx pgx.Tx, authority, name string, slot Slot, by int) error {
	_, err := tx.Exec(ctx, `
		INSERT INTO counter AS c (authority, name, slot, n) VALUES ($1, $2, $3, $4)
		ON CONFLICT (authority, name, slot) DO UPDATE SET n = c.n + excluded.n`, authority, name, slot, by)
	if err != nil {
		return fmt.Errorf("count %s: %w", name, err)
	}
	return nil
}

// Counters are all counters, summed over authorities.
func Counters(ctx context.Context, db DB) (map[string]int64, error) {
	rows, err := db.Query(ctx, `SELECT name, sum(n)::bigint FROM counter GROUP BY name`)
	if err != nil {
		return nil, err
	}
	return collect(rows)
}

// Living counts what is held by category, what is decided to go left out. A note about several persons is as many records
// as it has parts: each goes by itself, with a receipt of its own.
func Living(ctx context.Context, db DB) (map[string]int64, error) {
	rows, err := db.Query(ctx, `
		SELECT $1::text, count(*) FROM person WHERE NOT intended
		UNION ALL SELECT $2, count(DISTINCT (authority, case_id)) FROM share WHERE NOT intended
		UNION ALL SELECT n.category, count(*) FROM note AS n
			LEFT JOIN share AS s ON s.authority = n.authority AND s.share = n.goes_with
			LEFT JOIN note_unit AS u ON u.authority = n.authority AND u.unit = n.goes_with
			WHERE NOT coalesce(s.intended, u.intended, true) GROUP BY n.category`,
		CategoryIdentity, CategoryFile)
	if err != nil {
		return nil, err
	}
	return collect(rows)
}

func collect(rows pgx.Rows) (map[string]int64, error) {
	out := map[string]int64{}
	var name string
	var n int64
	_, err := pgx.ForEachRow(rows, []any{&name, &n}, func() error {
		if n > 0 {
			out[name] = n
		}
		return nil
	})
	return out, err
}
