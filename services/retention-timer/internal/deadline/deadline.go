// Package deadline says when each disposal unit is gone, and by which rule: facts and a policy pack in, dates out.
//
// It is the only place that knows the three sentences behind the dates. A contact goes by the rule of its category,
// counted from the day it ended. A person's identity goes a period after deregistration. A person's share of a case goes
// with the identity if the case was closed while that period ran, but never later than the ceiling counted from the case's
// own closing; a case that is open has no date.
//
// It is pure: no clock, no database. Whether a date has come, is paused or was overtaken is decided elsewhere.
package deadline

import (
	"fmt"
	"time"

	"gallra.se/libs/calendar"
	"gallra.se/libs/policy"
)

// Clock is one rule running for one unit.
type Clock struct {
	Rule  policy.Rule
	D0    calendar.Date // the civil date of the trigger
	DueOn calendar.Date // gone from 00:00 local time on this day
}

// E is the day on which the period ends.
func (c Clock) E() calendar.Date { return calendar.End(c.D0, c.Rule.Period) }

// Schedule is every clock that runs for a unit and the outer bound of law.
type Schedule struct {
	Normal    *Clock // "normally removed after"
	Ceiling   *Clock // "at the latest"
	Statutory calendar.Date
}

// Clocks lists what runs.
func (s Schedule) Clocks() []Clock {
	var running []Clock
	for _, c := range []*Clock{s.Normal, s.Ceiling} {
		if c != nil {
			running = append(running, *c)
		}
	}
	return running
}

// Effective is the clock that decides: the earlier one, and the normal one when both name the same day. ok is false when
// no clock runs.
func (s Schedule) Effective() (c Clock, ok bool) {
	switch {
	case s.Normal == nil && s.Ceiling == nil:
		return Clock{}, false
	case s.Normal == nil:
		return *s.Ceiling, true
	case s.Ceiling == nil || !s.Ceiling.DueOn.Before(s.Normal.DueOn):
		return *s.Normal, true
	default:
		return *s.Ceiling, true
	}
}

// run starts a rule; of several versions since collection the shortest counts.
func run(p *policy.Pack, r policy.Rule, d0, collectedOn calendar.Date) *Clock {
	gone, version := p.GoneFrom(r, d0, collectedOn)
	return &Clock{Rule: version, D0: d0, DueOn: gone}
}

// OfContact is the schedule of a contact record that ended (for a mail: was received) on that day.
func OfContact(p *policy.Pack, category string, endedOn calendar.Date) (Schedule, error) {
	r, ok := p.RuleFor(category)
	if !ok {
		return Schedule{}, fmt.Errorf("schedule contact: %s has no rule for category %q", p.Authority, category)
	}
	return Schedule{Normal: run(p, r, endedOn, endedOn)}, nil
}

// Registration is what is known of a person's registration. DeregisteredOn is zero while the person is registered.
type Registration struct {
	RegisteredOn   calendar.Date
	DeregisteredOn calendar.Date
}

// OfIdentity is the schedule of a person's identity. A registered person has none.
func OfIdentity(p *policy.Pack, r Registration) Schedule {
	return Schedule{Normal: sinceDeregistration(p, "person.identity", r, r.RegisteredOn)}
}

func sinceDeregistration(p *policy.Pack, category string, r Registration, collectedOn calendar.Date) *Clock {
	rule, ok := p.RuleOn(category, policy.Deregistered)
	if !ok || r.DeregisteredOn.IsZero() {
		return nil
	}
	return run(p, rule, r.DeregisteredOn, collectedOn)
}

// Share is what is known of a person's share of a case. ClosedOn is zero while the case is open, or open again.
type Share struct {
	OpenedOn calendar.Date
	ClosedOn calendar.Date
}

const caseFile = "case.file"

// OfShare is the schedule of a person's share of a case.
func OfShare(p *policy.Pack, r Registration, s Share) Schedule {
	if s.ClosedOn.IsZero() {
		return Schedule{}
	}
	out := Schedule{Statutory: p.StatutoryBound(s.ClosedOn)}
	if rule, ok := p.RuleOn(caseFile, policy.CaseClosed); ok {
		out.Ceiling = run(p, rule, s.ClosedOn, s.OpenedOn)
	}
	// A case that was still open when the identity went has nothing left but its own ceiling.
	if normal := sinceDeregistration(p, caseFile, r, s.OpenedOn); normal != nil && s.ClosedOn.Before(normal.DueOn) {
		out.Normal = normal
	}
	return out
}

// Due is the outcome for a unit: the day and instant it is gone and the rule that says so.
type Due struct {
	Rule, Trigger string
	On            calendar.Date
	At            time.Time
}

// DueOf is when a unit with this schedule goes, not before a day that a released hold set. ok is false when nothing runs.
func DueOf(p *policy.Pack, s Schedule, notBefore calendar.Date) (d Due, ok bool) {
	c, ok := s.Effective()
	if !ok {
		return Due{}, false
	}
	on := c.DueOn
	if on.Before(notBefore) {
		on = notBefore
	}
	return Due{Rule: c.Rule.ID, Trigger: string(c.Rule.Trigger), On: on, At: p.Midnight(on)}, true
}
