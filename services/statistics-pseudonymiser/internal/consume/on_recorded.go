package consume

import (
	"context"

	"github.com/jackc/pgx/v5"

	"gallra.se/events"
	"gallra.se/libs/bus"
	"gallra.se/services/statistics-pseudonymiser/internal/register"
)

// onRecorded: a case was closed. The event's own id, subject and key are random
// and are not kept.
func (c *Consumer) onRecorded(ctx context.Context, tx pgx.Tx, ev bus.Event) error {
	var e events.StatisticsRecorded
	if err := ev.Into(&e); err != nil {
		return err
	}
	var sealed events.SealedStatisticsRecorded
	if err := c.open(ctx, ev, e.KeyID, e.Sealed, &sealed); err != nil {
		return err
	}
	r, err := token(sealed.R)
	if err != nil {
		return err
	}
	t, err := token(sealed.T)
	if err != nil {
		return err
	}
	recorded := register.Recorded{R: r, T: t, Epoch: sealed.Epoch, Fields: sealed.Row}
	return final(c.Register.Record(ctx, tx, ev.Authority, recorded))
}
