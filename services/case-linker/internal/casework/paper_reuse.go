package casework

import (
	"context"
	"slices"

	"github.com/google/uuid"

	"gallra.se/libs/calendar"
	"gallra.se/libs/policy"
	"gallra.se/libs/problem"
	"gallra.se/services/case-linker/internal/store"
)

// Reuse is that somebody who applies again need not take a test again (AFG-43).
type Reuse struct {
	Authority string
	Paper     uuid.UUID // the result of the test, in a case of before
	Into      uuid.UUID // the recruitment now
	Whose     Whose     // in it
	Author    string
}

// ReuseTest copies the result of a test into an applicant's share of another recruitment, by whose end the copy lives from
// then on. It may be reused for so long as the pack says, counted from the day on which the test was taken. again is true
// when it lies there already.
func (d *Desk) ReuseTest(ctx context.Context, r Reuse) (id uuid.UUID, again bool, err error) {
	pack, known := d.Rules.Packs.Pack(r.Authority)
	if !known {
		return uuid.Nil, false, problem.New("not-found")
	}
	from, test, err := d.paper(ctx, r.Authority, r.Paper)
	if err != nil {
		return uuid.Nil, false, err
	}
	to, err := d.applicant(ctx, pack, r.Authority, r.Into, r.Whose)
	if err != nil {
		return uuid.Nil, false, err
	}
	same, err := d.samePerson(ctx, from.Share, to)
	if err != nil {
		return uuid.Nil, false, err
	}
	if !same || from.Case == r.Into {
		return uuid.Nil, false, problem.OnField("invalid-field", "person")
	}
	id = uuid.NewSHA1(to.Share, r.Paper[:]) // one copy, however often it is asked for
	if again, err = store.HasNote(ctx, d.DB, r.Authority, id); err != nil || again {
		return id, again, err
	}
	if err := reusable(pack, test, pack.Today(d.Clock.Now())); err != nil {
		return uuid.Nil, false, err
	}
	_, err = d.WriteNote(ctx, Taken{Authority: r.Authority, Note: id, Case: r.Into, Share: to.Share, At: d.Clock.Now().UTC(),
		Category: store.CategoryDocument, Text: test.Text, Author: r.Author,
		Written: Written{Kind: KindTest, TakenOn: test.TakenOn, Processor: test.Processor, Reuses: &r.Paper}})
	return id, false, err
}

// reusable refuses what is no test, and a test after the last day of its time.
func reusable(p *policy.Pack, test Note, today calendar.Date) error {
	recruitment, _ := p.Recruitment()
	window, limited := p.Window(store.CategoryDocument)
	taken, err := calendar.ParseDate(test.TakenOn)
	if err != nil || test.Kind != KindTest || !limited {
		return problem.ByRule("conflict", recruitment.ReuseRequirement)
	}
	if !today.Before(window.GoneFrom(taken)) {
		return problem.ByRule("conflict", window.Requirement)
	}
	return nil
}

// paper reads a living paper.
func (d *Desk) paper(ctx context.Context, authority string, id uuid.UUID) (store.Part, Note, error) {
	parts, _, err := d.partsOf(ctx, d.DB, authority, id)
	if err != nil {
		return store.Part{}, Note{}, err
	}
	if len(parts) == 0 {
		return store.Part{}, Note{}, d.missing(ctx, authority, id)
	}
	i := slices.IndexFunc(parts, func(p store.Part) bool { return !d.over(p.DueAt, p.Intended, p.Held) })
	if i < 0 {
		return store.Part{}, Note{}, problem.New("gone")
	}
	note, err := readNote(ctx, d, parts[i])
	return parts[i], note, err
}

// samePerson says whether two shares are about somebody with one number.
func (d *Desk) samePerson(ctx context.Context, share uuid.UUID, other store.Share) (bool, error) {
	s, found, err := store.FindShare(ctx, d.DB, other.Authority, share)
	if err != nil || !found {
		return false, err
	}
	a, err := read[File](ctx, d, s.Authority, s.Share, s.Share, store.CategoryFile, s.Content)
	if err != nil {
		return false, err
	}
	b, err := read[File](ctx, d, other.Authority, other.Share, other.Share, store.CategoryFile, other.Content)
	return a.NationalID != "" && a.NationalID == b.NationalID, err
}
