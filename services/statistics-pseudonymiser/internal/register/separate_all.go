package register

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"gallra.se/libs/pg"
	"gallra.se/services/statistics-pseudonymiser/internal/keys"
	"gallra.se/services/statistics-pseudonymiser/internal/store"
)

const separateAtOnce = 500

// SeparateAll cuts every row off, as of an instant: in a store that came out of a backup nobody can tell which rows were
// separated since, so none may be linked again. Their ten years count from the backup, so that no row stays longer than
// it would have; a case that is closed anew makes a new row. It may be called again.
func (r *Register) SeparateAll(ctx context.Context, db *pgxpool.Pool, asOf time.Time) error {
	for _, authority := range r.Policy.Authorities() {
		pack, _ := r.Policy.Pack(authority)
		if err := r.ready(ctx, authority, keys.DayOf(authority, pack.Today(r.Business.Now()))); err != nil {
			return err
		}
		for n := separateAtOnce; n == separateAtOnce; {
			err := pg.Tx(ctx, db, func(tx pgx.Tx) error {
				linked, err := store.AllLinked(ctx, tx, authority, separateAtOnce)
				if n = len(linked); err != nil {
					return err
				}
				d := &desk{Register: r, ctx: ctx, tx: tx, pack: pack, authority: authority, now: r.Business.Now()}
				for _, kept := range linked {
					if err := d.separateFrom(kept, pack.Today(asOf), pack.Today(d.now)); err != nil {
						return err
					}
				}
				return nil
			})
			if err != nil {
				return err
			}
		}
	}
	return nil
}
