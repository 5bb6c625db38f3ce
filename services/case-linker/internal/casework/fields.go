package casework

import (
	"context"

	"github.com/google/uuid"

	"gallra.se/libs/nationalid"
	"gallra.se/services/case-linker/internal/store"
)

// Resolve finds the living person with a number.
func (d *Desk) Resolve(ctx context.Context, authority, number string) (person uuid.UUID, found bool, err error) {
	pack, ok := d.Rules.Packs.Pack(authority)
	if !ok {
		return uuid.Nil, false, nil
	}
	id, err := nationalid.ParseOn(pack.Country, number, pack.Today(d.Clock.Now()))
	if err != nil {
		return uuid.Nil, false, nil
	}
	p, _, err := d.personOf(ctx, pack, id)
	if is(err, "unknown-person") {
		return uuid.Nil, false, nil
	}
	return p.Person, err == nil, err
}

// span is one registration as recipients get it.
type span struct {
	From  string `json:"from"`
	Until string `json:"until,omitempty"`
}

// Fields are the named fields of a living person, those that are known.
func (d *Desk) Fields(ctx context.Context, authority string, person uuid.UUID, names []string) (map[string]any, error) {
	view, err := d.ReadPerson(ctx, authority, person)
	if err != nil {
		return nil, err
	}
	out := map[string]any{}
	for _, name := range names {
		switch value, known := view.Fields[name]; {
		case name == "nationalId":
			out[name] = view.NationalID
		case name == "registrationDates":
			if out[name], err = d.spans(ctx, authority, person); err != nil {
				return nil, err
			}
		case known:
			out[name] = value
		}
	}
	return out, nil
}

func (d *Desk) spans(ctx context.Context, authority string, person uuid.UUID) ([]span, error) {
	registrations, err := store.Registrations(ctx, d.DB, authority, person)
	out := make([]span, len(registrations))
	for i, r := range registrations {
		out[i] = span{From: r.From.String(), Until: r.Until.String()}
	}
	return out, err
}
