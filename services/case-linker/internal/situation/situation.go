// Package situation judges which fields a note may carry about a person: those of the authority's closed lists, and of them
// only what the person's situation makes necessary (AFC-09, AFG-17, AFG-18, TES-01, STH-02). It is pure; a refusal names the
// requirement, and a field only where the name cannot be content.
package situation

import (
	"maps"
	"slices"

	"gallra.se/libs/policy"
	"gallra.se/libs/problem"
	"gallra.se/libs/strict"
)

// SensitiveRequirement is cited where sensitive data come without a necessity, or to where access cannot be limited.
const SensitiveRequirement = "L-07"

// Relations are whom third-party fields may be about (L-29).
var Relations = []string{"partner", "child", "close-person"}

// Question is one note about one person.
type Question struct {
	Fields    []string // names
	Category  string   // of the note
	OpenTypes []string // of the person's open cases
	Necessity string   // the code of why sensitive or third-party fields are needed; empty: nobody said
	Relation  string   // one of Relations; empty: nobody said
}

// Judge returns nil where all fields may be kept, else why not.
func Judge(p *policy.Pack, q Question) error {
	allowed := p.RegistrationFields(q.OpenTypes)
	for _, name := range slices.Sorted(slices.Values(q.Fields)) {
		if err := judge(p, q, allowed, name); err != nil {
			return err
		}
	}
	return nil
}

func judge(p *policy.Pack, q Question, allowed []string, name string) error {
	thirdParty, ofOthers := p.ThirdParty()
	switch {
	case !Known(p, name):
		return strict.Unknown(name)
	case slices.Contains(ofOthers, name):
		if q.Necessity == "" || !slices.Contains(Relations, q.Relation) {
			return problem.ByRule("denied", thirdParty)
		}
		return nil
	case p.Sensitive(name):
		if c, _ := p.Category(q.Category); !c.Case || q.Necessity == "" {
			return problem.ByRule("denied", SensitiveRequirement)
		}
		return nil
	case slices.Contains(allowed, name):
		return nil
	}
	return problem.ByRule("denied", requirement(p, q.Category, name))
}

// Known says whether the pack has a field of that name at all.
func Known(p *policy.Pack, name string) bool {
	_, ofOthers := p.ThirdParty()
	return p.KnownField(name) || p.Sensitive(name) || slices.Contains(ofOthers, name) || slices.Contains(Registrable(p), name)
}

// Registrable are all fields that a registration may store in some situation.
func Registrable(p *policy.Pack) []string {
	fields := map[string]bool{}
	for _, f := range p.Registration.Store {
		fields[f] = true
	}
	for _, s := range p.Situations() {
		for _, f := range s.Fields {
			fields[f] = true
		}
	}
	return slices.Sorted(maps.Keys(fields))
}

// requirement is that of the situation which the person is not in, else that of the category, whose list is closed.
func requirement(p *policy.Pack, category, field string) string {
	for _, s := range p.Situations() {
		if slices.Contains(s.Fields, field) {
			return s.Requirement
		}
	}
	c, _ := p.Category(category)
	return c.Requirement
}
