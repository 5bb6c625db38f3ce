package casework

import (
	"context"
	"maps"
	"slices"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"gallra.se/events"
	"gallra.se/libs/calendar"
	"gallra.se/libs/outbox"
	"gallra.se/libs/problem"
	"gallra.se/services/case-linker/internal/line"
	"gallra.se/services/case-linker/internal/store"
)

// deregistered ends a registration: the clock of AFC-13 starts from the decision's effective day.
func (d *Desk) deregistered(ctx context.Context, l line.Line) (change, error) {
	return d.lastDay(ctx, l, ending{write: store.Deregister, kind: events.TypePersonDeregistered, data: func(id uuid.UUID) any {
		return events.PersonDeregistered{Person: id, Unit: id, EffectiveOn: l.EffectiveOn.String(), DecidedAt: l.At, Reason: l.Reason}
	}})
}

// ending is a decision about the last day of a registration.
type ending struct {
	corrects bool // the registration has ended, and on another day than was said
	write    func(ctx context.Context, tx pgx.Tx, authority string, person uuid.UUID, on calendar.Date) error
	kind     string // of the event that tells of it
	data     func(person uuid.UUID) any
}

// lastDay gives a person's last registration its last day.
func (d *Desk) lastDay(ctx context.Context, l line.Line, e ending) (change, error) {
	person, unit, err := d.personOf(ctx, l.Pack, l.Person)
	if err != nil {
		return change{}, err
	}
	id := person.Person
	return change{answer: Answer{ID: id, Record: id}, unit: unit, ref: id,
		apply: func(ctx context.Context, tx pgx.Tx) error { return d.endOn(ctx, tx, l, id, e) }}, nil
}

func (d *Desk) endOn(ctx context.Context, tx pgx.Tx, l line.Line, id uuid.UUID, e ending) error {
	locked, err := store.LockPersons(ctx, tx, l.Authority, []uuid.UUID{id})
	if err != nil {
		return err
	}
	person, known := locked[id]
	switch {
	case !known || d.gone(l.Pack, person):
		return problem.New("unknown-person")
	case person.DeregisteredOn.IsZero() == e.corrects:
		return problem.New("conflict")
	case l.EffectiveOn.Before(person.RegisteredOn):
		return problem.OnField("invalid-time", "effective")
	}
	if err := e.write(ctx, tx, l.Authority, id, l.EffectiveOn); err != nil {
		return err
	}
	person.DeregisteredOn = l.EffectiveOn
	if err := d.datesAnew(ctx, tx, l.Pack, person); err != nil {
		return err
	}
	return d.Box.Append(ctx, tx, outbox.Draft{Authority: l.Authority, Type: e.kind, Subject: id.String(), Key: id.String(),
		PolicyVersion: l.PolicyVersion(), Data: e.data(id)})
}

func keysOf(m map[string]string) []string { return slices.Sorted(maps.Keys(m)) }
