package consume

import (
	"context"

	"github.com/jackc/pgx/v5"

	"gallra.se/events"
	"gallra.se/libs/bus"
	"gallra.se/services/retention-timer/internal/store"
)

// contactRecorded starts the clock of a contact from the local day it ended, however late the event comes: a date in the
// past makes it due at once. After its disposal, or a second time, it changes nothing.
func (d Desk) contactRecorded(ctx context.Context, tx pgx.Tx, ev bus.Event) error {
	var said events.ContactRecorded
	if err := ev.Into(&said); err != nil {
		return err
	}
	pack, err := d.promised(ev, said.Category, "")
	if err != nil {
		return err
	}
	endedOn, err := past(ev, pack, "endedOn", said.EndedOn)
	if err != nil {
		return err
	}
	unit := store.Unit{
		Authority: ev.Authority, ID: said.Unit, Holder: events.Intake, Kind: store.ContactUnit, State: store.Idle,
		Key: said.Contact.String(), Partition: bus.Partition(said.Contact.String()),
		Facts: store.Facts{Category: said.Category, CollectedOn: endedOn, OwnOn: endedOn},
	}
	return d.Contact(ctx, tx, pack, because(ev), unit, said.Contact)
}
