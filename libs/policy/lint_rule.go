package policy

import (
	"fmt"
	"slices"

	"gallra.se/libs/calendar"
)

// rule: nobody could defend a clock without its source, basis, trigger and number, or with a number that nobody answers for.
func (l *linter) rule(r ruleDoc, earlier []ruleDoc) {
	what := "rule " + r.ID
	l.need(r.At, what, "id", r.ID != "", "requirement", r.Requirement != "", "title", r.Title.said(),
		"legalSource", r.LegalSource.said(), "disposalBasis", r.DisposalBasis != "",
		"appliesTo", len(r.AppliesTo) > 0, "versions", len(r.Versions) > 0)
	if slices.ContainsFunc(earlier, func(e ruleDoc) bool { return e.ID == r.ID }) {
		l.say(r.At.Of("id"), "%s is defined twice", what)
	}
	if r.Assumed {
		l.need(r.At, what+" is assumed and", "reason", r.Reason.said())
	}
	for _, code := range r.Exceptions {
		if !slices.Contains(exceptions, code) {
			l.say(r.At.Of("exceptions"), "%s: unknown exception %q", what, code)
		}
	}
	for _, a := range r.AppliesTo {
		l.applies(r, what, a)
	}
	for i, v := range r.Versions {
		l.version(r, what, v)
		if i > 0 {
			l.follows(what, r.Versions[i-1], v)
		}
	}
	if n := len(r.Versions); n > 0 && !r.Versions[n-1].ValidUntil.IsZero() {
		l.say(r.Versions[n-1].At.Of("validUntil"), "%s ends on %s and nothing follows: what it promised stands", what, r.Versions[n-1].ValidUntil)
	}
}

func (l *linter) applies(r ruleDoc, what string, a appliesDoc) {
	l.among(a.At.Of("category"), what, a.Category, l.categoryNames())
	for _, t := range a.CaseTypes {
		if !slices.Contains(l.caseTypeNames(), t) {
			l.say(a.At.Of("caseTypes"), "%s names the unknown case type %q", what, t)
		}
	}
	stated := slices.ContainsFunc(r.Versions, func(v versionDoc) bool { return v.Period.given })
	if stated && r.Effect != Preserve {
		l.need(a.At, what, "trigger", a.Trigger != "")
	}
}

func (l *linter) version(r ruleDoc, what string, v versionDoc) {
	l.need(v.At, what, "validFrom", !v.ValidFrom.IsZero())
	if day := v.ValidFrom; !day.IsZero() && l.dated() && l.versionFrom(day) == "" {
		l.say(v.At.Of("validFrom"), "%s changes on %s, and no version in policyVersions begins on that day", what, day)
	}
	switch {
	case r.Effect == Preserve:
		if v.Period.given || r.Floor || r.Absolute {
			l.say(v.At.Of("period"), "%s preserves and so has neither a period nor a floor", what)
		}
		return
	case !v.At.Said("period"):
		l.need(v.At, what, "period", false)
	case !v.Period.given && !v.At.Doubtful("period"):
		if !r.Reason.said() && !r.At.Doubtful("reason") {
			l.say(v.At.Of("period"), "%s has no period and no reason why the notice gives none", what)
		}
		return
	}
	l.need(v.At, what, "mode", v.Mode != "")
	if v.Period.Months > 12*longest || v.Period.Days > 366*longest {
		l.say(v.At.Of("period"), "%s: %s are more than %d years: what has no end is preserved", what, v.Period.Period, longest)
	}
	if v.Mode == calendar.Ceiling && r.Floor {
		l.say(v.At.Of("mode"), "%s is a floor and a ceiling: what must be kept to the end of its period is exact", what)
	}
	if v.Mode != calendar.Ceiling && v.Mode != "" && r.Absolute {
		l.say(v.At.Of("mode"), "%s is absolute and %s: only a ceiling passes every hold", what, v.Mode)
	}
}

// longest is how many years a period may have. More is a slip of the pen, and years of five digits are no dates.
const longest = 200

// dated says whether every version in policyVersions has its day.
func (d *document) dated() bool {
	return len(d.PolicyVersions) > 0 && !slices.ContainsFunc(d.PolicyVersions, func(v policyDoc) bool { return v.ValidFrom.IsZero() })
}

// follows: the days of a rule's versions neither overlap nor leave a gap, and a promise once made stands.
func (l *linter) follows(what string, before, v versionDoc) {
	switch next := before.ValidUntil.AddDays(1); {
	case v.ValidFrom.IsZero() || before.ValidFrom.IsZero():
		return
	case !v.ValidFrom.After(before.ValidFrom):
		l.say(v.At.Of("validFrom"), "%s: the version of %s overlaps that of %s: versions stand oldest first", what, v.ValidFrom, before.ValidFrom)
	case before.ValidUntil.IsZero():
	case next.After(v.ValidFrom):
		l.say(v.At.Of("validFrom"), "%s: the version of %s overlaps that of %s, valid until %s", what, v.ValidFrom, before.ValidFrom, before.ValidUntil)
	case next.Before(v.ValidFrom):
		l.say(v.At.Of("validFrom"), "%s: no version is valid from %s until %s", what, next, v.ValidFrom.AddDays(-1))
	}
	if before.Period.given && !v.Period.given && v.At.Said("period") && !v.At.Doubtful("period") {
		l.say(v.At.Of("period"), "%s: a version without a period follows %q, which stays promised", what, before.Period.Period)
	}
}

// sentence is a rule's version for one thing that it applies to: what two rules can contradict each other about.
type sentence struct {
	rule     ruleDoc
	applies  appliesDoc
	version  versionDoc
	category string
}

func (s sentence) ends() bool {
	return (s.rule.Effect == "" || s.rule.Effect == Dispose) && s.version.Period.given
}

func (s sentence) use() bool { return s.rule.Effect == Reuse }

// doubtful: its number has been complained about already.
func (s sentence) doubtful() bool {
	at := s.version.At
	return s.rule.Effect != Preserve && (!at.Said("period") || at.Doubtful("period") || at.Doubtful("mode") || s.version.Period.given && s.version.Mode == "")
}

func (s sentence) limit() Limit { return Rule{Mode: s.version.Mode}.Limit() }

func (s sentence) String() string {
	switch {
	case s.rule.Effect == Preserve:
		return fmt.Sprintf("rule %s (preserved)", s.rule.ID)
	case !s.version.Period.given:
		return fmt.Sprintf("rule %s (no period)", s.rule.ID)
	default:
		return fmt.Sprintf("rule %s (%s, %s)", s.rule.ID, s.version.Period.Period, s.version.Mode)
	}
}

// sentences are those in force today: of each rule the newest version.
func (d *document) sentences() (all []sentence) {
	for _, r := range d.Rules {
		for _, a := range r.AppliesTo {
			if n := len(r.Versions); n > 0 {
				all = append(all, sentence{r, a, r.Versions[n-1], a.Category})
			}
		}
	}
	return all
}
