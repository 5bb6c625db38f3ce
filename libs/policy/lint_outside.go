package policy

import (
	"cmp"
	"slices"
)

// outside: whoever processes data keeps the terms that the pack sets, and whoever hands data in sends known fields that are
// not sensitive.
func (l *linter) outside() {
	for i, t := range l.ProcessorTerms {
		l.terms(t, l.ProcessorTerms[:i])
	}
	for i, x := range l.Processors {
		l.processor(x, l.Processors[:i])
	}
	l.feeds()
	l.campaign()
	if l.At.Said("plainMail") {
		l.need(l.PlainMail.At, "plainMail", "requirement", l.PlainMail.Requirement != "")
	}
}

func (l *linter) terms(t termsDoc, earlier []termsDoc) {
	what := "processorTerms of " + cmp.Or(t.Service, "every service")
	if slices.ContainsFunc(earlier, func(e termsDoc) bool { return e.Service == t.Service }) {
		l.say(t.At.Pos, "%s are there twice", what)
	}
	for _, term := range []struct {
		key         string
		set         bool
		requirement string
	}{
		{"secrecyRequirement", t.Secrecy, t.SecrecyRequirement},
		{"countryRequirement", len(t.Countries) > 0, t.CountryRequirement},
		{"dedicatedRequirement", t.Dedicated, t.DedicatedRequirement},
	} {
		if term.set {
			l.need(t.At, what, term.key, term.requirement != "")
		}
	}
}

func (l *linter) processor(x processorDoc, earlier []processorDoc) {
	what := "processor " + x.Name
	l.need(x.At, what, "name", x.Name != "", "requirement", x.Requirement != "", "service", x.Service != "", "country", x.Country != "")
	if slices.ContainsFunc(earlier, func(e processorDoc) bool { return e.Name == x.Name }) {
		l.say(x.At.Of("name"), "%s is defined twice", what)
	}
	if x.Onward {
		l.say(x.At.Of("onward"), "%s would pass data on, and no processor may", what)
	}
	t := l.termsOf(x.Service)
	if len(t.Countries) > 0 && x.Country != "" && !slices.Contains(t.Countries, x.Country) {
		l.say(x.At.Of("country"), "%s is in %s, where %s does not let data go", what, x.Country, t.CountryRequirement)
	}
	if t.Secrecy && !x.Secrecy {
		l.say(x.At.Of("secrecy"), "%s is not bound to secrecy, as %s demands", what, t.SecrecyRequirement)
	}
	if t.Dedicated && !x.Dedicated {
		l.say(x.At.Of("dedicated"), "%s is not dedicated to the authority, as %s demands", what, t.DedicatedRequirement)
	}
}

func (d *document) termsOf(service string) termsDoc {
	general := termsDoc{}
	for _, t := range d.ProcessorTerms {
		switch t.Service {
		case service:
			return t
		case "":
			general = t
		}
	}
	return general
}

func (l *linter) feeds() {
	if !l.At.Said("feeds") {
		return
	}
	l.need(l.Feeds.At, "feeds", "requirement", l.Feeds.Requirement != "")
	for i, f := range l.Feeds.Sources {
		what := "feed of " + f.Source
		l.need(f.At, what, "source", f.Source != "", "requirement", f.Requirement != "", "category", f.Category != "", "fields", len(f.Fields) > 0)
		if slices.ContainsFunc(l.Feeds.Sources[:i], func(e feedDoc) bool { return e.Source == f.Source }) {
			l.say(f.At.Of("source"), "%s is defined twice", what)
		}
		if f.Category != "" {
			l.among(f.At.Of("category"), what, f.Category, l.categoryNames())
		}
		l.listed(f.At.Of("fields"), what, f.Fields, l.fieldNames())
		l.harmless(f.At.Of("fields"), what, f.Fields)
	}
}

// campaign: nobody is chosen for a mailing by what is sensitive (AFG-29).
func (l *linter) campaign() {
	c := l.Campaign
	if !l.At.Said("campaign") {
		return
	}
	l.need(c.At, "campaign", "requirement", c.Requirement != "", "inputs", len(c.Inputs) > 0, "objectionRequirement", c.ObjectionRequirement != "")
	l.harmless(c.At.Of("inputs"), "campaign", c.Inputs)
}
