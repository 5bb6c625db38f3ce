package consume

import (
	"context"

	"github.com/jackc/pgx/v5"

	"gallra.se/events"
	"gallra.se/libs/bus"
	"gallra.se/services/retention-timer/internal/store"
)

// caseRecordAdopted moves a record to the unit that it goes with from now on: its date is that of the case that took it in.
// A hold on the record alone goes with it.
func (d Desk) caseRecordAdopted(ctx context.Context, tx pgx.Tx, ev bus.Event) error {
	var said events.CaseRecordAdopted
	if err := ev.Into(&said); err != nil {
		return err
	}
	if _, err := d.pack(ev); err != nil {
		return err
	}
	return d.person(ctx, tx, ev, said.Person, func(*store.Person) error {
		to, err := heardOf(ctx, tx, ev, said.Unit)
		if err != nil || to.State == store.Disposed {
			return err
		}
		from, err := heardOf(ctx, tx, ev, said.FromUnit)
		if err != nil {
			return err
		}
		if err := store.MoveRecord(ctx, tx, ev.Authority, said.Record, from.ID, to.ID); err != nil {
			return err
		}
		if err := d.HeldFrom(ctx, tx, to, said.Record); err != nil || from.State == store.Disposed {
			return err
		}
		return d.NoLongerHeld(ctx, tx, from, said.Record, ev.Time())
	})
}
