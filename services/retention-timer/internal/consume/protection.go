package consume

import (
	"context"

	"github.com/jackc/pgx/v5"

	"gallra.se/events"
	"gallra.se/libs/bus"
	"gallra.se/services/retention-timer/internal/store"
)

// protectionMarked hides what a person has, had before the mark and will have: no unit is touched, so it makes no difference
// what comes first. No date moves. A second delivery changes nothing.
func (d Desk) protectionMarked(ctx context.Context, tx pgx.Tx, ev bus.Event) error {
	var said events.ProtectionMarked
	if err := ev.Into(&said); err != nil {
		return err
	}
	return store.Mark(ctx, tx, ev.Authority, said.Person)
}

// protectionLifted shows it again. What was disposed of meanwhile stays hidden.
func (d Desk) protectionLifted(ctx context.Context, tx pgx.Tx, ev bus.Event) error {
	var said events.ProtectionLifted
	if err := ev.Into(&said); err != nil {
		return err
	}
	return store.Unmark(ctx, tx, ev.Authority, said.Person)
}
