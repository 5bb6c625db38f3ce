package consume

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"gallra.se/events"
	"gallra.se/libs/bus"
	"gallra.se/libs/calendar"
	"gallra.se/services/retention-timer/internal/store"
)

// personDeregistered starts the 26 months from the effective day of the decision, which may lie before the decision or
// after it.
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
	return d.person(ctx, tx, ev, said.Person, func(known *store.Person) error { return deregister(ev, known, on) })
}

// deregister writes the day on which a registration ends. There must be one, and it cannot end before it began.
func deregister(ev bus.Event, known *store.Person, on calendar.Date) error {
	switch {
	case known.RegisteredOn.IsZero():
		return bus.Refuse(fmt.Errorf("%s of somebody who was never registered", ev.Type))
	case on.Before(known.SpellOn):
		return bus.Refuse(fmt.Errorf("%s: the registration ends before it began", ev.Type))
	}
	known.DeregisteredOn = on
	return nil
}
