package consume

import (
	"context"

	"github.com/jackc/pgx/v5"

	"gallra.se/events"
	"gallra.se/libs/bus"
	"gallra.se/libs/calendar"
	"gallra.se/services/statistics-pseudonymiser/internal/pseudonym"
)

type separation struct {
	r  pseudonym.Token
	on calendar.Date
}

// onSeparated: the case is disposed of; its row lives on with nothing to find it
// by.
func (c *Consumer) onSeparated(ctx context.Context, tx pgx.Tx, ev bus.Event) error {
	e := ev.Prepared.(separation)
	return final(c.Register.Separate(ctx, tx, ev.Authority, e.r, e.on))
}

func (p *Preparer) separated(ctx context.Context, ev bus.Event) (any, error) {
	var sealed events.SealedStatisticsSeparated
	if err := p.open(ctx, ev, &sealed); err != nil {
		return nil, err
	}
	r, err := token(sealed.R)
	if err != nil {
		return nil, err
	}
	on, err := calendar.ParseDate(sealed.SeparatedOn)
	if err != nil {
		return nil, bus.Refuse(errContent)
	}
	return separation{r, on}, final(p.Register.PrepareSeparate(ctx, ev.Authority, on))
}
