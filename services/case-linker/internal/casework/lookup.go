package casework

import (
	"context"
	"errors"
	"fmt"

	"github.com/google/uuid"

	"gallra.se/libs/keyring"
	"gallra.se/libs/nationalid"
	"gallra.se/libs/policy"
	"gallra.se/libs/problem"
	"gallra.se/services/case-linker/internal/lifetime"
	"gallra.se/services/case-linker/internal/store"
)

// byNumber is the purpose of the person look-up.
const byNumber = "national-id"

// personOf finds the living person with a number. One whose time is over is nobody, whether destroyed yet or not.
func (d *Desk) personOf(ctx context.Context, p *policy.Pack, id nationalid.ID) (store.Person, *keyring.Unit, error) {
	subject, found, err := d.Keys.Find(ctx, p.Authority, byNumber, []byte(id.Canonical()))
	if err != nil {
		return store.Person{}, nil, err
	}
	if !found {
		subject = uuid.Nil // and look for nobody, as long as for somebody
	}
	person, unit, err := d.livingPerson(ctx, p, subject)
	if err == nil && person.Protected && !sees(ctx) {
		return store.Person{}, nil, hiddenFrom{problem.New("unknown-person"), []uuid.UUID{person.Person}}
	}
	return person, unit, err
}

func (d *Desk) livingPerson(ctx context.Context, p *policy.Pack, id uuid.UUID) (store.Person, *keyring.Unit, error) {
	person, found, err := store.FindPerson(ctx, d.DB, p.Authority, id)
	if err != nil {
		return store.Person{}, nil, fmt.Errorf("find person: %w", err)
	}
	if !found || d.gone(p, person) {
		return store.Person{}, nil, problem.New("unknown-person")
	}
	unit, err := d.Keys.Unit(ctx, ref(p.Authority, id))
	if errors.Is(err, keyring.ErrDestroyed) || errors.Is(err, keyring.ErrUnknown) {
		return store.Person{}, nil, problem.New("unknown-person")
	}
	return person, unit, err
}

// gone says whether a person's identity may no longer be read: its destruction is decided, or the instant that
// retention-timer told is past; where it has told nothing, our own facts say. A hold keeps it readable.
func (d *Desk) gone(p *policy.Pack, person store.Person) bool {
	switch {
	case person.Intended || person.Held:
		return person.Intended
	case !person.DueAt.IsZero():
		return !d.Clock.Now().Before(person.DueAt)
	}
	return lifetime.IdentityGone(p, facts(person), p.Today(d.Clock.Now()))
}

func facts(p store.Person) lifetime.Facts {
	return lifetime.Facts{RegisteredOn: p.RegisteredOn, DeregisteredOn: p.DeregisteredOn}
}

// numberMAC is how a case number is kept and looked for; after disposal the tombstone keeps it.
func (d *Desk) numberMAC(ctx context.Context, authority, number string) ([]byte, error) {
	return d.Keys.TombstoneMAC(ctx, authority, []byte("case|"+number))
}

// caseOf finds a case by its number: gone for one that is disposed of, unknown-case for none.
func (d *Desk) caseOf(ctx context.Context, authority, number string) (store.Case, []store.Share, error) {
	mac, err := d.numberMAC(ctx, authority, number)
	if err != nil {
		return store.Case{}, nil, err
	}
	c, found, err := store.CaseByNumber(ctx, d.DB, authority, mac)
	if err != nil {
		return store.Case{}, nil, fmt.Errorf("find case: %w", err)
	}
	shares, err := store.SharesOfCase(ctx, d.DB, authority, c.Case)
	if err != nil {
		return store.Case{}, nil, err
	}
	_, hidden, err := d.hidden(ctx, authority, nil, []uuid.UUID{c.Case})
	if err != nil || found && !hidden {
		return c, shares, err
	}
	err = d.noCase(ctx, authority, mac)
	if hidden && problem.Refused(err) {
		err = hiddenFrom{problem.New("unknown-case"), personsOf(shares)}
	}
	return store.Case{}, nil, err
}

func (d *Desk) noCase(ctx context.Context, authority string, mac []byte) error {
	left, err := store.NumberBuried(ctx, d.DB, authority, mac)
	if err != nil {
		return err
	}
	if shown(ctx, left) {
		return problem.New("gone")
	}
	return problem.New("unknown-case")
}

func personsOf(shares []store.Share) []uuid.UUID {
	out := make([]uuid.UUID, len(shares))
	for i, s := range shares {
		out[i] = s.Person
	}
	return out
}
