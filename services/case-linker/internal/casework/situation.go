package casework

import (
	"context"
	"maps"
	"slices"

	"github.com/google/uuid"

	"gallra.se/libs/problem"
	"gallra.se/services/case-linker/internal/situation"
	"gallra.se/services/case-linker/internal/store"
)

// mayBeKept refuses fields of a note that its person's situation does not call for.
func (d *Desk) mayBeKept(ctx context.Context, t Taken, c store.Case, person uuid.UUID) error {
	if len(t.Fields) == 0 {
		return nil
	}
	pack, known := d.Rules.Packs.Pack(t.Authority)
	if !known {
		return problem.New("not-found")
	}
	open, err := store.OpenTypes(ctx, d.DB, t.Authority, person)
	if err != nil {
		return err
	}
	return situation.Judge(pack, situation.Question{Fields: slices.Collect(maps.Keys(t.Fields)), Category: t.Category, OpenTypes: open,
		Necessity: t.Necessity, Relation: t.Relation})
}

// profile parts what a registration brought into what the person's situation lets it keep (AFG-18), and the names of the rest.
func (d *Desk) profile(ctx context.Context, authority string, person uuid.UUID, fields map[string]string) (kept map[string]string, dropped []string, err error) {
	pack, known := d.Rules.Packs.Pack(authority)
	if !known {
		return nil, nil, problem.New("unknown-authority")
	}
	if always := pack.RegistrationFields(nil); !slices.ContainsFunc(keysOf(fields), func(f string) bool { return !slices.Contains(always, f) }) {
		return fields, nil, nil // as most do: nothing depends on cases
	}
	open, err := store.OpenTypes(ctx, d.DB, authority, person)
	if err != nil {
		return nil, nil, err
	}
	_, hidden, err := d.hidden(ctx, authority, []uuid.UUID{person}, nil)
	if err != nil {
		return nil, nil, err
	}
	if hidden { // the answer tells nobody of their cases
		open = nil
	}
	allowed := pack.RegistrationFields(open)
	kept = map[string]string{}
	for _, name := range keysOf(fields) {
		if slices.Contains(allowed, name) {
			kept[name] = fields[name]
		} else {
			dropped = append(dropped, name)
		}
	}
	return kept, dropped, nil
}
