package casework

import (
	"context"
	"maps"
	"slices"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"gallra.se/events"
	"gallra.se/libs/outbox"
	"gallra.se/libs/problem"
	"gallra.se/services/case-linker/internal/line"
	"gallra.se/services/case-linker/internal/store"
)

// deregistered ends a registration: the clock of AFC-13 starts from the decision's effective day.
func (d *Desk) deregistered(ctx context.Context, l line.Line) (change, error) {
	person, unit, err := d.personOf(ctx, l.Pack, l.Person)
	if err != nil {
		return change{}, err
	}
	id := person.Person
	return change{answer: Answer{ID: id, Record: id}, unit: unit, ref: id,
		apply: func(ctx context.Context, tx pgx.Tx) error { return d.deregister(ctx, tx, l, id) }}, nil
}

func (d *Desk) deregister(ctx context.Context, tx pgx.Tx, l line.Line, id uuid.UUID) error {
	locked, err := store.LockPersons(ctx, tx, l.Authority, []uuid.UUID{id})
	if err != nil {
		return err
	}
	person, known := locked[id]
	switch {
	case !known || d.gone(l.Pack, person):
		return problem.New("unknown-person")
	case !person.DeregisteredOn.IsZero():
		return problem.New("conflict")
	case l.EffectiveOn.Before(person.RegisteredOn):
		return problem.OnField("invalid-time", "effective")
	}
	if err := store.Deregister(ctx, tx, l.Authority, id, l.EffectiveOn); err != nil {
		return err
	}
	person.DeregisteredOn = l.EffectiveOn
	if err := d.datesAnew(ctx, tx, l.Pack, person); err != nil {
		return err
	}
	return d.Box.Append(ctx, tx, outbox.Draft{Authority: l.Authority, Type: events.TypePersonDeregistered,
		Subject: id.String(), Key: id.String(), PolicyVersion: l.PolicyVersion(),
		Data: events.PersonDeregistered{Person: id, Unit: id, EffectiveOn: l.EffectiveOn.String(), DecidedAt: l.At, Reason: l.Reason}})
}

func keysOf(m map[string]string) []string { return slices.Sorted(maps.Keys(m)) }
