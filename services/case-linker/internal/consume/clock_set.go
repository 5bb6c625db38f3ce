package consume

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"gallra.se/events"
	"gallra.se/libs/bus"
	"gallra.se/services/case-linker/internal/store"
)

// clockSet keeps the due instant that retention-timer told beside person or share, so that access ends on time even while
// retention-timer is down (D7). A second delivery changes nothing; one after disposal finds no row.
func (e *Events) clockSet(ctx context.Context, tx pgx.Tx, ev bus.Event) error {
	var said events.ClockStarted
	if err := ev.Into(&said); err != nil || said.Holder != Holder {
		return err
	}
	for _, u := range said.Units {
		if err := store.SetDue(ctx, tx, ev.Authority, u.Unit, u.DueAt.UTC()); err != nil {
			return err
		}
	}
	return nil
}

// clockCancelled takes the instant away: registered again, or reopened.
func (e *Events) clockCancelled(ctx context.Context, tx pgx.Tx, ev bus.Event) error {
	var said events.ClockCancelled
	if err := ev.Into(&said); err != nil || said.Holder != Holder {
		return err
	}
	for _, u := range said.Units {
		if err := store.SetDue(ctx, tx, ev.Authority, u.Unit, time.Time{}); err != nil {
			return err
		}
	}
	return nil
}
