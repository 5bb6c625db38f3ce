package policy

import (
	"time"

	"gallra.se/libs/calendar"
)

// Rule is the newest version of the rule with that id, for the first category it applies to.
func (p *Pack) Rule(id string) (Rule, bool) {
	return p.newest(func(r Rule) bool { return r.ID == id })
}

// RuleFor is the newest version of the first rule that ends records of the category.
func (p *Pack) RuleFor(category string) (Rule, bool) {
	return p.newest(func(r Rule) bool { return r.Category == category })
}

// RuleOn is the newest version of the rule that ends records of the category from that trigger: a case has one from
// deregistration and one from its own closing.
func (p *Pack) RuleOn(category string, trigger Trigger) (Rule, bool) {
	return p.newest(func(r Rule) bool { return r.Category == category && r.Trigger == trigger })
}

// newest finds the first rule that matches and of that rule's versions the one valid last.
func (p *Pack) newest(match func(Rule) bool) (Rule, bool) {
	for _, first := range p.Rules {
		if !match(first) {
			continue
		}
		versions := p.versions(first)
		return versions[len(versions)-1], true
	}
	return Rule{}, false
}

// versions are those of one rule for one category, oldest first.
func (p *Pack) versions(of Rule) []Rule {
	var found []Rule
	for _, r := range p.Rules {
		if r.ID == of.ID && r.Category == of.Category {
			found = append(found, r)
		}
	}
	return found
}

// GoneFrom is the day from which a record is gone under rule r when it was collected on that day and its trigger fell on
// d0: of the version in force at collection and all later ones the earliest counts, so that a longer period never
// prolongs what was promised shorter. A later version acts from its own first day, not before. The rule returned is the
// version that won.
func (p *Pack) GoneFrom(r Rule, d0, collectedOn calendar.Date) (calendar.Date, Rule) {
	since := p.since(r, collectedOn)
	gone, won := since[0].GoneFrom(d0), since[0]
	for _, later := range since[1:] {
		g := later.GoneFrom(d0)
		if g.Before(later.ValidFrom) {
			g = later.ValidFrom
		}
		if g.Before(gone) {
			gone, won = g, later
		}
	}
	return gone, won
}

// since drops the versions that another had replaced before the day.
func (p *Pack) since(r Rule, day calendar.Date) []Rule {
	versions := p.versions(r)
	for len(versions) > 1 && !versions[1].ValidFrom.After(day) {
		versions = versions[1:]
	}
	return versions
}

// Midnight is 00:00 of a day at this authority, in UTC.
func (p *Pack) Midnight(d calendar.Date) time.Time { return calendar.Midnight(d, p.Zone) }
