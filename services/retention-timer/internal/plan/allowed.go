package plan

import (
	"errors"
	"fmt"
	"slices"

	"gallra.se/libs/calendar"
	"gallra.se/libs/policy"
)

// Allowed says what is wrong with putting one pack in another's place on that day: a version must begin after today, and
// what was promised before stays as it was written, because what was collected under it still counts from it.
func Allowed(from, to *policy.Pack, today calendar.Date) error {
	var faults []error
	say := func(format string, args ...any) { faults = append(faults, fmt.Errorf(format, args...)) }
	newest := to.Versions[len(to.Versions)-1]
	if from.Zone.String() != to.Zone.String() || from.Country != to.Country {
		say("the authority's country and zone cannot be changed: every date was counted in them")
	}
	if len(to.Versions) <= len(from.Versions) || !slices.Equal(to.Versions[:len(from.Versions)], from.Versions) {
		say("add a version after %s to policyVersions and leave the earlier ones as they are", from.Version)
	} else if !newest.ValidFrom.After(today) {
		say("version %s begins on %s: a version begins after today, which is %s", newest.Name, newest.ValidFrom, today)
	}
	for _, r := range from.Rules {
		if !slices.ContainsFunc(to.Rules, func(n policy.Rule) bool { return samePromise(r, n) }) {
			say("rule %s for %s from %s was changed or left out: add a version to it instead", r.ID, r.Category, r.ValidFrom)
		}
	}
	for _, r := range to.Rules {
		if r.Trigger == policy.Separation && !slices.ContainsFunc(from.Rules, func(o policy.Rule) bool { return samePromise(o, r) }) {
			say("rule %s: separated statistics rows follow the pack that the system was installed with; their period cannot be changed while it runs", r.ID)
		}
	}
	return errors.Join(faults...)
}

// samePromise compares what two rule versions promise; words that explain it may differ.
func samePromise(a, b policy.Rule) bool {
	return a.ID == b.ID && a.Category == b.Category && a.Trigger == b.Trigger && slices.Equal(a.CaseTypes, b.CaseTypes) &&
		a.Effect == b.Effect && a.Stated == b.Stated && a.Period == b.Period && a.Mode == b.Mode && a.ValidFrom == b.ValidFrom &&
		a.Floor == b.Floor && a.Absolute == b.Absolute
}
