package policy

import (
	"slices"

	"gallra.se/libs/policy/internal/strict"
)

// Situation is what a person must be in for some fields to be needed at all (AFG-17, AFG-18): they may be kept only with an
// open case of one of the types.
type Situation struct {
	Name, Requirement string
	CaseTypes, Fields []string
}

// Situations are those of the pack, in its order.
func (p *Pack) Situations() []Situation { return slices.Clone(p.situations) }

// RegistrationFields are what a registration may store of somebody with open cases of those types.
func (p *Pack) RegistrationFields(openCaseTypes []string) []string {
	var fields []string
	for _, f := range p.Registration.Store {
		if p.needed(f, openCaseTypes) {
			fields = append(fields, f)
		}
	}
	for _, s := range p.situations {
		for _, f := range s.Fields {
			if !slices.Contains(fields, f) && p.needed(f, openCaseTypes) {
				fields = append(fields, f)
			}
		}
	}
	return fields
}

// needed says whether no situation has the field, or one that has it is there.
func (p *Pack) needed(field string, openCaseTypes []string) bool {
	bound := false
	for _, s := range p.situations {
		if slices.Contains(s.Fields, field) {
			if slices.ContainsFunc(openCaseTypes, func(t string) bool { return slices.Contains(s.CaseTypes, t) }) {
				return true
			}
			bound = true
		}
	}
	return !bound
}

// Sensitive says whether the field may tell of health or another special category (GDPR article 9), so that it lives only
// where access can be limited (L-07).
func (p *Pack) Sensitive(field string) bool { return slices.Contains(p.sensitive.Fields, field) }

// ThirdParty is the fields that are about somebody else, a partner, child or close person, which may be processed only where
// they are needed, and what says so (L-29).
func (p *Pack) ThirdParty() (requirement string, fields []string) {
	return p.thirdParty.Requirement, slices.Clone(p.thirdParty.Fields)
}

type situationDoc struct {
	At          strict.Place
	Name        string   `yaml:"name"`
	Requirement string   `yaml:"requirement"`
	CaseTypes   []string `yaml:"caseTypes"`
	Fields      []string `yaml:"fields"`
}

func (d situationDoc) situation() Situation {
	return Situation{d.Name, d.Requirement, d.CaseTypes, d.Fields}
}

// careDoc is fields that need more care than others.
type careDoc struct {
	At          strict.Place
	Requirement string   `yaml:"requirement"`
	Fields      []string `yaml:"fields"`
}
