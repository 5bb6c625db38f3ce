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
	return final(c.Register.Record(ctx, tx, ev.Authority, ev.Prepared.(register.Recorded)))
}

func (p *Preparer) recorded(ctx context.Context, ev bus.Event) (any, error) {
	var sealed events.SealedStatisticsRecorded
	if err := p.open(ctx, ev, &sealed); err != nil {
		return nil, err
	}
	r, err := token(sealed.R)
	if err != nil {
		return nil, err
	}
	t, err := token(sealed.T)
	if err != nil {
		return nil, err
	}
	e := register.Recorded{R: r, T: t, Epoch: sealed.Epoch, Fields: sealed.Row}
	return e, final(p.Register.PrepareRecord(ctx, ev.Authority, e))
}
