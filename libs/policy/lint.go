package policy

import (
	"errors"
	"fmt"
	"slices"

	"gallra.se/libs/policy/internal/strict"
)

// lint tells everything that makes a readable pack indefensible: a rule that lacks its number, source, trigger or basis, a
// name that nothing defines.
func lint(folder string, d *document) error {
	l := &linter{}
	l.head(folder, d)
	for _, c := range d.Categories {
		l.need(c.At, "category "+c.Name, "name", c.Name != "", "requirement", c.Requirement != "")
	}
	for i, r := range d.Rules {
		l.rule(d, r, d.Rules[:i])
	}
	for _, c := range d.Channels {
		l.channel(d, c)
	}
	for _, r := range d.Recipients {
		l.recipient(d, r)
	}
	l.cases(d)
	return errors.Join(l.found...)
}

type linter struct{ found []error }

func (l *linter) say(at strict.Pos, format string, args ...any) {
	l.found = append(l.found, at.Errorf(format, args...))
}

// need takes pairs of a key and whether it was said.
func (l *linter) need(at strict.Pos, what string, pairs ...any) {
	for i := 0; i+1 < len(pairs); i += 2 {
		if !pairs[i+1].(bool) {
			l.say(at, "%s lacks its %s", what, pairs[i])
		}
	}
}

func (l *linter) among(at strict.Pos, what, name string, known []string) {
	if !slices.Contains(known, name) {
		l.say(at, "%s names %q, which nothing defines", what, name)
	}
}

func (l *linter) head(folder string, d *document) {
	if d.Authority != folder {
		l.found = append(l.found, fmt.Errorf("%s: the pack in this folder calls itself %q", folder, d.Authority))
	}
	at := strict.Pos{File: folder, Line: 1, Column: 1}
	l.need(at, "the pack", "country", d.Country != "", "zone", d.Zone.Location != nil, "controller", d.Controller != "",
		"version", d.Version != "", "notice", d.Notice.Version != "" && d.Notice.URL != "", "fields", len(d.Fields) > 0,
		"channels", len(d.Channels) > 0, "rules", len(d.Rules) > 0)
}

func (l *linter) rule(d *document, r ruleDoc, earlier []ruleDoc) {
	what := "rule " + r.ID
	l.need(r.At, what, "id", r.ID != "", "requirement", r.Requirement != "", "title", r.Title.En != "" && r.Title.Sv != "",
		"legalSource", r.LegalSource != "", "disposalBasis", r.DisposalBasis != "",
		"appliesTo", len(r.AppliesTo) > 0, "versions", len(r.Versions) > 0)
	if slices.ContainsFunc(earlier, func(e ruleDoc) bool { return e.ID == r.ID }) {
		l.say(r.At, "%s is defined twice", what)
	}
	for _, a := range r.AppliesTo {
		l.need(a.At, what, "trigger", a.Trigger != "")
		l.among(a.At, what, a.Category, d.categoryNames())
	}
	for i, v := range r.Versions {
		l.need(v.At, what, "period", !v.Period.IsZero(), "mode", v.Mode != "", "validFrom", !v.ValidFrom.IsZero())
		if i > 0 && !v.ValidFrom.After(r.Versions[i-1].ValidFrom) {
			l.say(v.At, "%s: versions stand oldest first", what)
		}
	}
}

func (l *linter) recipient(d *document, r recipientDoc) {
	what := "recipient " + r.ID
	l.need(r.At, what, "id", r.ID != "", "name", r.Name != "", "requirement", r.Requirement != "",
		"legalSource", r.LegalSource != "", "country", r.Country != "", "fields", len(r.Fields) > 0, "modes", len(r.Modes) > 0)
	for _, f := range r.Fields {
		l.among(r.At, what, f, slices.Concat(d.Fields, d.Registration.Store, d.ComputedFields))
	}
	for _, m := range r.Modes {
		l.among(r.At, what, m, []string{"direct", "medium"})
	}
}
