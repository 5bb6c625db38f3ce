package consume

import (
	"context"

	"github.com/jackc/pgx/v5"

	"gallra.se/events"
	"gallra.se/libs/bus"
	"gallra.se/services/retention-timer/internal/schedule"
	"gallra.se/services/retention-timer/internal/store"
)

// contactRecorded starts the clock of a contact from the local day it ended, however late the event comes: a date in the
// past makes it due at once. After its disposal, or a second time, it changes nothing.
func (d Desk) contactRecorded(ctx context.Context, tx pgx.Tx, ev bus.Event) error {
	if t, ok := ev.Prepared.(*together); ok && t.armed {
		return nil
	}
	heard, err := d.heard(ev)
	if err != nil {
		return err
	}
	return d.Contacts(ctx, tx, heard)
}

// heard reads what an event tells of a contact; what cannot be true is refused.
func (d Desk) heard(ev bus.Event) (schedule.Heard, error) {
	var said events.ContactRecorded
	if err := ev.Into(&said); err != nil {
		return schedule.Heard{}, err
	}
	pack, err := d.promised(ev, said.Category, "")
	if err != nil {
		return schedule.Heard{}, err
	}
	endedOn, err := past(ev, pack, "endedOn", said.EndedOn)
	if err != nil {
		return schedule.Heard{}, err
	}
	own := endedOn
	if waitsForWithdrawal(pack, said.Category) {
		own = day{}
	}
	return schedule.Heard{Pack: pack, Cause: because(ev), Record: said.Contact, Unit: store.Unit{
		Authority: ev.Authority, ID: said.Unit, Holder: events.Intake, Kind: store.ContactUnit, State: store.Idle,
		Key: said.Contact.String(), Partition: bus.Partition(said.Contact.String()),
		Facts: store.Facts{Category: said.Category, CollectedOn: endedOn, OwnOn: own},
	}}, nil
}
