package consume

import (
	"cmp"
	"context"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"gallra.se/events"
	"gallra.se/libs/bus"
	"gallra.se/libs/calendar"
	"gallra.se/services/retention-timer/internal/store"
)

// caseNoted adds a note to the records of its unit: the share, with which it goes (AFC-12), or one of its own kind, such as
// working material (STH-19).
func (d Desk) caseNoted(ctx context.Context, tx pgx.Tx, ev bus.Event) error {
	var said events.CaseNoted
	if err := ev.Into(&said); err != nil {
		return err
	}
	if said.Unit != nil && *said.Unit != said.Share {
		return d.notedApart(ctx, tx, ev, said)
	}
	share, err := heardOf(ctx, tx, ev, said.Share)
	if err != nil || share.State == store.Disposed {
		return err
	}
	return d.noted(ctx, tx, ev, share, said)
}

// noted adds a note to the records of its unit, with the holds and orders that cover it.
func (d Desk) noted(ctx context.Context, tx pgx.Tx, ev bus.Event, u store.Unit, said events.CaseNoted) error {
	category := cmp.Or(said.Category, caseNote)
	if err := store.AddRecord(ctx, tx, ev.Authority, said.Note, u.ID, category); err != nil {
		return err
	}
	if err := d.HeldFrom(ctx, tx, u, said.Note); err != nil {
		return err
	}
	return d.Joined(ctx, tx, because(ev), u, store.Filed{Record: said.Note, Category: category})
}

const caseNote = "case.note"

// notedApart adds a note to a unit that is made with its first note. What is known of the case is known of that unit.
func (d Desk) notedApart(ctx context.Context, tx pgx.Tx, ev bus.Event, said events.CaseNoted) error {
	pack, err := d.pack(ev)
	if err != nil {
		return err
	}
	return d.person(ctx, tx, ev, said.Person, func(*store.Person) error {
		share, err := heardOf(ctx, tx, ev, said.Share)
		if err != nil || share.State == store.Disposed {
			return err
		}
		u, err := d.unitBeside(ctx, tx, ev, share, *said.Unit, said.Category, localDay(pack, said.NotedAt))
		if err != nil || u.State == store.Disposed {
			return err
		}
		return d.noted(ctx, tx, ev, u, said)
	})
}

// unitBeside is a unit of a share's case and person that goes at another time than the share. One that is not known yet is
// made, with what is known of the share; holds on the person or the case cover it from the first.
func (d Desk) unitBeside(ctx context.Context, tx pgx.Tx, ev bus.Event, share store.Unit, id uuid.UUID, category string, collectedOn calendar.Date) (store.Unit, error) {
	u, known, err := store.LockUnit(ctx, tx, ev.Authority, id)
	if err != nil || known {
		return u, err
	}
	if _, err := d.promised(ev, category, share.CaseType); err != nil {
		return store.Unit{}, err
	}
	u = share
	u.ID, u.State, u.Held, u.Category, u.CollectedOn = id, store.Idle, false, category, collectedOn
	u.Erased, u.Alone = store.Erased{}, false
	if _, err := store.AddUnit(ctx, tx, u); err != nil {
		return store.Unit{}, err
	}
	return u, d.HeldFrom(ctx, tx, u, u.Person, u.Case)
}
