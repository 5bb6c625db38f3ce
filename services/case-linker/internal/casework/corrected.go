package casework

import (
	"context"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"gallra.se/events"
	"gallra.se/libs/outbox"
	"gallra.se/libs/problem"
	"gallra.se/services/case-linker/internal/line"
	"gallra.se/services/case-linker/internal/store"
)

// corrected puts the end of the last registration on the day on which it really was. It brings nobody back: once a time is
// over, what is left of a person does not depend on a date any more.
func (d *Desk) corrected(ctx context.Context, l line.Line) (change, error) {
	person, unit, err := d.personOf(ctx, l.Pack, l.Person)
	if err != nil {
		return change{}, err
	}
	id := person.Person
	return change{answer: Answer{ID: id, Record: id}, unit: unit, ref: id,
		apply: func(ctx context.Context, tx pgx.Tx) error { return d.correct(ctx, tx, l, id) }}, nil
}

func (d *Desk) correct(ctx context.Context, tx pgx.Tx, l line.Line, id uuid.UUID) error {
	locked, err := store.LockPersons(ctx, tx, l.Authority, []uuid.UUID{id})
	if err != nil {
		return err
	}
	person, known := locked[id]
	switch {
	case !known || d.gone(l.Pack, person):
		return problem.New("unknown-person")
	case person.DeregisteredOn.IsZero():
		return problem.New("conflict")
	case l.EffectiveOn.Before(person.RegisteredOn):
		return problem.OnField("invalid-time", "effective")
	}
	if err := store.CorrectDeregistration(ctx, tx, l.Authority, id, l.EffectiveOn); err != nil {
		return err
	}
	person.DeregisteredOn = l.EffectiveOn
	if err := d.datesAnew(ctx, tx, l.Pack, person); err != nil {
		return err
	}
	return d.Box.Append(ctx, tx, outbox.Draft{Authority: l.Authority, Type: events.TypePersonCorrected,
		Subject: id.String(), Key: id.String(), PolicyVersion: l.PolicyVersion(),
		Data: events.PersonCorrected{Person: id, Unit: id, Event: line.Deregistered, EffectiveOn: l.EffectiveOn.String(),
			DecidedAt: l.At, Reason: l.Reason}})
}
