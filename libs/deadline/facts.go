package deadline

import (
	"gallra.se/libs/calendar"
	"gallra.se/libs/policy"
)

// Facts is all that a unit's dates follow from. Every date is a civil one in the authority's zone.
type Facts struct {
	Category    string
	CaseType    string        // of the case that it lives in; empty outside of cases
	CollectedOn calendar.Date // the first day of the data: policy versions that were replaced before it do not count

	Own           calendar.Date // the unit's own moment: contact ended, mail received, group ended, request received; zero: not yet
	ExtendedUntil calendar.Date // last day to which a recording's keeping was extended; zero: not extended
	ReasonEnded   calendar.Date // the day on which the reason for that ended; zero: it stands

	Deregistered calendar.Date // of the person; zero while registered, and for whoever never was
	InCase       bool
	Closed       calendar.Date // of the case; zero while it is open, or open again
}

// day is when a trigger was pulled, or the zero Date.
func (f Facts) day(t policy.Trigger) calendar.Date {
	switch t {
	case policy.Deregistered:
		return f.Deregistered
	case policy.CaseClosed, policy.RecruitmentClosed:
		return f.Closed
	default:
		return f.Own
	}
}

// Promised says whether the pack says anything of such records: a period, that they are preserved, or why there is none.
func Promised(p *policy.Pack, category, caseType string) bool {
	if len(p.Ending(category, caseType)) > 0 {
		return true
	}
	_, silent := p.Silence(category, caseType)
	_, preserved := p.Preserved(category, caseType)
	return silent || preserved
}
