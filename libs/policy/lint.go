package policy

import (
	"fmt"
	"regexp"
	"slices"

	"gallra.se/libs/policy/internal/strict"
)

// lint tells everything that makes a readable pack indefensible: a rule that lacks its number, source, trigger or basis, a
// name that nothing defines, two sentences that contradict each other, a case type of which nothing is said.
func lint(authority string, d *document) []error {
	l := &linter{document: d}
	l.head(authority)
	l.editions()
	for i, c := range d.Categories {
		l.category(c, d.Categories[:i])
	}
	for i, r := range d.Rules {
		l.rule(r, d.Rules[:i])
	}
	l.contradictions()
	l.silences()
	for _, c := range d.Channels {
		l.channel(c)
	}
	for _, r := range d.Recipients {
		l.recipient(r)
	}
	l.limits()
	for _, e := range d.Extensions {
		l.extension(e)
	}
	for i, e := range d.Deadlines {
		l.deadline(e, d.Deadlines[:i])
	}
	l.archive()
	l.erasure()
	l.access()
	l.care()
	l.kept()
	l.outside()
	l.told()
	return l.found
}

type linter struct {
	*document
	found []error
}

func (l *linter) say(at strict.Pos, format string, args ...any) {
	l.found = append(l.found, at.Errorf(format, args...))
}

// need takes pairs of a key and whether it was said. What is missing because it was not understood has been told.
func (l *linter) need(at strict.Place, what string, pairs ...any) {
	for i := 0; i+1 < len(pairs); i += 2 {
		if key := pairs[i].(string); !pairs[i+1].(bool) && !at.Doubtful(key) {
			l.say(at.Of(key), "%s lacks its %s", what, key)
		}
	}
}

func (l *linter) among(at strict.Pos, what, name string, known []string) {
	if !slices.Contains(known, name) {
		l.say(at, "%s names %q, which nothing defines", what, name)
	}
}

func (l *linter) head(authority string) {
	d := l.document
	if d.Authority != authority && !d.At.Doubtful("authority") {
		l.say(d.At.Of("authority"), "the pack of %s calls itself %q", authority, d.Authority)
	}
	l.need(d.At, "the pack", "country", d.Country != "", "zone", d.Zone.Location != nil, "controller", d.Controller != "",
		"policyVersions", len(d.PolicyVersions) > 0, "notice", d.Notice.Version != "" && d.Notice.URL != "",
		"fields", len(d.Fields) > 0, "rules", len(d.Rules) > 0)
}

// versionName has no blanks, because a receipt lists versions with a blank between them.
var versionName = regexp.MustCompile(`^\S+$`)

func (l *linter) editions() {
	for i, v := range l.PolicyVersions {
		what := fmt.Sprintf("policy version %q", v.Version)
		l.need(v.At, what, "version", v.Version != "", "validFrom", !v.ValidFrom.IsZero())
		if v.Version != "" && !versionName.MatchString(v.Version) {
			l.say(v.At.Of("version"), "%s: a version's name has no blanks", what)
		}
		for _, earlier := range l.PolicyVersions[:i] {
			if earlier.Version == v.Version {
				l.say(v.At.Of("version"), "%s is there twice", what)
			}
		}
		if i > 0 && !v.ValidFrom.IsZero() && !v.ValidFrom.After(l.PolicyVersions[i-1].ValidFrom) {
			l.say(v.At.Of("validFrom"), "%s: versions stand oldest first, each from a day of its own", what)
		}
	}
}

func (l *linter) category(c categoryDoc, earlier []categoryDoc) {
	what := "category " + c.Name
	l.need(c.At, what, "name", c.Name != "", "requirement", c.Requirement != "")
	if slices.ContainsFunc(earlier, func(e categoryDoc) bool { return e.Name == c.Name }) {
		l.say(c.At.Of("name"), "%s is defined twice", what)
	}
	if c.Review && !slices.ContainsFunc(l.sentences(), func(s sentence) bool { return s.category == c.Name && s.ends() && s.limit() == CeilingLimit }) {
		l.say(c.At.Of("review"), "%s waits for a review and has no ceiling, after which it goes without one", what)
	}
}

func (l *linter) recipient(r recipientDoc) {
	what := "recipient " + r.ID
	l.need(r.At, what, "id", r.ID != "", "name", r.Name != "", "requirement", r.Requirement != "",
		"legalSource", r.LegalSource != "", "country", r.Country != "", "fields", len(r.Fields) > 0, "modes", len(r.Modes) > 0)
	for _, f := range r.Fields {
		l.among(r.At.Of("fields"), what, f, l.fieldNames())
	}
	for _, m := range r.Modes {
		l.among(r.At.Of("modes"), what, m, []string{"direct", "medium"})
	}
}

func (d *document) categoryNames() (names []string) {
	for _, c := range d.Categories {
		names = append(names, c.Name)
	}
	return names
}

func (d *document) ruleIDs() (ids []string) {
	for _, r := range d.Rules {
		ids = append(ids, r.ID)
	}
	return ids
}
