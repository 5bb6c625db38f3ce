package consume

import (
	"context"

	"github.com/jackc/pgx/v5"

	"gallra.se/events"
	"gallra.se/libs/bus"
	"gallra.se/services/case-linker/internal/store"
)

// holdPlaced keeps held units readable beyond their time. A second delivery changes nothing; one after the disposal
// leaves a row that nothing reads.
func (e *Events) holdPlaced(ctx context.Context, tx pgx.Tx, ev bus.Event) error {
	var said events.HoldPlaced
	if err := ev.Into(&said); err != nil || said.Holder != Holder {
		return err
	}
	return store.Hold(ctx, tx, ev.Authority, said.Hold, said.Units)
}

// holdReleased lets the units' dates count again.
func (e *Events) holdReleased(ctx context.Context, tx pgx.Tx, ev bus.Event) error {
	var said events.HoldReleased
	if err := ev.Into(&said); err != nil || said.Holder != Holder {
		return err
	}
	return store.Release(ctx, tx, ev.Authority, said.Hold, said.Units)
}
