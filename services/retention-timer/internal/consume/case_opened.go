package consume

import (
	"context"

	"github.com/jackc/pgx/v5"

	"gallra.se/events"
	"gallra.se/libs/bus"
	"gallra.se/services/retention-timer/internal/store"
)

const caseFile = "case.file"

// caseOpened makes the unit of a person's share of a case. An open case has no date. After the share's disposal, or a
// second time, it changes nothing.
func (d Desk) caseOpened(ctx context.Context, tx pgx.Tx, ev bus.Event) error {
	var said events.CaseOpened
	if err := ev.Into(&said); err != nil {
		return err
	}
	pack, err := d.promised(ev, caseFile, said.CaseType)
	if err != nil {
		return err
	}
	return d.person(ctx, tx, ev, said.Person, func(*store.Person) error {
		unit := store.Unit{
			Authority: ev.Authority, ID: said.Share, Holder: events.CaseLinker, Kind: store.ShareUnit,
			Key: said.Person.String(), Partition: bus.Partition(said.Person.String()), Person: said.Person, Case: said.Case,
			Facts: store.Facts{Category: caseFile, CaseType: said.CaseType, CollectedOn: localDay(pack, said.OpenedAt)},
		}
		added, err := store.AddUnit(ctx, tx, unit)
		if err != nil || !added {
			return err
		}
		if err := store.AddRecord(ctx, tx, ev.Authority, said.File, said.Share, caseFile); err != nil {
			return err
		}
		return d.HeldFrom(ctx, tx, unit, said.Person, said.Case, said.File)
	})
}
