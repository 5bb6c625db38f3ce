package policy

import "gallra.se/libs/policy/internal/strict"

// Group says what is kept of who takes part in a job-seeker group (KSC-11).
type Group struct {
	Category, Requirement string
	Store                 []string
}

// Group is what the pack says of groups, and whether the authority has any.
func (p *Pack) Group() (Group, bool) { return p.group, p.group.Category != "" }

type groupDoc struct {
	At          strict.Place
	Category    string   `yaml:"category"`
	Requirement string   `yaml:"requirement"`
	Store       []string `yaml:"store"`
}
