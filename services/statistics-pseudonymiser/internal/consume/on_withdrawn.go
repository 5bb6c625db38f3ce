package consume

import (
	"context"

	"github.com/jackc/pgx/v5"

	"gallra.se/events"
	"gallra.se/libs/bus"
	"gallra.se/services/statistics-pseudonymiser/internal/pseudonym"
)

// onWithdrawn: the case was reopened, or its closing was a mistake.
func (c *Consumer) onWithdrawn(ctx context.Context, tx pgx.Tx, ev bus.Event) error {
	return final(c.Register.Withdraw(ctx, tx, ev.Authority, ev.Prepared.(pseudonym.Token)))
}

func (p *Preparer) withdrawn(ctx context.Context, ev bus.Event) (any, error) {
	var sealed events.SealedStatisticsWithdrawn
	if err := p.open(ctx, ev, &sealed); err != nil {
		return nil, err
	}
	r, err := token(sealed.R)
	if err != nil {
		return nil, err
	}
	return r, final(p.Register.PrepareWithdraw(ctx, ev.Authority))
}
