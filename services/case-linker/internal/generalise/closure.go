// Package generalise makes of a closed case the coarse row that statistics get
// (DESIGN D12). It is applied at the edge, before anything is sealed: what is
// not in its answer never leaves case-linker. No number, name, day, place finer
// than a county or word of text comes through; every value is a code of a list
// in this package, and a value that is on no list becomes the list's last
// resort.
//
// Pure: no clock, no I/O. The caller leaves out protected persons, who appear in
// national totals only.
package generalise

import (
	"gallra.se/events"
	"gallra.se/libs/calendar"
)

// Closure is what case-linker knows when a person's share of a case is closed.
// The zero value of a field means: not known.
type Closure struct {
	Country      string // ISO 3166-1 alpha-2 of the authority
	Born         calendar.Date
	Sex          string // female, male
	Municipality string // four digits, the first two are the county
	Address      string // read for its postcode where there is no municipality
	SSYK         string // occupation, SSYK 2012, two digits or more
	Programme    string
	CaseType     string
	OpenedOn     calendar.Date
	ClosedOn     calendar.Date // the effective day
	Reason       string
	Contacts     map[string]int // channel → contacts linked to the case
	PriorCases   int            // the person's cases closed in the five years before
}

// Fields is the row, without the keys that the statistics side gives it.
func Fields(c Closure) events.StatisticsFields {
	var unknown flags
	f := events.StatisticsFields{
		Sex:           unknown.unless("sex", sex(c.Sex)),
		AgeBand:       unknown.unless("age_band", ageBand(c.Born, c.ClosedOn)),
		County:        unknown.unless("county", county(c)),
		SSYK:          unknown.unless("ssyk", occupation(c.SSYK)),
		ClosedQuarter: quarter(c.ClosedOn),
		Programme:     unknown.unless("programme", programmes.code(c.Programme)),
		SpellBand:     unknown.unless("spell_band", spellBand(c.OpenedOn, c.ClosedOn)),
		CaseType:      unknown.unless("case_type", caseTypes.code(c.CaseType)),
		ClosingReason: unknown.unless("closing_reason", reasons.code(c.Reason)),
		ContactsBand:  contactsBand(c.Contacts),
		ChannelMain:   channelMain(c.Contacts),
		PriorCases5Y:  priorBand(c.PriorCases),
	}
	f.ImputedFlags, f.SourceCompleteness = unknown.names(), unknown.completeness()
	return f
}

// Epoch is the year of closure, the life of a statistics key.
func Epoch(closedOn calendar.Date) int { return closedOn.Year }

// value is a code, and whether it was truly known.
type value struct {
	code  string
	known bool
}

func known(code string) value { return value{code, true} }
func assumed(code string) value {
	return value{code, false}
}

// flags collects the names of fields whose value was not known.
type flags []string

func (f *flags) unless(name string, v value) string {
	if !v.known {
		*f = append(*f, name)
	}
	return v.code
}

func (f flags) names() []string {
	if f == nil {
		return []string{} // the schema wants a list
	}
	return f
}

func (f flags) completeness() string {
	if len(f) == 0 {
		return "full"
	}
	return "partial"
}
