package consume

import (
	"context"

	"github.com/jackc/pgx/v5"

	"gallra.se/events"
	"gallra.se/libs/bus"
	"gallra.se/services/intake/internal/store"
)

// onProtectionMarked hides the contacts of a person from everybody who is not
// appointed, those that are linked to the person later too: which comes first makes
// no difference. A second delivery changes nothing.
func (c *Consumer) onProtectionMarked(ctx context.Context, tx pgx.Tx, ev bus.Event) error {
	var e events.ProtectionMarked
	if err := ev.Into(&e); err != nil {
		return err
	}
	return store.Mark(ctx, tx, ev.Authority, e.Person)
}

// onProtectionLifted shows them again. What was destroyed meanwhile stays hidden.
func (c *Consumer) onProtectionLifted(ctx context.Context, tx pgx.Tx, ev bus.Event) error {
	var e events.ProtectionLifted
	if err := ev.Into(&e); err != nil {
		return err
	}
	return store.Unmark(ctx, tx, ev.Authority, e.Person)
}
