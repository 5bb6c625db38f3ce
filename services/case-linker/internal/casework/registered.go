package casework

import (
	"context"
	"errors"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"gallra.se/events"
	"gallra.se/libs/keyring"
	"gallra.se/libs/outbox"
	"gallra.se/libs/problem"
	"gallra.se/services/case-linker/internal/line"
	"gallra.se/services/case-linker/internal/store"
)

// registered begins a registration. A number that is known and whose identity still lives is the same person, whose
// clock is cancelled; from the day after E there is nothing left, and a new person begins (requirements 3.4).
func (d *Desk) registered(ctx context.Context, l line.Line) (change, error) {
	id, unit, err := d.identify(ctx, l)
	if err != nil {
		return change{}, err
	}
	fields, dropped, err := d.profile(ctx, l.Authority, id, l.Fields)
	if err != nil {
		return change{}, err
	}
	content := Identity{Salt: newSalt(), NationalID: l.Person.Canonical(), Fields: fields}
	box, commitment, err := seal(unit, l.Authority, id, store.CategoryIdentity, content)
	if err != nil {
		return change{}, err
	}
	answered, err := d.answeredAlike(ctx, l.Authority, id)
	if err != nil {
		return change{}, err
	}
	p := store.Person{Authority: l.Authority, Person: id, RegisteredOn: l.EffectiveOn, Content: box, Commitment: commitment}
	stored := append([]string{"nationalId"}, keysOf(fields)...)
	return change{answer: Answer{ID: answered, Record: answered, Stored: stored, Dropped: append(l.Dropped, dropped...)}, unit: unit, ref: id,
		apply: func(ctx context.Context, tx pgx.Tx) error { return d.register(ctx, tx, l, p) }}, nil
}

// answeredAlike is the id that a registration is answered with. Whoever may not know of a protected person hears what is
// heard about somebody new: an id that was never seen, and that finds nobody afterwards.
func (d *Desk) answeredAlike(ctx context.Context, authority string, id uuid.UUID) (uuid.UUID, error) {
	_, hidden, err := d.hidden(ctx, authority, []uuid.UUID{id}, nil)
	if hidden {
		id = uuid.New()
	}
	return id, err
}

// identify finds the person of a number or makes the key and the look-up entry of a new one: key first, then row. A key
// that is found is asked for as if it were new: one that a crash left without a row is no orphan while it gets one.
func (d *Desk) identify(ctx context.Context, l line.Line) (uuid.UUID, *keyring.Unit, error) {
	number := []byte(l.Person.Canonical())
	id, found, err := d.Keys.Find(ctx, l.Authority, byNumber, number)
	if err != nil {
		return id, nil, err
	}
	if !found {
		fresh := uuid.New()
		unit, err := d.Keys.NewUnit(ctx, ref(l.Authority, fresh), keyring.Shared("person"))
		if err != nil {
			return id, nil, err
		}
		if id, err = d.Keys.Enter(ctx, byNumber, ref(l.Authority, fresh), fresh, number); err != nil || id == fresh {
			return id, unit, err
		}
	}
	unit, err := d.Keys.NewUnit(ctx, ref(l.Authority, id), keyring.Shared("person"))
	if errors.Is(err, keyring.ErrDestroyed) {
		err = problem.Unavailable(disposing)
	}
	return id, unit, err
}

// disposing is what a registration is told in the moments between the end of a person's time and the destruction of the
// old look-up entry.
const disposing = 5 * time.Second

func (d *Desk) register(ctx context.Context, tx pgx.Tx, l line.Line, p store.Person) error {
	locked, err := store.LockPersons(ctx, tx, l.Authority, []uuid.UUID{p.Person})
	if err != nil {
		return err
	}
	now, known := locked[p.Person]
	switch {
	case !known:
		if fresh, err := store.InsertPerson(ctx, tx, p); err != nil || !fresh {
			return orStale(err)
		}
		if err := count(ctx, tx, l.Authority, store.AnySlot(), "persons", "stored/"+store.CategoryIdentity); err != nil {
			return err
		}
	case d.gone(l.Pack, now):
		return problem.Unavailable(disposing)
	case now.DeregisteredOn.IsZero() && now.Protected && !sees(ctx):
		return nil // registered already, and answered alike
	case now.DeregisteredOn.IsZero():
		return problem.New("conflict")
	default:
		if err := store.UpdatePerson(ctx, tx, p); err != nil {
			return err
		}
		if err := d.datesAnew(ctx, tx, l.Pack, p); err != nil { // p is registered: only ceilings are left
			return err
		}
	}
	if err := store.Register(ctx, tx, l.Authority, p.Person, l.EffectiveOn); err != nil {
		return err
	}
	return d.Box.Append(ctx, tx, outbox.Draft{Authority: l.Authority, Type: events.TypePersonRegistered,
		Subject: p.Person.String(), Key: p.Person.String(), PolicyVersion: l.PolicyVersion(),
		Data: events.PersonRegistered{Person: p.Person, Unit: p.Person, Record: p.Person, RegisteredAt: l.At, RegisteredOn: l.EffectiveOn.String()}})
}

func orStale(err error) error {
	if err != nil {
		return err
	}
	return errStale
}

func count(ctx context.Context, tx pgx.Tx, authority string, slot store.Slot, names ...string) error {
	for _, name := range names {
		if err := store.Count(ctx, tx, authority, name, slot, 1); err != nil {
			return err
		}
	}
	return nil
}
