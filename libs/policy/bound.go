package policy

import (
	"slices"
	"time"

	"gallra.se/libs/calendar"
)

// StatutoryBound is the outer bound of law beyond every promise: an invariant with an alarm, never a plan.
type StatutoryBound struct {
	Requirement, LegalSource string
	Years                    int      // after the end of the year of closure; 0: this authority has none
	CaseTypes                []string // that the law holds for; empty: all
}

// StatutoryBound is the last day by law for the records of a case of that type closed on that day (L-01: 31 December
// three years after the year of closure), or the zero Date where no law sets one.
func (p *Pack) StatutoryBound(caseType string, closedOn calendar.Date) calendar.Date {
	b := p.Bound
	if b.Years == 0 || closedOn.IsZero() || len(b.CaseTypes) > 0 && !slices.Contains(b.CaseTypes, caseType) {
		return calendar.Date{}
	}
	return calendar.Date{Year: closedOn.Year + b.Years, Month: time.December, Day: 31}
}

// Extension says that a record may be kept longer for a reason, one by one (KSC-14).
type Extension struct {
	Requirement string
	Category    string
	Rule        string   // that ends it without an extension
	Until       string   // rule that ends it with one, and that nothing passes
	Reasons     []string // codes, as complaint
	Single      bool     // never several at once
}

// Extension is the way in which records of the category may be kept longer.
func (p *Pack) Extension(category string) (Extension, bool) {
	for _, e := range p.Extensions {
		if e.Category == category {
			return e, true
		}
	}
	return Extension{}, false
}

// Archive is what becomes of official documents at their disposal (AFG-55): they are sealed, and later handed over.
type Archive struct {
	Requirement   string   // empty: the authority's notice has no archive
	Also          []string // further requirements that it keeps
	RuleReference string   // by which preservation is allowed; nothing is sealed without one (L-03)
	TransferAt    string   // statisticsEnd or disposal
}

// Archive is the authority's archive branch.
func (p *Pack) Archive() Archive { return p.archive }

// TransferOn is the civil date on which what was sealed on that day goes to the archive authority: at once, or when the
// statistics row that was separated with it ends (section 2.2). It is zero where the authority has no archive.
func (p *Pack) TransferOn(separatedOn calendar.Date) calendar.Date {
	switch p.archive.TransferAt {
	case "disposal":
		return separatedOn
	case "statisticsEnd":
		if rule, ok := p.RuleOn("statistics.row", Separation); ok {
			gone, _ := p.GoneFrom(rule, separatedOn, separatedOn)
			return gone
		}
	}
	return calendar.Date{}
}
