package consume

import (
	"context"

	"github.com/jackc/pgx/v5"

	"gallra.se/events"
	"gallra.se/libs/bus"
	"gallra.se/services/retention-timer/internal/store"
)

// personDeregistered starts the 26 months from the effective day of the decision, which may lie before the decision or
// after it. A correction of the day is the same event again with another day.
func (d Desk) personDeregistered(ctx context.Context, tx pgx.Tx, ev bus.Event) error {
	var said events.PersonDeregistered
	if err := ev.Into(&said); err != nil {
		return err
	}
	on, err := date(ev, "effectiveOn", said.EffectiveOn)
	if err != nil {
		return err
	}
	if _, err := d.pack(ev); err != nil {
		return err
	}
	return d.person(ctx, tx, ev.Authority, said.Person, func(known *store.Person) error {
		known.DeregisteredOn = on
		return nil
	})
}
