package casework

import (
	"context"
	"slices"
	"time"

	"github.com/google/uuid"

	"gallra.se/libs/bearer"
	"gallra.se/libs/policy"
	"gallra.se/libs/problem"
	"gallra.se/services/case-linker/internal/line"
	"gallra.se/services/case-linker/internal/store"
)

// Found is somebody whom a search found. A protected person's name stays away from lists, also for whoever is appointed.
type Found struct {
	ID     uuid.UUID `json:"id"`
	Name   string    `json:"name"`
	Masked bool      `json:"masked,omitempty"`
}

// FindByNumber finds the living person with a number; not-found for nobody, and for somebody whom the caller in ctx may not
// know of.
func (d *Desk) FindByNumber(ctx context.Context, p *policy.Pack, number string) ([]Found, error) {
	id, err := line.Number(p, number, d.Clock.Now(), d.Rules.Simulated)
	if err != nil {
		return nil, err
	}
	person, unit, err := d.personOf(ctx, p, id)
	if is(err, "unknown-person") {
		return nil, notFound(err)
	}
	if err != nil {
		return nil, err
	}
	who, err := open[Identity](unit, p.Authority, person.Person, store.CategoryIdentity, person.Content)
	if err != nil {
		return nil, err
	}
	return []Found{masked(person.Person, who.Fields["name"], person.Protected)}, nil
}

// FindByCase finds who takes part in the case with a number; not-found where there is no such case, where the caller may not
// know of it, and where admits says no.
func (d *Desk) FindByCase(ctx context.Context, p *policy.Pack, number string, admits func(Seen) bool) ([]Found, error) {
	c, shares, err := d.caseOf(ctx, p.Authority, number)
	if is(err, "unknown-case") || is(err, "gone") {
		return nil, notFound(err)
	}
	if err != nil {
		return nil, err
	}
	protected, err := store.ProtectedOf(ctx, d.DB, p.Authority, personsOf(shares))
	if err != nil {
		return nil, err
	}
	seen := Seen{Record: c.File, Category: store.CategoryFile, CaseType: c.Type, Case: c.Case, Persons: personsOf(shares), Protected: len(protected) > 0}
	if shares = d.living(shares); len(shares) == 0 || !admits(seen) {
		return nil, problem.New("not-found")
	}
	all, err := d.parties(ctx, shares)
	if err != nil {
		return nil, err
	}
	found := []Found{}
	for _, who := range all {
		if who.Kind != store.OwnShare {
			found = append(found, masked(who.Share.Person, who.Name, slices.Contains(protected, who.Share.Person)))
		}
	}
	return found, nil
}

func masked(id uuid.UUID, name string, protected bool) Found {
	if protected {
		return Found{ID: id, Masked: true}
	}
	return Found{ID: id, Name: name}
}

// PersonsCase is a case of a person's, as a list shows it.
type PersonsCase struct {
	ID       uuid.UUID  `json:"id"`
	Number   string     `json:"number"`
	Type     string     `json:"type"`
	OpenedAt time.Time  `json:"openedAt"` // UTC
	ClosedOn string     `json:"closedOn,omitempty"`
	DueAt    *time.Time `json:"dueAt,omitempty"` // UTC: from when the person's share is gone
	Assigned bool       `json:"assigned"`        // to the caller

	file      uuid.UUID
	person    uuid.UUID
	protected bool
}

// Seen is the case's file.
func (c PersonsCase) Seen() Seen {
	return Seen{Record: c.file, Category: store.CategoryFile, CaseType: c.Type, Case: c.ID, Persons: []uuid.UUID{c.person}, Protected: c.protected}
}

// CasesOf are the living cases in which a person takes part and of which the caller may know, the newest first. Which of them
// the caller may read is for others to decide.
func (d *Desk) CasesOf(ctx context.Context, by bearer.Claims, person uuid.UUID) ([]PersonsCase, error) {
	shares, err := store.SharesOfPerson(ctx, d.DB, by.Authority, person)
	if err != nil {
		return nil, err
	}
	var out []PersonsCase
	for _, s := range d.living(shares) {
		c, found, err := d.personsCase(ctx, by, s)
		if err != nil {
			return nil, err
		}
		if found {
			out = append(out, c)
		}
	}
	slices.SortFunc(out, func(a, b PersonsCase) int { return b.OpenedAt.Compare(a.OpenedAt) })
	return out, nil
}

func (d *Desk) personsCase(ctx context.Context, by bearer.Claims, s store.Share) (PersonsCase, bool, error) {
	c, _, err := d.caseByID(ctx, s.Authority, s.Case)
	if is(err, "unknown-case") || is(err, "gone") {
		return PersonsCase{}, false, nil
	}
	if err != nil {
		return PersonsCase{}, false, err
	}
	protected, err := store.Hidden(ctx, d.DB, s.Authority, nil, []uuid.UUID{s.Case})
	if err != nil {
		return PersonsCase{}, false, err
	}
	file, err := read[File](ctx, d, s.Authority, s.Share, s.Share, store.CategoryFile, s.Content)
	if is(err, "gone") {
		return PersonsCase{}, false, nil
	}
	if err != nil {
		return PersonsCase{}, false, err
	}
	assigned, err := d.Assigned(ctx, by, s.Case)
	return PersonsCase{ID: c.Case, Number: file.Number, Type: c.Type, OpenedAt: c.OpenedAt.UTC(), ClosedOn: c.ClosedOn.String(), DueAt: orNil(s.DueAt),
		Assigned: assigned, file: c.File, person: s.Person, protected: protected}, true, err
}
