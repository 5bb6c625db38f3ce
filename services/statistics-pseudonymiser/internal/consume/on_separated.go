package consume

import (
	"context"

	"github.com/jackc/pgx/v5"

	"gallra.se/events"
	"gallra.se/libs/bus"
	"gallra.se/libs/calendar"
)

// onSeparated: the case is disposed of; its row lives on with nothing to find it
// by.
func (c *Consumer) onSeparated(ctx context.Context, tx pgx.Tx, ev bus.Event) error {
	var e events.StatisticsSeparated
	if err := ev.Into(&e); err != nil {
		return err
	}
	var sealed events.SealedStatisticsSeparated
	if err := c.open(ctx, ev, e.KeyID, e.Sealed, &sealed); err != nil {
		return err
	}
	r, err := token(sealed.R)
	if err != nil {
		return err
	}
	on, err := calendar.ParseDate(sealed.SeparatedOn)
	if err != nil {
		return bus.Refuse(errContent)
	}
	return final(c.Register.Separate(ctx, tx, ev.Authority, r, on))
}
