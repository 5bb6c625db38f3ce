package policy

import (
	"errors"
	"fmt"
	"slices"
)

// Follows says why new may not take the place of old, with every reason, or nil. A pack is added to and never rewritten:
// versions that were in force stand with their days, and what was promised in them stands with its period, because the
// shortest promise since a record's collection counts. Whatever is different belongs to a new version.
func Follows(old, new *Pack) error {
	var faults []error
	say := func(format string, args ...any) {
		faults = append(faults, fmt.Errorf("%s: %s", new.Authority, fmt.Sprintf(format, args...)))
	}
	if old.Authority != new.Authority {
		say("it would take the place of the pack of %s", old.Authority)
	}
	if old.Zone.String() != new.Zone.String() {
		say("the zone %s stands: periods have been counted in it", old.Zone)
	}
	for _, v := range old.Versions {
		if !slices.Contains(new.Versions, v) {
			say("policy version %s from %s has been in force and is gone", v.Name, v.ValidFrom)
		}
	}
	newest := old.Versions[len(old.Versions)-1]
	added := slices.DeleteFunc(slices.Clone(new.Versions), func(v Version) bool { return slices.Contains(old.Versions, v) })
	for _, v := range added {
		if !v.ValidFrom.After(newest.ValidFrom) {
			say("policy version %s begins on %s, and %s is in force since %s", v.Name, v.ValidFrom, newest.Name, newest.ValidFrom)
		}
	}
	if len(added) == 0 && old.Hash() != new.Hash() {
		say("what is different needs a version of its own in policyVersions")
	}
	for _, r := range old.Rules {
		if r.Effect == Dispose && r.Stated && !new.stillPromises(r) {
			say("rule %s promised %s for %s from %s, and that stands", r.ID, r.text(), r.Category, r.ValidFrom)
		}
	}
	return errors.Join(faults...)
}

// stillPromises says whether the version of a rule is there, for everything that it held for.
func (p *Pack) stillPromises(old Rule) bool {
	return slices.ContainsFunc(p.Rules, func(r Rule) bool {
		return r.ID == old.ID && r.Category == old.Category && r.Trigger == old.Trigger && r.ValidFrom == old.ValidFrom &&
			r.Period == old.Period && r.Mode == old.Mode && r.Stated && (len(r.CaseTypes) == 0 || len(old.CaseTypes) > 0 && contains(r.CaseTypes, old.CaseTypes))
	})
}

func contains(all, some []string) bool {
	return !slices.ContainsFunc(some, func(s string) bool { return !slices.Contains(all, s) })
}
