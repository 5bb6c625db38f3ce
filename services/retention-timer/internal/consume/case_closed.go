package consume

import (
	"context"

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
	return d.setClosed(ctx, tx, ev, said.Person, said.Share, on)
}

// setClosed writes the closing day, or none, of a share that is still known, and arms the person's units anew.
func (d Desk) setClosed(ctx context.Context, tx pgx.Tx, ev bus.Event, person, share uuid.UUID, on calendar.Date) error {
	if _, err := d.pack(ev); err != nil {
		return err
	}
	return d.person(ctx, tx, ev.Authority, person, func(*store.Person) error {
		_, err := store.CloseShare(ctx, tx, ev.Authority, share, on)
		return err // a share that is disposed of has no facts left to change
	})
}
