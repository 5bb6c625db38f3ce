package consume

import (
	"context"

	"github.com/jackc/pgx/v5"

	"gallra.se/events"
	"gallra.se/libs/bus"
	"gallra.se/libs/calendar"
	"gallra.se/services/retention-timer/internal/store"
)

const identity = "person.identity"

// personRegistered makes the identity's unit, or cancels its clock when the person registers again: that cancels the
// 26 months of the identity and of every closed share, and leaves the shares' own ceilings alone.
func (d Desk) personRegistered(ctx context.Context, tx pgx.Tx, ev bus.Event) error {
	var said events.PersonRegistered
	if err := ev.Into(&said); err != nil {
		return err
	}
	on, err := date(ev, "registeredOn", said.RegisteredOn)
	if err != nil {
		return err
	}
	if _, err := d.promised(ev, identity, ""); err != nil {
		return err
	}
	return d.person(ctx, tx, ev, said.Person, func(known *store.Person) error {
		if known.RegisteredOn.IsZero() {
			known.RegisteredOn = on // of the first: since then the data have been collected
		}
		known.SpellOn, known.DeregisteredOn, known.IdentityGone = on, calendar.Date{}, false
		unit := store.Unit{
			Authority: ev.Authority, ID: said.Unit, Holder: events.CaseLinker, Kind: store.IdentityUnit,
			Key: said.Person.String(), Partition: bus.Partition(said.Person.String()), Person: said.Person,
			Facts: store.Facts{Category: identity, CollectedOn: known.RegisteredOn},
		}
		added, err := store.AddUnit(ctx, tx, unit)
		if err != nil || !added {
			return err
		}
		if err := store.AddRecord(ctx, tx, ev.Authority, said.Record, said.Unit, ""); err != nil {
			return err
		}
		return d.HeldFrom(ctx, tx, unit, said.Person, said.Record)
	})
}
