package casework

import (
	"context"

	"github.com/google/uuid"

	"gallra.se/libs/access"
	"gallra.se/libs/bearer"
	"gallra.se/libs/problem"
	"gallra.se/services/case-linker/internal/store"
)

// A protected person does not exist for whoever is not appointed, and neither does a case in which one takes part, with all
// that is in it (AFG-08, AFG-10). Whatever finds persons, cases and notes asks here, so that no route has to think of it. Who
// asks stands in the context; a context that says nothing about it is one of somebody who is not appointed.
//
// An answer about somebody hidden comes by the same look-ups as one about nobody, and before anything is decrypted.

type insideKey struct{}

// Inside marks work that answers nobody: what another service says, or an event.
func Inside(ctx context.Context) context.Context { return context.WithValue(ctx, insideKey{}, true) }

// sees says whether who asks may know of protected persons.
func sees(ctx context.Context) bool {
	if inside, _ := ctx.Value(insideKey{}).(bool); inside {
		return true
	}
	c, ok := bearer.From(ctx)
	return ok && access.Appointed(c)
}

// Visible says whether a caller may know of a person.
func (d *Desk) Visible(ctx context.Context, c bearer.Claims, person uuid.UUID) (bool, error) {
	hidden, err := store.Hidden(ctx, d.DB, c.Authority, []uuid.UUID{person}, nil)
	return err == nil && (!hidden || access.Appointed(c)), err
}

// VisibleCase says whether a caller may know of a case.
func (d *Desk) VisibleCase(ctx context.Context, c bearer.Claims, id uuid.UUID) (bool, error) {
	hidden, err := store.Hidden(ctx, d.DB, c.Authority, nil, []uuid.UUID{id})
	return err == nil && (!hidden || access.Appointed(c)), err
}

// hiddenFrom is the answer "there is nothing" about somebody who is there. Only the access log is told whom it was about.
type hiddenFrom struct {
	error
	persons []uuid.UUID
}

func (h hiddenFrom) Unwrap() error { return h.error }

// Hides tells whom an answer of "there is nothing" hides: none, where there is nothing.
func Hides(err error) []uuid.UUID {
	for err != nil {
		if h, ok := err.(hiddenFrom); ok {
			return h.persons
		}
		wraps, ok := err.(interface{ Unwrap() error })
		if !ok {
			return nil
		}
		err = wraps.Unwrap()
	}
	return nil
}

// notFound is what is answered for an id that is not there, keeping whom it hides.
func notFound(err error) error {
	if hides := Hides(err); len(hides) > 0 {
		return hiddenFrom{problem.New("not-found"), hides}
	}
	return problem.New("not-found")
}

// hidden says whether a protected person is among these, or takes part in one of these cases, and who asks may not know it.
func (d *Desk) hidden(ctx context.Context, authority string, persons, cases []uuid.UUID) (there, hidden bool, err error) {
	there, err = store.Hidden(ctx, d.DB, authority, persons, cases)
	return there, there && !sees(ctx), err
}

// shown turns what is left of a record into what who asks may know of it.
func shown(ctx context.Context, t store.Tombstone) bool {
	return t.Found && (!t.Protected || sees(ctx))
}

// partsOf are the parts of a note; protected says that it is one of a case with a protected person in it. Where that is hidden
// from who asks there are none, and no tombstone either.
func (d *Desk) partsOf(ctx context.Context, db store.DB, authority string, note uuid.UUID) (parts []store.Part, protected bool, err error) {
	if parts, err = store.PartsOf(ctx, db, authority, note); err != nil {
		return nil, false, err
	}
	persons, cases := make([]uuid.UUID, len(parts)), make([]uuid.UUID, len(parts))
	for i, p := range parts {
		persons[i], cases[i] = p.Person, p.Case
	}
	protected, hidden, err := d.hidden(ctx, authority, persons, cases)
	if err != nil || !hidden {
		return parts, protected, err
	}
	return nil, true, d.concealed(ctx, authority, note, persons)
}

// concealed is the answer about an id that is hidden: by the same look-ups as one about an id that is not there.
func (d *Desk) concealed(ctx context.Context, authority string, id uuid.UUID, persons []uuid.UUID) error {
	if err := d.missing(ctx, authority, id); !is(err, "not-found") && !is(err, "gone") {
		return err
	}
	return hiddenFrom{problem.New("not-found"), persons}
}
