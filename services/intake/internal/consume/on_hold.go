package consume

import (
	"context"

	"github.com/jackc/pgx/v5"

	"gallra.se/events"
	"gallra.se/libs/bus"
	"gallra.se/services/intake/internal/store"
)

// onHoldPlaced keeps held contacts readable beyond their time. A second delivery
// changes nothing; one for a contact that is gone leaves nothing.
func (c *Consumer) onHoldPlaced(ctx context.Context, tx pgx.Tx, ev bus.Event) error {
	var e events.HoldPlaced
	if err := ev.Into(&e); err != nil || e.Holder != events.Intake {
		return err
	}
	return store.Hold(ctx, tx, ev.Authority, e.Hold, e.Units)
}

// onHoldReleased lets the contacts' dates count again, unless another hold stands.
func (c *Consumer) onHoldReleased(ctx context.Context, tx pgx.Tx, ev bus.Event) error {
	var e events.HoldReleased
	if err := ev.Into(&e); err != nil || e.Holder != events.Intake {
		return err
	}
	return store.Release(ctx, tx, ev.Authority, e.Hold, e.Units)
}
