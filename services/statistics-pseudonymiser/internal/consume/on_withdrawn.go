package consume

import (
	"context"

	"github.com/jackc/pgx/v5"

	"gallra.se/events"
	"gallra.se/libs/bus"
)

// onWithdrawn: the case was reopened, or its closing was a mistake.
func (c *Consumer) onWithdrawn(ctx context.Context, tx pgx.Tx, ev bus.Event) error {
	var e events.StatisticsWithdrawn
	if err := ev.Into(&e); err != nil {
		return err
	}
	var sealed events.SealedStatisticsWithdrawn
	if err := c.open(ctx, ev, e.KeyID, e.Sealed, &sealed); err != nil {
		return err
	}
	r, err := token(sealed.R)
	if err != nil {
		return err
	}
	return final(c.Register.Withdraw(ctx, tx, ev.Authority, r))
}
