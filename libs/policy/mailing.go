package policy

import "gallra.se/libs/policy/internal/strict"

// Campaign is what may choose the receivers of newsletters and targeted mail (AFG-28, AFG-29, AFG-30).
type Campaign struct {
	Requirement          string
	Inputs               []string // about persons; whatever else is refused
	EmployerInputs       []string
	ObjectionRequirement string // by which an objection is absolute (L-20)
}

// Campaign is what the pack says of mailings, and whether the authority makes any.
func (p *Pack) Campaign() (Campaign, bool) { return p.campaign, p.campaign.Requirement != "" }

// PlainMail says whether mail that is not encrypted may speak of somebody's own matter (TES-15).
func (p *Pack) PlainMail() (requirement string, restricted bool) {
	return p.plainMail.Requirement, p.plainMail.Restricted
}

type campaignDoc struct {
	At                   strict.Place
	Requirement          string   `yaml:"requirement"`
	Inputs               []string `yaml:"inputs"`
	EmployerInputs       []string `yaml:"employerInputs"`
	ObjectionRequirement string   `yaml:"objectionRequirement"`
}

func (d campaignDoc) campaign() Campaign {
	return Campaign{d.Requirement, d.Inputs, d.EmployerInputs, d.ObjectionRequirement}
}

type plainMailDoc struct {
	At          strict.Place
	Requirement string `yaml:"requirement"`
	Restricted  bool   `yaml:"restricted"`
}
