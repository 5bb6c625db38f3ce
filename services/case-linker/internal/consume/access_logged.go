package consume

import (
	"context"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"gallra.se/events"
	"gallra.se/libs/bus"
	"gallra.se/services/case-linker/internal/accesslog"
	"gallra.se/services/case-linker/internal/store"
)

// openAccess opens an access at another holder and finds who it was and whom it was about.
func (e *Events) openAccess(ctx context.Context, ev bus.Event) (any, error) {
	var said events.AccessLogged
	if err := ev.Into(&said); err != nil {
		return nil, err
	}
	who, err := opened[events.SealedAccess](ctx, e.Desk.Keys, "access", said.KeyID, events.AccessAAD(ev.Authority, said.Entry), said.Sealed)
	if err != nil {
		return nil, err
	}
	staff, err := e.Access.Staff(ctx, ev.Authority, who.Account)
	if err != nil {
		return nil, err
	}
	var persons []uuid.UUID
	if who.NationalID != "" {
		person, found, err := e.Desk.Whose(ctx, ev.Authority, who.NationalID)
		if err != nil {
			return nil, err
		}
		if found {
			persons = []uuid.UUID{person}
		}
	}
	return accesslog.Lines(ev.Authority, said, persons, staff, who.Role, who.Signs), nil
}

// accessLogged stores an access at another holder.
func (e *Events) accessLogged(ctx context.Context, tx pgx.Tx, ev bus.Event) error {
	e.Access.Noticed()
	return store.LogAccess(ctx, tx, ev.Prepared.([]store.Access))
}

// recordDisposed forgets who read a contact that nobody known was behind.
func (e *Events) recordDisposed(ctx context.Context, tx pgx.Tx, ev bus.Event) error {
	var said events.RecordDisposed
	if err := ev.Into(&said); err != nil {
		return err
	}
	var records []uuid.UUID
	for _, unit := range said.Units {
		for _, r := range unit.Records {
			records = append(records, r.Record)
		}
	}
	return store.ForgetAccess(ctx, tx, ev.Authority, records)
}
