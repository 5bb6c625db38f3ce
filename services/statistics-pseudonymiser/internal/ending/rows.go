package ending

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"gallra.se/libs/pg"
	"gallra.se/services/statistics-pseudonymiser/internal/publish/subject"
	"gallra.se/services/statistics-pseudonymiser/internal/store"
)

// rows deletes what is due; the stream is purged after the commit.
func (e *Ending) rows(ctx context.Context, now time.Time) error {
	const atOnce = 500
	for {
		n := 0
		err := pg.Tx(ctx, e.DB, func(tx pgx.Tx) error {
			due, err := store.Due(ctx, tx, now, atOnce)
			n = len(due)
			for _, k := range due {
				if err == nil {
					err = e.row(ctx, tx, k)
				}
			}
			return err
		})
		if err != nil {
			return fmt.Errorf("end rows: %w", err)
		}
		if n > 0 {
			e.Purge()
		}
		if n < atOnce {
			return nil
		}
	}
}

func (e *Ending) row(ctx context.Context, tx pgx.Tx, k store.Kept) error {
	if err := store.Delete(ctx, tx, k.ID); err != nil {
		return err
	}
	if err := store.AddPurges(ctx, tx, subject.Of(k.Authority, k.Period, k.ID)); err != nil {
		return err
	}
	return store.Count(ctx, tx, k.Authority, 0, 1)
}
