package casework

import (
	"context"
	"errors"
	"time"

	"github.com/google/uuid"

	"gallra.se/libs/keyring"
	"gallra.se/libs/problem"
	"gallra.se/services/case-linker/internal/store"
)

// PersonView is what an entitled reader gets of a person.
type PersonView struct {
	ID             uuid.UUID         `json:"id"`
	NationalID     string            `json:"nationalId"`
	Fields         map[string]string `json:"fields"`
	Stored         []string          `json:"stored"`
	RegisteredOn   string            `json:"registeredOn"`
	DeregisteredOn string            `json:"deregisteredOn,omitempty"`
	DueAt          *time.Time        `json:"dueAt,omitempty"`

	protected bool
}

// ReadPerson reads a person; gone (410) from the moment the time is over, whatever has been destroyed by then.
func (d *Desk) ReadPerson(ctx context.Context, authority string, id uuid.UUID) (PersonView, error) {
	pack, known := d.Rules.Packs.Pack(authority)
	person, found, err := store.FindPerson(ctx, d.DB, authority, id)
	if err != nil {
		return PersonView{}, err
	}
	switch {
	case !found || !known:
		return PersonView{}, d.missing(ctx, authority, id)
	case person.Protected && !sees(ctx):
		return PersonView{}, d.concealed(ctx, authority, id, []uuid.UUID{id})
	}
	if d.gone(pack, person) {
		return PersonView{}, problem.New("gone")
	}
	who, err := read[Identity](ctx, d, authority, id, id, store.CategoryIdentity, person.Content)
	if err != nil {
		return PersonView{}, err
	}
	return PersonView{ID: id, NationalID: who.NationalID, Fields: who.Fields, Stored: append([]string{"nationalId"}, keysOf(who.Fields)...),
		RegisteredOn: person.RegisteredOn.String(), DeregisteredOn: person.DeregisteredOn.String(), DueAt: orNil(person.DueAt),
		protected: person.Protected}, nil
}

// CaseView is what an entitled reader gets of a case.
type CaseView struct {
	ID       uuid.UUID   `json:"id"`
	Record   uuid.UUID   `json:"record"`
	Number   string      `json:"number"`
	Type     string      `json:"type"`
	OpenedAt time.Time   `json:"openedAt"`
	ClosedOn string      `json:"closedOn,omitempty"`
	Persons  []uuid.UUID `json:"persons"`
	Notes    []uuid.UUID `json:"notes"`
	DueAt    *time.Time  `json:"dueAt,omitempty"`

	protected bool
}

// ReadCase reads a case by its id.
func (d *Desk) ReadCase(ctx context.Context, authority string, id uuid.UUID) (CaseView, error) {
	c, shares, err := d.caseByID(ctx, authority, id)
	if is(err, "unknown-case") {
		return CaseView{}, notFound(err)
	}
	if err != nil {
		return CaseView{}, err
	}
	protected, err := store.Hidden(ctx, d.DB, authority, nil, []uuid.UUID{id})
	if err != nil {
		return CaseView{}, err
	}
	if shares = d.living(shares); len(shares) == 0 {
		return CaseView{}, problem.New("gone")
	}
	file, err := read[File](ctx, d, authority, shares[0].Share, shares[0].Share, store.CategoryFile, shares[0].Content)
	if err != nil {
		return CaseView{}, err
	}
	v := CaseView{ID: id, Record: c.File, Number: file.Number, Type: c.Type, OpenedAt: c.OpenedAt.UTC(), ClosedOn: c.ClosedOn.String(),
		Persons: []uuid.UUID{}, Notes: []uuid.UUID{}, DueAt: orNil(shares[0].DueAt), protected: protected}
	all := make([]uuid.UUID, len(shares))
	for i, s := range shares {
		all[i] = s.Share
		if s.Kind != store.OwnShare {
			v.Persons = append(v.Persons, s.Person)
		}
	}
	notes, err := store.NotesOfShares(ctx, d.DB, authority, all)
	if err == nil {
		v.Notes = append(v.Notes, notes...)
	}
	return v, err
}

// missing is gone for what was here, not-found for what never was.
func (d *Desk) missing(ctx context.Context, authority string, id uuid.UUID) error {
	left, err := store.Buried(ctx, d.DB, authority, id)
	if err != nil {
		return err
	}
	if shown(ctx, left) {
		return problem.New("gone")
	}
	return problem.New("not-found")
}

// read opens a record's content; a destroyed key is gone.
func read[T any](ctx context.Context, d *Desk, authority string, unit, record uuid.UUID, category string, box []byte) (content T, err error) {
	key, err := d.Keys.Unit(ctx, ref(authority, unit))
	if errors.Is(err, keyring.ErrDestroyed) || errors.Is(err, keyring.ErrUnknown) {
		return content, problem.New("gone")
	}
	if err != nil {
		return content, err
	}
	return open[T](key, authority, record, category, box)
}

func orNil(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}
