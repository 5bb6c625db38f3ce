// Package lifetime is the holder's veto (D8 c): what case-linker's own facts say about a disposal that retention-timer
// found due. It counts from the same policy pack and the facts in the same transaction, so a registration, reopening or
// closing that retention-timer has not heard of is never overtaken.
package lifetime

import (
	"gallra.se/libs/calendar"
	"gallra.se/libs/policy"
)

// Reasons to decline a disposal, as sent in disposal.declined.
const (
	Registered = "registered"  // the person is registered (again)
	CaseOpen   = "case-open"   // the case is open (again)
	NotYetDue  = "not-yet-due" // a newer decision moved the date
)

// Facts is what the holder knows of a unit.
type Facts struct {
	RegisteredOn   calendar.Date
	DeregisteredOn calendar.Date // zero: registered, or (for a share) the identity is gone already
	OpenedOn       calendar.Date // of the case, for a share
	ClosedOn       calendar.Date // of the case; zero: open
}

// IdentityVeto is the reason why a person's identity is not gone on a day, or "".
func IdentityVeto(p *policy.Pack, f Facts, dueOn calendar.Date) string {
	gone, ok := afterDeregistration(p, "person.identity", f, f.RegisteredOn)
	switch {
	case !ok:
		return Registered
	case gone.After(dueOn):
		return NotYetDue
	}
	return ""
}

// ShareVeto is the reason why a share of a case is not gone on a day, or "". When the identity is gone, its deregistration
// is not known here any more and the clock that retention-timer kept of it stands.
func ShareVeto(p *policy.Pack, f Facts, identityGone bool, dueOn calendar.Date) string {
	if f.ClosedOn.IsZero() {
		return CaseOpen
	}
	if identityGone {
		return ""
	}
	gone, ok := Ceiling(p, f)
	if normal, runs := afterDeregistration(p, "case.file", f, f.OpenedOn); runs && f.ClosedOn.Before(normal) && (!ok || normal.Before(gone)) {
		gone, ok = normal, true
	}
	if !ok || gone.After(dueOn) {
		return NotYetDue
	}
	return ""
}

// IdentityGone says whether a person's identity is past its time on a day: then a registration makes a new person.
func IdentityGone(p *policy.Pack, f Facts, today calendar.Date) bool {
	return IdentityVeto(p, f, today) == ""
}

func afterDeregistration(p *policy.Pack, category string, f Facts, collectedOn calendar.Date) (calendar.Date, bool) {
	rule, ok := p.RuleOn(category, policy.Deregistered)
	if !ok || f.DeregisteredOn.IsZero() {
		return calendar.Date{}, false
	}
	gone, _ := p.GoneFrom(rule, f.DeregisteredOn, collectedOn)
	return gone, true
}

// Ceiling is the day from which a share of a closed case is gone at the latest, counted from its closing; ok is false
// for an open case.
func Ceiling(p *policy.Pack, f Facts) (calendar.Date, bool) {
	if f.ClosedOn.IsZero() {
		return calendar.Date{}, false
	}
	rule, ok := p.RuleOn("case.file", policy.CaseClosed)
	if !ok {
		return calendar.Date{}, false
	}
	gone, _ := p.GoneFrom(rule, f.ClosedOn, f.OpenedOn)
	return gone, true
}
