package consume

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"gallra.se/events"
	"gallra.se/libs/bus"
	"gallra.se/services/retention-timer/internal/store"
)

// personCorrected counts from another day of deregistration than had been said. What is gone stays gone.
func (d Desk) personCorrected(ctx context.Context, tx pgx.Tx, ev bus.Event) error {
	var said events.PersonCorrected
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
	return d.person(ctx, tx, ev, said.Person, func(known *store.Person) error {
		switch {
		case known.IdentityGone:
			return nil
		case known.DeregisteredOn.IsZero():
			return bus.Refuse(fmt.Errorf("%s of somebody who is registered", ev.Type))
		}
		return deregister(ev, known, on)
	})
}
