package consume

import (
	"context"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"gallra.se/events"
	"gallra.se/libs/bus"
	"gallra.se/services/retention-timer/internal/store"
)

// disposalDeclined takes units back. The fact behind the holder's refusal has come before it in the same stream, so the
// date is new already; where it is not, the unit is offered again at the next midnight, with the reason kept. What an order to
// erase may not take is told to part once more.
func (d Desk) disposalDeclined(ctx context.Context, tx pgx.Tx, ev bus.Event) error {
	var said events.DisposalDeclined
	if err := ev.Into(&said); err != nil {
		return err
	}
	pack, err := d.pack(ev)
	if err != nil {
		return err
	}
	ids, reasons := make([]uuid.UUID, len(said.Units)), make([]string, len(said.Units))
	for i, u := range said.Units {
		ids[i], reasons[i] = u.Unit, u.Reason
	}
	tomorrow := pack.Midnight(localDay(pack, ev.Time()).AddDays(1))
	if err := store.DeclineUnits(ctx, tx, ev.Authority, ids, reasons, ev.Time(), tomorrow); err != nil {
		return err
	}
	units, err := store.LockUnits(ctx, tx, ev.Authority, ids)
	if err != nil {
		return err
	}
	return d.Pursue(ctx, tx, because(ev), ev.Authority, units)
}
