package policy

import (
	"slices"
	"time"

	"gallra.se/libs/calendar"
)

// Pack is what one authority has promised.
type Pack struct {
	Authority  string
	Country    string // ISO 3166-1 alpha-2; names the register of national ids
	Zone       *time.Location
	Controller string
	Version    string // stamped on every contact, event and receipt
	Notice     Notice

	Channels     map[string]Channel
	Fields       []string // catalogue of the field names a contact line may use; any other refuses the line
	Registration Registration
	CaseTypes    []string
	Categories   []Category
	Rules        []Rule // one per rule, category and version, in the order of the pack
	CaseLimits   CaseLimits
	Bound        StatutoryBound
	Recipients   map[string]Recipient
}

// Notice is the text that the person was pointed to (AFC-30).
type Notice struct{ Version, URL string }

// Category is a kind of record.
type Category struct{ Name, Requirement string }

// Registration is what the registration of a person may carry (AFG-14, AFG-15).
type Registration struct{ Required, Store []string }

// CaseLimits says which rules end a case's records, or why no rule does: a pack may not be silent about it.
type CaseLimits struct {
	Rules  []string
	Reason string // set where Rules is empty
}

// StatutoryBound is the outer bound of law beyond every promise: an invariant with an alarm, never a plan.
type StatutoryBound struct {
	Requirement, LegalSource string
	Years                    int // after the end of the year of closure; 0: this authority has none
}

// Recipient is someone outside who gets exactly these fields, and in these ways only (AFG-47).
type Recipient struct {
	ID, Name, Requirement, LegalSource, Country string
	Fields                                      []string
	Modes                                       []string // direct, medium
}

// KnownField says whether the catalogue has the name.
func (p *Pack) KnownField(name string) bool { return slices.Contains(p.Fields, name) }

// KnownCaseType says whether the authority has cases of that type.
func (p *Pack) KnownCaseType(name string) bool { return slices.Contains(p.CaseTypes, name) }

// Recipient is the listed recipient with that identifier.
func (p *Pack) Recipient(id string) (Recipient, bool) {
	r, ok := p.Recipients[id]
	return r, ok
}

// StatutoryBound is the last day by law for the records of a case closed on that day (L-01: 31 December three years
// after the year of closure), or the zero Date where no law sets one.
func (p *Pack) StatutoryBound(closedOn calendar.Date) calendar.Date {
	if p.Bound.Years == 0 {
		return calendar.Date{}
	}
	return calendar.Date{Year: closedOn.Year + p.Bound.Years, Month: time.December, Day: 31}
}

// Today is the civil date that the authority's own calendar shows at an instant.
func (p *Pack) Today(now time.Time) calendar.Date { return calendar.DateOf(now, p.Zone) }
