package consume

import (
	"context"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"gallra.se/events"
	"gallra.se/libs/bus"
	"gallra.se/services/retention-timer/internal/store"
)

// caseRecordAdopted moves a record to the unit that it goes with from now on: its date is that of the case that took it in.
// A hold on the record alone goes with it.
func (d Desk) caseRecordAdopted(ctx context.Context, tx pgx.Tx, ev bus.Event) error {
	var said events.CaseRecordAdopted
	if err := ev.Into(&said); err != nil {
		return err
	}
	return d.moveRecord(ctx, tx, ev, said, false)
}

// caseRecordParted moves a record that alone is held, erased or kept to a unit of its own. The rest of its old unit runs on.
func (d Desk) caseRecordParted(ctx context.Context, tx pgx.Tx, ev bus.Event) error {
	var said events.CaseRecordParted
	if err := ev.Into(&said); err != nil {
		return err
	}
	return d.moveRecord(ctx, tx, ev, events.CaseRecordAdopted(said), true)
}

// moveRecord moves a record, its holds and the orders to erase it. Such an order follows it, unless it was for what its old
// case had: what another case has taken in outlives that.
func (d Desk) moveRecord(ctx context.Context, tx pgx.Tx, ev bus.Event, said events.CaseRecordAdopted, alone bool) error {
	if _, err := d.pack(ev); err != nil {
		return err
	}
	return d.person(ctx, tx, ev, said.Person, func(*store.Person) error {
		from, err := heardOf(ctx, tx, ev, said.FromUnit)
		if err != nil {
			return err
		}
		to, err := d.unitInCase(ctx, tx, ev, said, from)
		if err != nil || to.State == store.Disposed {
			return err
		}
		if err := store.MoveRecord(ctx, tx, ev.Authority, said.Record, from.ID, to.ID); err != nil {
			return err
		}
		if alone {
			if err := store.SetAlone(ctx, tx, ev.Authority, to.ID); err != nil {
				return err
			}
		}
		if err := store.MoveErasureRecord(ctx, tx, ev.Authority, said.Record, from.ID, to.ID, said.Case, ev.Time()); err != nil {
			return err
		}
		if err := d.HeldFrom(ctx, tx, to, said.Record); err != nil {
			return err
		}
		return d.left(ctx, tx, ev, said.Record, from, to)
	})
}

// left lets the unit that a record has left run on, where it was held or was to be erased but for that record.
func (d Desk) left(ctx context.Context, tx pgx.Tx, ev bus.Event, record uuid.UUID, from, to store.Unit) error {
	if from.ID != to.ID && from.State != store.Disposed {
		if err := d.NoLongerHeld(ctx, tx, from, record, ev.Time()); err != nil {
			return err
		}
	}
	units, err := store.LockUnits(ctx, tx, ev.Authority, []uuid.UUID{from.ID, to.ID})
	if err != nil {
		return err
	}
	return d.Pursue(ctx, tx, because(ev), ev.Authority, units)
}

// unitInCase is the unit that a record goes to. One that is not known yet is made beside the person's share of the case.
func (d Desk) unitInCase(ctx context.Context, tx pgx.Tx, ev bus.Event, said events.CaseRecordAdopted, from store.Unit) (store.Unit, error) {
	to, known, err := store.LockUnit(ctx, tx, ev.Authority, said.Unit)
	if err != nil || known {
		return to, err
	}
	share, err := shareOf(ctx, tx, ev, said.Person, said.Case)
	if err != nil || share.State == store.Disposed {
		return share, err
	}
	return d.unitBeside(ctx, tx, ev, share, said.Unit, said.Category, from.CollectedOn)
}

// shareOf is the unit of a person's share of a case; events about one that nobody has told of are parked.
func shareOf(ctx context.Context, tx pgx.Tx, ev bus.Event, person, caseID uuid.UUID) (store.Unit, error) {
	u, known, err := store.ShareOf(ctx, tx, ev.Authority, person, caseID)
	if err == nil && !known {
		err = unknown(ev, caseID)
	}
	return u, err
}
