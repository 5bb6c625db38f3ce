package policy

import (
	"slices"

	"gallra.se/libs/calendar"
)

// contradictions: of two rules about the same thing, counted from the same trigger, one is the normal limit and one the
// ceiling, and the ceiling is not the shorter. What has a period is neither preserved nor passed over in silence.
func (l *linter) contradictions() {
	all := l.sentences()
	for i, s := range all {
		for _, other := range all[:i] {
			if s.category != other.category || !overlap(s.applies.CaseTypes, other.applies.CaseTypes) || s.use() || other.use() || s.doubtful() || other.doubtful() {
				continue
			}
			switch {
			case s.ends() != other.ends():
				l.say(s.applies.At.Of("category"), "%s and %s contradict each other about %s", other, s, s.category)
			case s.ends() && s.applies.Trigger == other.applies.Trigger:
				l.pair(s, other)
			}
		}
	}
}

// overlap: both name one case type, or neither names any; what names one stands before what names none.
func overlap(a, b []string) bool {
	if len(a) == 0 || len(b) == 0 {
		return len(a) == len(b)
	}
	return slices.ContainsFunc(a, func(t string) bool { return slices.Contains(b, t) })
}

func (l *linter) pair(s, other sentence) {
	if s.limit() == other.limit() {
		l.say(s.applies.At.Of("category"), "%s and %s both set the %s limit of %s from %s", other, s, s.limit(), s.category, s.applies.Trigger)
		return
	}
	normal, ceiling := s, other
	if s.limit() == CeilingLimit {
		normal, ceiling = other, s
	}
	if d0 := calendar.MustDate("2001-01-01"); calendar.End(d0, ceiling.version.Period.Period).Before(calendar.End(d0, normal.version.Period.Period)) {
		l.say(ceiling.version.At.Of("period"), "%s is shorter than %s, which it is the ceiling of", ceiling, normal)
	}
}

// silences: of every case type's records something is said: a period, why there is none, or that they are preserved.
func (l *linter) silences() {
	housed := false
	for _, c := range l.Categories {
		if !c.Case {
			continue
		}
		housed = true
		for _, t := range l.caseTypeNames() {
			if !l.saysOf(c.Name, t) {
				l.say(c.At.Of("name"), "nothing is said of %s in a case of type %s: give a period, a reason for none, or preserve it", c.Name, t)
			}
		}
	}
	if len(l.CaseTypes) > 0 && !housed && !l.At.Doubtful("categories") {
		l.say(l.At.Of("caseTypes"), "case type %s has no rule: no category lives in a case", l.CaseTypes[0].Name)
	}
}

func (l *linter) saysOf(category, caseType string) bool {
	return slices.ContainsFunc(l.sentences(), func(s sentence) bool {
		return s.category == category && s.rule.Effect != Reuse && (len(s.applies.CaseTypes) == 0 || slices.Contains(s.applies.CaseTypes, caseType))
	})
}
