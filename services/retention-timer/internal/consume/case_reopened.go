package consume

import (
	"context"

	"github.com/jackc/pgx/v5"

	"gallra.se/events"
	"gallra.se/libs/bus"
	"gallra.se/libs/calendar"
)

// caseReopened cancels the share's clocks; they start again with the next closing.
func (d Desk) caseReopened(ctx context.Context, tx pgx.Tx, ev bus.Event) error {
	var said events.CaseReopened
	if err := ev.Into(&said); err != nil {
		return err
	}
	return d.setClosed(ctx, tx, ev, said.Person, said.Case, said.Share, calendar.Date{})
}
