package policy

import (
	"slices"
	"time"

	"gallra.se/libs/calendar"
)

// Pack is what one authority has promised. It never changes.
type Pack struct {
	Authority  string
	Country    string // ISO 3166-1 alpha-2; names the register of national ids
	Zone       *time.Location
	Controller string
	Contact    Contact
	Supervisor Supervisor
	Version    string    // name of the newest version
	Versions   []Version // oldest first
	Notice     Notice

	Channels     map[string]Channel
	Fields       []string // catalogue of the field names a contact line may use; any other refuses the line
	Registration Registration
	CaseTypes    []string
	Categories   []Category
	Rules        []Rule // one per rule, category and version, in the order of the pack
	CaseLimits   CaseLimits
	Bound        StatutoryBound
	Extensions   []Extension
	Deadlines    []Deadline
	Recipients   map[string]Recipient

	archive         Archive
	erasure         Erasure
	bases           []Basis
	access          Access
	processors      []Processor
	terms           []ProcessorTerms
	recording       Recording
	group           Group
	campaign        Campaign
	plainMail       plainMailDoc
	feeds           []Feed
	feedRequirement string
	situations      []Situation
	caseTypes       []CaseType
	recruitment     Recruitment
	finance         Finance
	sensitive       careDoc
	thirdParty      careDoc
	secrecy         Secrecy
	registers       []Register
	services        []Service

	files map[string]string
}

// Notice is the text that the person was pointed to (AFC-30).
type Notice struct{ Version, URL string }

// Supervisor is the authority that a person may complain to, and the name that older notices give it (STH-28).
type Supervisor struct {
	Requirement string
	Name        Title
	Formerly    string
}

// Category is a kind of record.
type Category struct {
	Name, Requirement  string
	Review             bool     // before the ceiling nothing of it goes without an approved list
	Case               bool     // it lives in a case, so its rules may differ by case type (AFC-12)
	Purposes           []string // why such data are processed, and for which they may be read (AFG-06); empty: all of the pack
	PurposeRequirement string   // what refuses another purpose (AFC-11, KSC-06); empty: the general one
}

// Registration is what the registration of a person may carry (AFG-14, AFG-15).
type Registration struct{ Required, Store []string }

// CaseLimits says which rules end a case's records, or why no rule does: a pack may not be silent about it.
type CaseLimits struct {
	Rules  []string
	Reason string // set where Rules is empty; in English, Why has both languages
	Why    Title
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

// Category is the category with that name.
func (p *Pack) Category(name string) (Category, bool) {
	i := slices.IndexFunc(p.Categories, func(c Category) bool { return c.Name == name })
	if i < 0 {
		return Category{}, false
	}
	return p.Categories[i], true
}

// Recipient is the listed recipient with that identifier.
func (p *Pack) Recipient(id string) (Recipient, bool) {
	r, ok := p.Recipients[id]
	return r, ok
}

// Today is the civil date that the authority's own calendar shows at an instant.
func (p *Pack) Today(now time.Time) calendar.Date { return calendar.DateOf(now, p.Zone) }
