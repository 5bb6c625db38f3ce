package store_test

import (
	"testing"

	"github.com/jackc/pgx/v5"

	"gallra.se/libs/pg"
	"gallra.se/services/ledger/internal/store"
	"gallra.se/services/ledger/receipt"
)

// BenchmarkAppend appends leaves in transactions of the size that a bulk event
// has; the floor is the same rows inserted without any tree.
func BenchmarkAppend(b *testing.B) {
	for name, work := range map[string]func(*testing.B, pgx.Tx, int) error{
		"leaves": func(b *testing.B, tx pgx.Tx, n int) error {
			leaves := make([]receipt.Leaf, 500)
			for i := range leaves {
				leaves[i] = leafOf(n*500 + i)
			}
			_, err := store.Append(b.Context(), tx, leaves)
			return err
		},
		"floor": func(b *testing.B, tx pgx.Tx, n int) error {
			_, err := tx.Exec(b.Context(), `INSERT INTO leaf SELECT $1::bigint * 500 + i, 'x', gen_random_uuid(), 'a', 'r', repeat('t', 420) FROM generate_series(1, 500) AS i`, n)
			return err
		},
	} {
		b.Run(name, func(b *testing.B) {
			db := database(b)
			if err := pg.Tx(b.Context(), db, func(tx pgx.Tx) error {
				_, err := store.PublicKeyOf(b.Context(), tx, "key")
				return err
			}); err != nil {
				b.Fatal(err)
			}
			n := 0
			for b.Loop() {
				n++
				if err := pg.Tx(b.Context(), db, func(tx pgx.Tx) error { return work(b, tx, n) }); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(b.N)*500/b.Elapsed().Seconds(), "leaves/s")
		})
	}
}
