package consume

import (
	"context"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"gallra.se/events"
	"gallra.se/libs/bus"
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
	if err := store.AddRecord(ctx, tx, ev.Authority, said.Note, said.Share); err != nil {
		return err
	}
	return d.HeldFrom(ctx, tx, share, said.Note)
}

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
		if _, err := d.promised(ev, said.Category, share.CaseType); err != nil {
			return err
		}
		u := share
		u.ID, u.State, u.Facts.Category, u.CollectedOn = *said.Unit, store.Idle, said.Category, localDay(pack, said.NotedAt)
		added, err := store.AddUnit(ctx, tx, u)
		if err != nil {
			return err
		}
		if !added {
			if u, err = heardOf(ctx, tx, ev, *said.Unit); err != nil || u.State == store.Disposed {
				return err
			}
		}
		if err := store.AddRecord(ctx, tx, ev.Authority, said.Note, u.ID); err != nil {
			return err
		}
		targets := []uuid.UUID{said.Note}
		if added {
			targets = append(targets, said.Person, said.Case)
		}
		return d.HeldFrom(ctx, tx, u, targets...)
	})
}
