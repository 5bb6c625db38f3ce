package consume

import (
	"context"

	"github.com/jackc/pgx/v5"

	"gallra.se/events"
	"gallra.se/libs/bus"
	"gallra.se/services/retention-timer/internal/store"
)

// requestReceived starts the clock of a bare data-subject request. What the request is about follows the records concerned.
func (d Desk) requestReceived(ctx context.Context, tx pgx.Tx, ev bus.Event) error {
	var said events.RequestReceived
	if err := ev.Into(&said); err != nil {
		return err
	}
	const category = "request.bare"
	pack, err := d.promised(ev, category, "")
	if err != nil {
		return err
	}
	on, err := past(ev, pack, "receivedOn", said.ReceivedOn)
	if err != nil {
		return err
	}
	u := store.Unit{
		Authority: ev.Authority, ID: said.Unit, Holder: events.Intake, Kind: store.RequestUnit, State: store.Idle,
		Key: said.Request.String(), Partition: bus.Partition(said.Request.String()),
		Facts: store.Facts{Category: category, CollectedOn: on, OwnOn: on},
	}
	return d.firstHeard(ctx, tx, ev, u, said.Request)
}
