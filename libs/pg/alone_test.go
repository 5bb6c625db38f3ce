package pg_test

import (
	"context"
	"sync"
	"sync/atomic"
	"testing"

	"gallra.se/libs/pg"
	"gallra.se/libs/pg/pgtest"
)

func TestOneAtATimeIsAloneAndACrashGivesTheTurnToTheNext(t *testing.T) {
	t.Parallel()
	url := pgtest.New(t)
	var at, turns atomic.Int64
	var all sync.WaitGroup
	for range 3 { // instances
		pool, err := pg.Open(t.Context(), url, pg.MaxConns(4))
		if err != nil {
			t.Fatal(err)
		}
		defer pool.Close()
		all.Go(func() {
			for range 20 {
				err := pg.Alone(t.Context(), pool, 7, func(ctx context.Context) error {
					if at.Add(1) > 1 {
						t.Error("two at a time")
					}
					_, err := pool.Exec(ctx, `SELECT 1`)
					turns.Add(1)
					at.Add(-1)
					return err
				})
				if err != nil {
					t.Error(err)
				}
			}
		})
		all.Go(func() {
			ctx, crash := context.WithCancel(t.Context())
			_ = pg.Alone(ctx, pool, 7, func(context.Context) error { crash(); return nil })
		})
	}
	all.Wait()
	if n := turns.Load(); n != 60 {
		t.Errorf("%d turns", n)
	}
}
