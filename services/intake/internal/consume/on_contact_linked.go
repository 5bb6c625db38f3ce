package consume

import (
	"context"

	"github.com/jackc/pgx/v5"

	"gallra.se/events"
	"gallra.se/libs/bus"
	"gallra.se/services/intake/internal/store"
)

// onContactLinked notes that the contact's note lies in a case.
func (c *Consumer) onContactLinked(ctx context.Context, tx pgx.Tx, ev bus.Event) error {
	var e events.ContactLinked
	if err := ev.Into(&e); err != nil {
		return err
	}
	return store.Link(ctx, tx, ev.Authority, e.Contact, e.Case)
}
