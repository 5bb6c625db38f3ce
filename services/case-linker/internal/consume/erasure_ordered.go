package consume

import (
	"context"

	"github.com/jackc/pgx/v5"

	"gallra.se/events"
	"gallra.se/libs/bus"
	"gallra.se/services/case-linker/internal/casework"
)

// partErased prepares a unit of its own for each note that an order to erase, or a rule against it, tells apart from the rest.
func (e *Events) partErased(ctx context.Context, ev bus.Event) (any, error) {
	var said events.ErasureOrdered
	if err := ev.Into(&said); err != nil || said.Holder != Holder {
		return []casework.Parting{}, err
	}
	var all []casework.Parting
	for _, record := range said.Records {
		p, err := e.Desk.PartNote(ctx, ev.Authority, record, said.Units)
		if err != nil {
			return nil, err
		}
		all = append(all, p)
	}
	return all, nil
}

// erasureOrdered parts the notes and says so; nothing is erased by it. A second delivery finds them parted and says that once
// more; one after the disposal finds nothing.
func (e *Events) erasureOrdered(ctx context.Context, tx pgx.Tx, ev bus.Event) error {
	for _, p := range ev.Prepared.([]casework.Parting) {
		if err := e.Desk.KeepErased(ctx, tx, p); err != nil {
			return err
		}
	}
	return nil
}
