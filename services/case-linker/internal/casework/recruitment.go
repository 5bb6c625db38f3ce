package casework

import (
	"context"
	"slices"

	"github.com/google/uuid"

	"gallra.se/libs/bearer"
	"gallra.se/libs/calendar"
	"gallra.se/libs/policy"
	"gallra.se/libs/problem"
	"gallra.se/services/case-linker/internal/line"
	"gallra.se/services/case-linker/internal/store"
)

// Kinds of a recruitment's papers of which more is known than their name (AFG-39).
const (
	KindApplication = "application"
	KindInterview   = "interview-note"
	KindTest        = "test-result"
)

// Processor is the role of a company that processes on the authority's behalf. It sees nothing by itself: it hands in and
// is given what the pack names (AFG-44).
const Processor = "processor"

// Whose calls an applicant of a recruitment: by national number, by share, or by the opaque id.
type Whose struct {
	NationalID    string
	Share, Person uuid.UUID
}

// Paper is a paper of a recruitment on its way to an applicant's share. It goes with the case (AFG-42).
type Paper struct {
	Authority string
	Case      uuid.UUID
	Whose     Whose
	By        bearer.Claims
	Kind      string
	TakenOn   calendar.Date // of a test; zero for other papers
	Text      string
	Processor string // in whose name it comes; empty: the authority's own
}

// HandIn keeps a paper and returns its id.
func (d *Desk) HandIn(ctx context.Context, p Paper) (uuid.UUID, error) {
	pack, known := d.Rules.Packs.Pack(p.Authority)
	if !known {
		return uuid.Nil, problem.New("not-found")
	}
	if err := MayHandIn(pack, p.By, p.Kind, p.Processor); err != nil {
		return uuid.Nil, err
	}
	share, err := d.applicant(ctx, pack, p.Authority, p.Case, p.Whose)
	if err != nil {
		return uuid.Nil, err
	}
	t := Taken{Authority: p.Authority, Case: p.Case, At: d.Clock.Now().UTC(), Text: p.Text, Author: p.By.Name, Category: store.CategoryDocument,
		Share: share.Share, Written: Written{Kind: p.Kind, TakenOn: p.TakenOn.String(), Processor: p.Processor}}
	if p.Kind == KindInterview { // it may compare applicants: whoever is mentioned has a part of it
		t.Category, t.Share, t.About = store.CategoryNote, uuid.Nil, []string{share.Person.String()}
	}
	return d.WriteNote(ctx, t)
}

// MayHandIn refuses kinds of papers that recruitments do not have (AFG-39), and of a processor every kind but its own.
func MayHandIn(p *policy.Pack, by bearer.Claims, kind, processor string) error {
	recruitment, ok := p.Recruitment()
	if !ok {
		return problem.New("conflict")
	}
	if by.Has(Processor) && (processor == "" || processor == by.Name) {
		processor = by.Name
	} else if by.Has(Processor) {
		return problem.ByRule("denied", recruitment.TransferRequirement)
	}
	switch {
	case processor != "" && !handles(p, processor, kind):
		return problem.ByRule("denied", recruitment.TransferRequirement)
	case processor == "" && !slices.Contains(recruitment.Kinds, kind):
		return problem.ByRule("denied", recruitment.Requirement)
	}
	return nil
}

// handles says whether the pack gives a processor papers of that kind.
func handles(p *policy.Pack, processor, kind string) bool {
	who, known := p.Processor(processor)
	return known && slices.Contains(who.Kinds, kind)
}

// TypeOf is the type of a case that the caller in ctx may know of.
func (d *Desk) TypeOf(ctx context.Context, authority string, id uuid.UUID) (string, error) {
	c, _, err := d.caseByID(ctx, authority, id)
	if is(err, "unknown-case") {
		err = notFound(err)
	}
	return c.Type, err
}

// applicant finds somebody's living share of a recruitment.
func (d *Desk) applicant(ctx context.Context, p *policy.Pack, authority string, id uuid.UUID, whose Whose) (store.Share, error) {
	_, own, err := d.beginning(ctx, authority, id)
	if err != nil {
		return store.Share{}, err
	}
	if whose.NationalID != "" {
		return d.applicantByNumber(ctx, p, own, whose.NationalID)
	}
	shares, err := store.SharesOfCase(ctx, d.DB, authority, id)
	if err != nil {
		return store.Share{}, err
	}
	for _, s := range d.living(shares) {
		if s.Kind != store.OwnShare && (s.Share == whose.Share || s.Person == whose.Person) {
			return s, nil
		}
	}
	return store.Share{}, problem.New("unknown-person")
}

func (d *Desk) applicantByNumber(ctx context.Context, p *policy.Pack, own store.Share, number string) (store.Share, error) {
	id, err := line.Number(p, number, d.Clock.Now(), d.Rules.Simulated)
	if err != nil {
		return store.Share{}, err
	}
	_, mac, err := d.numberIn(ctx, own, id)
	if err != nil {
		return store.Share{}, err
	}
	s, found, err := store.ApplicantShare(ctx, d.DB, own.Authority, own.Case, mac)
	if err == nil && (!found || d.over(s.DueAt, s.Intended, s.Held)) {
		err = problem.New("unknown-person")
	}
	return s, err
}
