package policy

import (
	"slices"

	"gallra.se/libs/policy/internal/strict"
)

// CaseType is a kind of case.
type CaseType struct {
	Name, Requirement string
	Persons           string   // whom such cases are about: job-seekers, applicants, representatives or customers
	LegalBasis        []string // laws that handling them rests on
}

// CaseType is the case type with that name.
func (p *Pack) CaseType(name string) (CaseType, bool) {
	i := slices.IndexFunc(p.caseTypes, func(t CaseType) bool { return t.Name == name })
	if i < 0 {
		return CaseType{}, false
	}
	return p.caseTypes[i], true
}

// Recruitment is how the authority takes in applications for its own posts.
type Recruitment struct {
	Requirement         string // which kinds of papers there are (AFG-39)
	TransferRequirement string // who gets some of them (AFG-44)
	OnwardRequirement   string // who of them passes nothing on (AFG-45)
	ReuseRequirement    string // how long a test may be used again (AFG-43)
	Kinds               []string
	Required            []string // fields without which an application is not received (AFG-40)
}

// Recruitment is what the pack says of recruitment, and whether the authority's notice speaks of it.
func (p *Pack) Recruitment() (Recruitment, bool) {
	return p.recruitment, p.recruitment.Requirement != ""
}

// Finance is what the finance system may hold (AFG-22, AFG-24).
type Finance struct {
	Requirement            string
	ParticipantRequirement string // by which nothing of a participant is in it
	Category               string
	Store                  []string
}

// Finance is what the pack says of invoices, and whether the authority's notice speaks of them.
func (p *Pack) Finance() (Finance, bool) { return p.finance, p.finance.Requirement != "" }

// caseTypeDoc is a name, or what is said of it.
type caseTypeDoc struct {
	At          strict.Place
	Name        string   `yaml:"name"`
	Requirement string   `yaml:"requirement"`
	Persons     persons  `yaml:"persons"`
	LegalBasis  []string `yaml:"legalBasis"`
}

func (d *caseTypeDoc) UnmarshalText(text []byte) error {
	d.Name = string(text)
	return nil
}

func (d *document) caseTypeNames() (names []string) {
	for _, t := range d.CaseTypes {
		names = append(names, t.Name)
	}
	return names
}

func (d *document) caseTypes() (types []CaseType) {
	for _, t := range d.CaseTypes {
		types = append(types, CaseType{t.Name, t.Requirement, string(t.Persons), t.LegalBasis})
	}
	return types
}

type recruitmentDoc struct {
	At                  strict.Place
	Requirement         string   `yaml:"requirement"`
	TransferRequirement string   `yaml:"transferRequirement"`
	OnwardRequirement   string   `yaml:"onwardRequirement"`
	ReuseRequirement    string   `yaml:"reuseRequirement"`
	Kinds               []string `yaml:"kinds"`
	Required            []string `yaml:"required"`
}

func (d recruitmentDoc) recruitment() Recruitment {
	return Recruitment{d.Requirement, d.TransferRequirement, d.OnwardRequirement, d.ReuseRequirement, d.Kinds, d.Required}
}

type financeDoc struct {
	At                     strict.Place
	Requirement            string   `yaml:"requirement"`
	ParticipantRequirement string   `yaml:"participantRequirement"`
	Category               string   `yaml:"category"`
	Store                  []string `yaml:"store"`
}

func (d financeDoc) finance() Finance {
	return Finance{d.Requirement, d.ParticipantRequirement, d.Category, d.Store}
}
