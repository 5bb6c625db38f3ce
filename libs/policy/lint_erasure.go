package policy

import "slices"

// erasure: nobody orders an erasure for a reason that no law gives, and what is kept from it is kept by a rule.
func (l *linter) erasure() {
	e := l.Erasure
	if !l.At.Said("erasure") {
		return
	}
	l.need(e.At, "erasure", "requirement", e.Requirement != "", "grounds", len(e.Grounds) > 0)
	for i, g := range e.Grounds {
		l.ground(g, e.Grounds[:i])
	}
	var kept []string
	for _, k := range e.Kept {
		l.need(k.At, "what an erasure leaves", "requirement", k.Requirement != "", "categories", len(k.Categories) > 0)
		l.listed(k.At.Of("categories"), "what an erasure leaves", k.Categories, l.categoryNames())
		for _, c := range k.Categories {
			if slices.Contains(kept, c) {
				l.say(k.At.Of("categories"), "%s is kept from erasure twice", c)
			}
			kept = append(kept, c)
		}
	}
}

func (l *linter) ground(g groundDoc, earlier []groundDoc) {
	what := "ground " + g.Code
	l.need(g.At, what, "code", g.Code != "", "requirement", g.Requirement != "", "legalSource", g.LegalSource != "", "title", g.Title.said())
	if g.Code != "" {
		l.among(g.At.Of("code"), "an order to erase", g.Code, grounds)
	}
	if slices.ContainsFunc(earlier, func(e groundDoc) bool { return e.Code == g.Code }) {
		l.say(g.At.Of("code"), "%s is defined twice", what)
	}
	l.listed(g.At.Of("categories"), what, g.Categories, l.categoryNames())
	switch {
	case len(g.Categories) > 0 && g.Otherwise == "" && !g.At.Doubtful("otherwise"):
		l.say(g.At.Of("categories"), "%s holds for some categories and does not say by which requirement it is refused for others", what)
	case len(g.Categories) == 0 && g.Otherwise != "":
		l.say(g.At.Of("otherwise"), "%s holds for every category and so is never refused", what)
	}
}
