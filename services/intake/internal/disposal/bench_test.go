package disposal_test

import (
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"gallra.se/libs/pg"
)

// BenchmarkDisposals is a worker's work by how much is due at once: keys destroyed with one rotation, rows deleted, events
// appended. The floor beside it is the fewest statements by which rows go from two databases: one DELETE in each, committed.
func BenchmarkDisposals(b *testing.B) {
	for _, batch := range []int{1, 50, 500, 5000} {
		b.Run(fmt.Sprint(batch), func(b *testing.B) {
			h := newHome(b)
			var ours, floor time.Duration
			for b.Loop() {
				b.StopTimer()
				h.commits(b, batch)
				b.StartTimer()
				start := time.Now()
				must(b, h.worker("").Run(b.Context()))
				ours += time.Since(start)
				b.StopTimer()
				floor += h.byHand(b, batch)
				b.StartTimer()
			}
			each := float64(b.N * batch)
			b.ReportMetric(each/ours.Seconds(), "disposals/s")
			b.ReportMetric(each/floor.Seconds(), "floor/s")
			b.ReportMetric(floor.Seconds()/ours.Seconds(), "of-floor")
			b.ReportMetric(0, "ns/op")
		})
	}
}

// commits is so many contacts whose disposal is committed, eight at a time.
func (h home) commits(b *testing.B, n int) {
	left := make(chan struct{}, n)
	for range n {
		left <- struct{}{}
	}
	close(left)
	var all sync.WaitGroup
	for range min(8, n) {
		all.Go(func() {
			for range left {
				h.committed(b)
			}
		})
	}
	all.Wait()
}

// byHand deletes as many rows of the same size from two databases, and says how long that took.
func (h home) byHand(b *testing.B, n int) time.Duration {
	for _, db := range []*pgxpool.Pool{h.db, h.keys} {
		_, err := db.Exec(b.Context(), `CREATE TABLE IF NOT EXISTS by_hand (id bigint PRIMARY KEY, text bytea)`)
		must(b, err)
		_, err = db.Exec(b.Context(), `INSERT INTO by_hand SELECT i, decode(repeat('00', 400), 'hex') FROM generate_series(1, $1) AS i`, n)
		must(b, err)
	}
	start := time.Now()
	for _, db := range []*pgxpool.Pool{h.keys, h.db} {
		must(b, pg.Tx(b.Context(), db, func(tx pgx.Tx) error {
			_, err := tx.Exec(b.Context(), `DELETE FROM by_hand`)
			return err
		}))
	}
	return time.Since(start)
}
