package casework

import (
	"context"

	"github.com/google/uuid"

	"gallra.se/libs/problem"
	"gallra.se/services/case-linker/internal/lifetime"
	"gallra.se/services/case-linker/internal/store"
)

// Nothing of a case is deleted by an officer: it goes by its rule, and where it must be kept nobody may make it go earlier
// (AFG-42, AFG-52, STH-05, STH-18). What refuses is cited.

// DeleteNote refuses to delete a note.
func (d *Desk) DeleteNote(ctx context.Context, authority string, id uuid.UUID) error {
	parts, _, err := d.partsOf(ctx, d.DB, authority, id)
	if err != nil {
		return err
	}
	for _, p := range parts {
		if d.over(p.DueAt, p.Intended, p.Held) {
			continue
		}
		c, _, err := store.FindCase(ctx, d.DB, authority, p.Case)
		if err != nil {
			return err
		}
		c.Type = p.CaseType // known also when the case itself is gone
		return d.keptBy(authority, c, p.Category)
	}
	if len(parts) > 0 {
		return problem.New("gone")
	}
	return d.missing(ctx, authority, id)
}

// DeleteCase refuses to delete a case.
func (d *Desk) DeleteCase(ctx context.Context, authority string, id uuid.UUID) error {
	c, shares, err := d.caseByID(ctx, authority, id)
	switch {
	case is(err, "unknown-case"):
		return notFound(err)
	case err != nil:
		return err
	case len(d.living(shares)) == 0:
		return problem.New("gone")
	}
	return d.keptBy(authority, c, store.CategoryFile)
}

func (d *Desk) keptBy(authority string, c store.Case, category string) error {
	pack, known := d.Rules.Packs.Pack(authority)
	if !known {
		return problem.New("not-found")
	}
	facts := shareFacts(pack, store.Person{}, c, category)
	return problem.ByRule("conflict", lifetime.KeptBy(pack, facts, pack.Today(d.Clock.Now())))
}
