// Package watch raises the alarms that no event raises: a producer that has fallen silent, a record that outlives the last
// day that law allows it, a hold whose review is due.
package watch

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"gallra.se/libs/clock"
	"gallra.se/libs/pg"
	"gallra.se/services/retention-timer/internal/store"
)

// Bounds drives the alarm of the statutory bound (L-01): one for every unit alive after its last day by law, at 00:00.
func Bounds(db *pgxpool.Pool) *clock.Agenda {
	return &clock.Agenda{
		Name: "statutory bound",
		Next: func(ctx context.Context) (time.Time, bool, error) { return store.NextBound(ctx, db) },
		Run: func(ctx context.Context, now time.Time) error {
			return pg.Tx(ctx, db, func(tx pgx.Tx) error { return store.RaiseBounds(ctx, tx, now) })
		},
	}
}

// Reviews drives the alarm of holds that nobody has reviewed in time. They stay.
func Reviews(db *pgxpool.Pool) *clock.Agenda {
	return &clock.Agenda{
		Name: "review of holds",
		Next: func(ctx context.Context) (time.Time, bool, error) { return store.NextReview(ctx, db) },
		Run: func(ctx context.Context, now time.Time) error {
			return pg.Tx(ctx, db, func(tx pgx.Tx) error { return store.RaiseReviews(ctx, tx, now) })
		},
	}
}
