package policy

import "gallra.se/libs/policy/internal/strict"

// Access says who may read what and why, as far as notice and law set it. What is so for every authority (four worlds,
// protected persons) is not here: package access has it.
type Access struct {
	Assignment             string // "required": only whoever is assigned to the case reads it (STH-21); "flagged": a review notices who is not
	AssignmentRequirement  string
	UndertakingRequirement string // by which nobody reads without a signed confidentiality undertaking (TES-04, KSC-24)
	TrainingRequirement    string // by which nobody reads without training (L-05)
	Purposes               []Purpose
	Roles                  []RoleAccess
	Search                 []string          // terms by which persons are found
	NotSearched            map[string]string // other terms, and the requirement that forbids each (L-08, L-09)
	SensitiveTerms         []string          // word beginnings, in small letters, that no query may contain (L-08)
}

// Purpose is a code of the closed list of what data are processed for (AFG-06).
type Purpose struct {
	Name, Requirement string
	Title             Title
}

// RoleAccess is what a role may see: records of these categories, in cases of these types, for these purposes. A record that
// is in no case needs no case type.
type RoleAccess struct {
	Role, Requirement               string
	Categories, CaseTypes, Purposes []string
}

// Access is what the pack says about who may read.
func (p *Pack) Access() Access { return p.access }

type accessDoc struct {
	At                     strict.Place
	Assignment             assignment    `yaml:"assignment"`
	AssignmentRequirement  string        `yaml:"assignmentRequirement"`
	UndertakingRequirement string        `yaml:"undertakingRequirement"`
	TrainingRequirement    string        `yaml:"trainingRequirement"`
	Purposes               []purposeDoc  `yaml:"purposes"`
	Roles                  []roleDoc     `yaml:"roles"`
	Search                 []string      `yaml:"search"`
	NotSearched            []unsoughtDoc `yaml:"notSearched"`
	SensitiveTerms         []string      `yaml:"sensitiveTerms"`
}

type purposeDoc struct {
	At          strict.Place
	Name        string   `yaml:"name"`
	Requirement string   `yaml:"requirement"`
	Title       wordsDoc `yaml:"title"`
}

type roleDoc struct {
	At          strict.Place
	Role        string   `yaml:"role"`
	Requirement string   `yaml:"requirement"`
	Categories  []string `yaml:"categories"`
	CaseTypes   []string `yaml:"caseTypes"`
	Purposes    []string `yaml:"purposes"`
}

type unsoughtDoc struct {
	At          strict.Place
	Term        string `yaml:"term"`
	Requirement string `yaml:"requirement"`
}

// every stands for all categories or all case types of the pack.
const every = "every"

func (d *document) access() Access {
	a := Access{
		Assignment:             string(d.Access.Assignment),
		AssignmentRequirement:  d.Access.AssignmentRequirement,
		UndertakingRequirement: d.Access.UndertakingRequirement,
		TrainingRequirement:    d.Access.TrainingRequirement,
		Search:                 d.Access.Search,
		NotSearched:            map[string]string{},
		SensitiveTerms:         d.Access.SensitiveTerms,
	}
	for _, p := range d.Access.Purposes {
		a.Purposes = append(a.Purposes, Purpose{p.Name, p.Requirement, Title(p.Title)})
	}
	for _, r := range d.Access.Roles {
		a.Roles = append(a.Roles, RoleAccess{r.Role, r.Requirement, all(r.Categories, d.categoryNames()), all(r.CaseTypes, d.caseTypeNames()), r.Purposes})
	}
	for _, n := range d.Access.NotSearched {
		a.NotSearched[n.Term] = n.Requirement
	}
	return a
}

// all spells out "every".
func all(names, known []string) []string {
	if len(names) == 1 && names[0] == every {
		return known
	}
	return names
}
