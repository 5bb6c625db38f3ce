package consume

import (
	"context"
	"fmt"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"gallra.se/events"
	"gallra.se/libs/bus"
	"gallra.se/libs/calendar"
	"gallra.se/services/retention-timer/internal/store"
)

// caseClosed starts the share's ceiling from the effective day, and its 26 months if the person is deregistered. A late
// decision counts from its effective day too, even if that makes the share due at once.
func (d Desk) caseClosed(ctx context.Context, tx pgx.Tx, ev bus.Event) error {
	var said events.CaseClosed
	if err := ev.Into(&said); err != nil {
		return err
	}
	on, err := date(ev, "effectiveOn", said.EffectiveOn)
	if err != nil {
		return err
	}
	return d.setClosed(ctx, tx, ev, said.Person, said.Case, said.Share, on)
}

// setClosed writes the closing day, or none, of all that a person has in a case, and arms the person's units anew.
func (d Desk) setClosed(ctx context.Context, tx pgx.Tx, ev bus.Event, person, caseID, share uuid.UUID, on calendar.Date) error {
	if _, err := d.pack(ev); err != nil {
		return err
	}
	return d.person(ctx, tx, ev, person, func(*store.Person) error {
		u, err := heardOf(ctx, tx, ev, share)
		switch {
		case err != nil:
			return err
		case u.State == store.Disposed:
			return nil
		case !on.IsZero() && on.Before(u.CollectedOn):
			return bus.Refuse(fmt.Errorf("%s: case %s ends before it was opened", ev.Type, caseID))
		}
		return store.SetClosed(ctx, tx, ev.Authority, person, caseID, on)
	})
}
