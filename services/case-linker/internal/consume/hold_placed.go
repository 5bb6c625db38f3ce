package consume

import (
	"context"

	"github.com/jackc/pgx/v5"

	"gallra.se/events"
	"gallra.se/libs/bus"
	"gallra.se/services/case-linker/internal/casework"
	"gallra.se/services/case-linker/internal/store"
)

// partHeld prepares a unit of its own for a note that alone is held.
func (e *Events) partHeld(ctx context.Context, ev bus.Event) (any, error) {
	var said events.HoldPlaced
	if err := ev.Into(&said); err != nil || said.Holder != Holder || said.Record == nil {
		return casework.Parting{}, err
	}
	return e.Desk.PartNote(ctx, ev.Authority, *said.Record, said.Units)
}

// holdPlaced keeps held units readable beyond their time, and parts a note that alone is held from the rest. A second
// delivery changes nothing; one after the disposal leaves a row that nothing reads.
func (e *Events) holdPlaced(ctx context.Context, tx pgx.Tx, ev bus.Event) error {
	var said events.HoldPlaced
	if err := ev.Into(&said); err != nil || said.Holder != Holder {
		return err
	}
	if err := store.Hold(ctx, tx, ev.Authority, said.Hold, said.Units); err != nil {
		return err
	}
	return e.Desk.KeepParted(ctx, tx, said.Hold, ev.Prepared.(casework.Parting))
}

// holdReleased lets the units' dates count again.
func (e *Events) holdReleased(ctx context.Context, tx pgx.Tx, ev bus.Event) error {
	var said events.HoldReleased
	if err := ev.Into(&said); err != nil || said.Holder != Holder {
		return err
	}
	return store.Release(ctx, tx, ev.Authority, said.Hold, said.Units)
}
