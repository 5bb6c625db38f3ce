package policy

import (
	"slices"

	"gallra.se/libs/calendar"
)

// Version is one edition of the whole pack, the first of which is the original.
type Version struct {
	Name      string // without blanks
	ValidFrom calendar.Date
}

// VersionOn is the name of the pack's version that is in force on that civil date; before the first it is the first.
func (p *Pack) VersionOn(day calendar.Date) string {
	name := p.Versions[0].Name
	for _, v := range p.Versions[1:] {
		if !v.ValidFrom.After(day) {
			name = v.Name
		}
	}
	return name
}

// GoneFrom is the day from which a record is gone under rule r when it was collected on that day and its trigger fell on
// d0: of the version in force at collection and all later ones the earliest counts, so that a longer period never
// prolongs what was promised shorter. A later version acts from its own first day, not before, and one without a period
// ends nothing. The rule returned is the version that won.
func (p *Pack) GoneFrom(r Rule, d0, collectedOn calendar.Date) (calendar.Date, Rule) {
	since := p.since(r, collectedOn)
	var gone calendar.Date
	var won Rule
	for i, version := range since {
		if !version.Stated {
			continue
		}
		g := version.GoneFrom(d0)
		if i > 0 && g.Before(version.ValidFrom) {
			g = version.ValidFrom
		}
		if gone.IsZero() || g.Before(gone) {
			gone, won = g, version
		}
	}
	return gone, won
}

// CollectedUnder is the version of the rule in force on the day of collection; before the first it is the first.
func (p *Pack) CollectedUnder(r Rule, collectedOn calendar.Date) Rule {
	return p.since(r, collectedOn)[0]
}

// since drops the versions that another had replaced before the day.
func (p *Pack) since(r Rule, day calendar.Date) []Rule {
	versions := p.versions(r)
	for len(versions) > 1 && !versions[1].ValidFrom.After(day) {
		versions = versions[1:]
	}
	return versions
}

// versions are those of one rule for one category, trigger and set of case types, oldest first.
func (p *Pack) versions(of Rule) []Rule {
	var found []Rule
	for _, r := range p.Rules {
		if r.ID == of.ID && r.Category == of.Category && r.Trigger == of.Trigger && slices.Equal(r.CaseTypes, of.CaseTypes) {
			found = append(found, r)
		}
	}
	return found
}
