package casework

import (
	"context"
	"slices"

	"github.com/google/uuid"

	"gallra.se/libs/problem"
	"gallra.se/services/case-linker/internal/line"
	"gallra.se/services/case-linker/internal/store"
)

// Asked is what a recipient wants to know about whoever has a number.
type Asked struct {
	Authority, NationalID string
	Recipient             string
	Fields                []string
}

// Resolved is the living person with a number, if the recipient may hear of one.
type Resolved struct {
	Found     bool       `json:"found"`
	Person    *uuid.UUID `json:"person,omitempty"`
	Protected bool       `json:"protected,omitempty"`
	Fields    []string   `json:"fields,omitempty"` // of a protected person: what was agreed
	Held      *uuid.UUID `json:"held,omitempty"`   // a protected person about whom nothing was agreed: for the recipient there is nobody
}

// Resolve finds the living person with a number. Of a protected person a recipient hears only by a plan that both have signed
// (AFG-09); a plan is looked for whoever it is, and where there is nobody too.
func (d *Desk) Resolve(ctx context.Context, a Asked) (Resolved, error) {
	pack, ok := d.Rules.Packs.Pack(a.Authority)
	if !ok {
		return Resolved{}, nil
	}
	id, err := line.Written(pack, a.NationalID, d.Clock.Now())
	if err != nil {
		return Resolved{}, nil
	}
	p, unit, err := d.personOf(Inside(ctx), pack, id)
	if err != nil && !is(err, "unknown-person") {
		return Resolved{}, err
	}
	nobody := err != nil
	agreed, err := d.agreed(ctx, unit, a.Authority, p.Person, a.Recipient)
	switch {
	case err != nil || nobody:
		return Resolved{}, err
	case !p.Protected:
		return Resolved{Found: true, Person: &p.Person}, nil
	}
	fields := slices.DeleteFunc(slices.Clone(a.Fields), func(name string) bool { return !slices.Contains(agreed, name) })
	if len(fields) == 0 {
		return Resolved{Held: &p.Person}, nil
	}
	return Resolved{Found: true, Person: &p.Person, Protected: true, Fields: fields}, nil
}

// Whose finds the living person with a number, for the system's own use.
func (d *Desk) Whose(ctx context.Context, authority, number string) (person uuid.UUID, found bool, err error) {
	pack, ok := d.Rules.Packs.Pack(authority)
	if !ok {
		return uuid.Nil, false, nil
	}
	id, err := line.Written(pack, number, d.Clock.Now())
	if err != nil {
		return uuid.Nil, false, nil
	}
	subject, found, err := d.Keys.Find(ctx, authority, byNumber, []byte(id.Canonical()))
	if err != nil || !found {
		return uuid.Nil, false, err
	}
	p, found, err := store.FindPerson(ctx, d.DB, authority, subject)
	return subject, found && !d.gone(pack, p), err
}

// Released are the named fields of a living person as they are now. A mark that came after the decision counts: a protected
// person's go out only if all of them were agreed.
func (d *Desk) Released(ctx context.Context, authority, recipient string, person uuid.UUID, names []string) (map[string]any, error) {
	p, found, err := store.FindPerson(ctx, d.DB, authority, person)
	if err != nil {
		return nil, err
	}
	if found && p.Protected {
		unit, err := d.livingKey(ctx, authority, person)
		if err != nil {
			return nil, err
		}
		agreed, err := d.agreed(ctx, unit, authority, person, recipient)
		if err != nil {
			return nil, err
		}
		if slices.ContainsFunc(names, func(name string) bool { return !slices.Contains(agreed, name) }) {
			return nil, problem.New("not-found")
		}
	}
	return d.Fields(Inside(ctx), authority, person, names)
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
