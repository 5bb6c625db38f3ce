package deadline

import (
	"gallra.se/libs/calendar"
	"gallra.se/libs/policy"
)

// Clock is one rule running for one unit.
type Clock struct {
	Rule          policy.Rule   // the version that decides
	D0            calendar.Date // the civil date of the trigger
	DueOn         calendar.Date // gone from 00:00 local time on this day
	PolicyVersion string        // the version in force at collection and, after a blank, the later one that shortened the period
}

// E is the day on which the period ends.
func (c Clock) E() calendar.Date { return calendar.End(c.D0, c.Rule.Period) }

// Schedule is every clock that runs for a unit, and what else bounds it.
type Schedule struct {
	Normal    *Clock        // "normally removed after"
	Ceiling   *Clock        // "at the latest"
	Statutory calendar.Date // last day by law; zero: none
	Floor     calendar.Date // nobody may delete it before this day; zero: no floor
	Absolute  calendar.Date // from this day no hold counts any more; zero: holds always do
	Preserved bool          // no end: kept until it is sealed to the archive
}

// Of is the schedule of a unit.
func Of(p *policy.Pack, f Facts) Schedule {
	if _, preserved := p.Preserved(f.Category, f.CaseType); preserved {
		return Schedule{Preserved: true}
	}
	if f.InCase && f.Closed.IsZero() {
		return Schedule{}
	}
	var s Schedule
	if f.InCase {
		s.Statutory = p.StatutoryBound(f.CaseType, f.Closed)
	}
	for _, r := range p.Ending(f.Category, f.CaseType) {
		d0 := f.day(r.Trigger)
		if d0.IsZero() {
			continue
		}
		c := run(p, r, d0, f.CollectedOn)
		// A case that was still open when the identity went has nothing left but its own ceiling.
		if f.InCase && r.Trigger == policy.Deregistered && !f.Closed.Before(c.DueOn) {
			continue
		}
		s.add(r, c)
	}
	s.extend(p, f)
	return s
}

// run starts a rule; of several versions since collection the shortest counts.
func run(p *policy.Pack, r policy.Rule, d0, collectedOn calendar.Date) *Clock {
	gone, won := p.GoneFrom(r, d0, collectedOn)
	version := p.VersionOn(collectedOn)
	if won.PolicyVersion != p.CollectedUnder(r, collectedOn).PolicyVersion {
		version += " " + won.PolicyVersion
	}
	return &Clock{Rule: won, D0: d0, DueOn: gone, PolicyVersion: version}
}

// add keeps the earlier clock of each limit, and what the rule forbids besides.
func (s *Schedule) add(r policy.Rule, c *Clock) {
	limit := &s.Normal
	if r.Limit() == policy.CeilingLimit {
		limit = &s.Ceiling
	}
	if *limit == nil || c.DueOn.Before((*limit).DueOn) {
		*limit = c
	}
	if r.Floor && s.Floor.Before(c.DueOn) {
		s.Floor = c.DueOn
	}
	if r.Absolute && (s.Absolute.IsZero() || c.DueOn.Before(s.Absolute)) {
		s.Absolute = c.DueOn
	}
}

// extend moves the normal limit of a recording whose keeping was extended: it goes the day after the reason ended, or after
// the last day that was asked for, never before its ordinary period (KSC-14). The ceiling stands.
func (s *Schedule) extend(p *policy.Pack, f Facts) {
	e, extensible := p.Extension(f.Category)
	if !extensible || f.ExtendedUntil.IsZero() || s.Normal == nil || s.Ceiling == nil {
		return
	}
	last := f.ExtendedUntil
	if !f.ReasonEnded.IsZero() && f.ReasonEnded.Before(last) {
		last = f.ReasonEnded
	}
	if gone := last.AddDays(1); s.Normal.DueOn.Before(gone) && s.Ceiling.Rule.ID == e.Until {
		extended := *s.Ceiling
		extended.DueOn = gone
		s.Normal = &extended
	}
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
		c = *s.Ceiling
	case s.Ceiling == nil || !s.Ceiling.DueOn.Before(s.Normal.DueOn):
		c = *s.Normal
	default:
		c = *s.Ceiling
	}
	if c.DueOn.Before(s.Floor) {
		c.DueOn = s.Floor
	}
	return c, true
}
