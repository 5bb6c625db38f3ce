package policy

import (
	"slices"
	"time"

	"gallra.se/libs/calendar"
)

// Rule is the newest version of the rule with that id, for the first category it applies to.
func (p *Pack) Rule(id string) (Rule, bool) {
	return p.newest(func(r Rule) bool { return r.ID == id })
}

// RuleFor is the newest version of the first rule that ends records of the category, whatever their case type.
func (p *Pack) RuleFor(category string) (Rule, bool) {
	return p.newest(func(r Rule) bool { return r.Category == category && r.ends() })
}

// RuleOn is the newest version of the first rule that ends records of the category from that trigger, whatever their case
// type.
func (p *Pack) RuleOn(category string, trigger Trigger) (Rule, bool) {
	return p.newest(func(r Rule) bool { return r.Category == category && r.Trigger == trigger && r.ends() })
}

func (r Rule) ends() bool { return r.Effect == Dispose && r.Stated }

// Says says whether the notice has a word on the category at all, be it that it gives no period.
func (p *Pack) Says(category string) bool {
	return slices.ContainsFunc(p.Rules, func(r Rule) bool { return r.Category == category })
}

// Ending is the rules that end what a case type has of a category, in their newest versions: per limit those that name
// the case type, and where none does those that name none. What is in no case has no case type ("").
func (p *Pack) Ending(category, caseType string) []Rule {
	named, general := p.split(category, caseType)
	if slices.ContainsFunc(named, func(r Rule) bool { return r.Effect == Preserve || !r.Stated }) {
		general = nil // what is said of this case type stands before what is said of all
	}
	var ending []Rule
	for _, limit := range []Limit{NormalLimit, CeilingLimit} {
		of := func(r Rule) bool { return !r.ends() || r.Limit() != limit }
		rules := slices.DeleteFunc(slices.Clone(named), of)
		if len(rules) == 0 {
			rules = slices.DeleteFunc(slices.Clone(general), of)
		}
		ending = append(ending, rules...)
	}
	return ending
}

// Silence is the rule that says why a case type's records of a category have no period.
func (p *Pack) Silence(category, caseType string) (Rule, bool) {
	return p.instead(category, caseType, func(r Rule) bool { return r.Effect == Dispose && !r.Stated })
}

// Preserved is the rule by which a case type's records of a category are kept until they are sealed to the archive.
func (p *Pack) Preserved(category, caseType string) (Rule, bool) {
	return p.instead(category, caseType, func(r Rule) bool { return r.Effect == Preserve })
}

// instead finds what is said in place of a period.
func (p *Pack) instead(category, caseType string, match func(Rule) bool) (Rule, bool) {
	if len(p.Ending(category, caseType)) > 0 {
		return Rule{}, false
	}
	named, general := p.split(category, caseType)
	for _, r := range append(named, general...) {
		if match(r) {
			return r, true
		}
	}
	return Rule{}, false
}

// Window is the rule that says how long records of the category may be used again.
func (p *Pack) Window(category string) (Rule, bool) {
	return p.newest(func(r Rule) bool { return r.Category == category && r.Effect == Reuse })
}

// split is the newest version of each rule about the category that names the case type, and of each that names none.
func (p *Pack) split(category, caseType string) (named, general []Rule) {
	for _, r := range p.Rules {
		switch {
		case r.Category != category || r.Effect == Reuse || !r.ValidUntil.IsZero():
		case slices.Contains(r.CaseTypes, caseType):
			named = append(named, r)
		case len(r.CaseTypes) == 0:
			general = append(general, r)
		}
	}
	return named, general
}

// newest finds the first rule that matches and of that rule's versions the one valid last.
func (p *Pack) newest(match func(Rule) bool) (Rule, bool) {
	for _, r := range p.Rules {
		if r.ValidUntil.IsZero() && match(r) {
			return r, true
		}
	}
	return Rule{}, false
}

// Midnight is 00:00 of a day at this authority, in UTC.
func (p *Pack) Midnight(d calendar.Date) time.Time { return calendar.Midnight(d, p.Zone) }
