// Package lifetime is the holder's veto (D8 c): what case-linker's own facts say about a disposal that retention-timer
// found due. It counts as retention-timer does (libs/deadline), from the same policy pack and the facts in the same
// transaction, so a registration, reopening, closing or adoption that retention-timer has not heard of is never overtaken.
package lifetime

import (
	"slices"

	"gallra.se/libs/calendar"
	"gallra.se/libs/deadline"
	"gallra.se/libs/policy"
)

// Reasons to decline a disposal, as sent in disposal.declined.
const (
	Registered = "registered"  // the person is registered (again)
	CaseOpen   = "case-open"   // the case is open (again)
	NotYetDue  = "not-yet-due" // a newer decision moved the date
	Preserved  = "preserved"   // such records are kept until they are archived
)

const (
	identity = "person.identity"
	caseFile = "case.file"
	document = "case.document"
)

// Facts is what the holder knows of a unit.
type Facts struct {
	Category       string        // of a share's unit; "" is the case's file
	CaseType       string        // of the case, for a share
	RegisteredOn   calendar.Date // the person's first day, for an identity
	DeregisteredOn calendar.Date // zero: registered, or (for a share) the identity is gone already or never was
	OpenedOn       calendar.Date // of the case, for a share
	ClosedOn       calendar.Date // of the case; zero: open
}

// Identity is the schedule of a person's identity.
func Identity(p *policy.Pack, f Facts) deadline.Schedule {
	return deadline.Of(p, deadline.Facts{Category: identity, CollectedOn: f.RegisteredOn, Deregistered: f.DeregisteredOn})
}

// Share is the schedule of a person's share of a case, or of those of its notes that have a unit of their own.
func Share(p *policy.Pack, f Facts) deadline.Schedule {
	if f.Category == "" {
		f.Category = caseFile
	}
	return deadline.Of(p, deadline.Facts{Category: f.Category, CaseType: f.CaseType, CollectedOn: f.OpenedOn,
		Deregistered: f.DeregisteredOn, InCase: true, Closed: f.ClosedOn})
}

// IdentityVeto is the reason why a person's identity is not gone on a day, or "".
func IdentityVeto(p *policy.Pack, f Facts, dueOn calendar.Date) string {
	if f.DeregisteredOn.IsZero() {
		return Registered
	}
	return veto(p, Identity(p, f), dueOn)
}

// ShareVeto is the reason why a unit of a share of a case is not gone on a day, or "". When the identity is gone, its
// deregistration is not known here any more and the clock that retention-timer kept of it stands.
func ShareVeto(p *policy.Pack, f Facts, identityGone bool, dueOn calendar.Date) string {
	s := Share(p, f)
	switch {
	case s.Preserved:
		return Preserved
	case f.ClosedOn.IsZero():
		return CaseOpen
	case identityGone:
		return ""
	}
	return veto(p, s, dueOn)
}

func veto(p *policy.Pack, s deadline.Schedule, dueOn calendar.Date) string {
	due, ok := deadline.DueOf(p, s, calendar.Date{})
	switch {
	case s.Preserved:
		return Preserved
	case !ok || due.On.After(dueOn):
		return NotYetDue
	}
	return ""
}

// KeptFromErasure is the requirement for which a record of a case is not erased whatever the ground, or "". Of what outlives
// its case (there is false) no floor is known: it had passed, or the case was erased.
func KeptFromErasure(p *policy.Pack, f Facts, there bool, today calendar.Date) string {
	facts := deadline.Facts{Category: f.Category, CaseType: f.CaseType, CollectedOn: f.OpenedOn, Deregistered: f.DeregisteredOn, InCase: true, Closed: f.ClosedOn}
	if r, preserved := p.Preserved(f.Category, f.CaseType); preserved && !there {
		return r.Requirement
	}
	if !there {
		return p.Erasure().Keeps(f.Category)
	}
	return deadline.Kept(p, facts, today)
}

// IdentityGone says whether a person's identity is past its time on a day: then a registration makes a new person.
func IdentityGone(p *policy.Pack, f Facts, today calendar.Date) bool {
	return IdentityVeto(p, f, today) == ""
}

// Apart says whether notes of a category go at another time than the case's file, and so have a unit of their own.
func Apart(p *policy.Pack, category, caseType string) bool {
	if _, preserved := p.Preserved(category, caseType); preserved {
		_, alike := p.Preserved(caseFile, caseType)
		return !alike
	}
	own := rules(p, category, caseType)
	return len(own) > 0 && !slices.Equal(own, rules(p, caseFile, caseType))
}

func rules(p *policy.Pack, category, caseType string) []string {
	var ids []string
	for _, r := range p.Ending(category, caseType) {
		ids = append(ids, r.ID)
	}
	slices.Sort(ids)
	return ids
}

// EndsAs is the category by whose rule a record of a case ends: its own, or the file's where the notice has no word for it.
func EndsAs(p *policy.Pack, category, caseType string) string {
	if deadline.Promised(p, category, caseType) {
		return category
	}
	return caseFile
}

// KeptBy is the requirement because of which no officer deletes a record of a case: a floor that has not passed, the rule
// that preserves it, for a finished document the duty behind the archive, or else the rule that ends it in its own time.
func KeptBy(p *policy.Pack, f Facts, today calendar.Date) string {
	f.Category = EndsAs(p, f.Category, f.CaseType)
	ending, s := p.Ending(f.Category, f.CaseType), Share(p, f)
	for _, r := range ending {
		if r.Floor && (s.Floor.IsZero() || today.Before(s.Floor)) {
			return r.Requirement
		}
	}
	if r, preserved := p.Preserved(f.Category, f.CaseType); preserved {
		return r.Requirement
	}
	if also := p.Archive().Also; f.Category == document && len(also) > 0 {
		return also[0]
	}
	if c, runs := s.Effective(); runs {
		return c.Rule.Requirement
	}
	if len(ending) > 0 {
		return ending[0].Requirement
	}
	r, _ := p.Silence(f.Category, f.CaseType)
	return r.Requirement
}
