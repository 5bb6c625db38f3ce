// Package processor judges whether a company may process data on the authority's behalf: the list is closed where the
// notice has one (AFG-44), and whoever is taken into use keeps the terms of its service: secrecy (KSC-26), the country
// (AFG-38, KSC-22), a system for this authority alone (AFG-38). It is pure.
package processor

import (
	"regexp"
	"slices"
	"time"

	"gallra.se/libs/policy"
	"gallra.se/libs/problem"
	"gallra.se/libs/strict"
	"gallra.se/services/intake/internal/contact"
)

// Given is an activation as it came.
type Given struct {
	Processor string `json:"processor"` // name of the company
	Service   string `json:"service"`   // what it does; empty: what the pack says of it
	Country   string `json:"country"`   // ISO 3166-1 alpha-2
	Secrecy   *bool  `json:"secrecy"`
	Dedicated *bool  `json:"dedicated"`
	At        string `json:"at"` // RFC 3339; empty: now
}

// Activation is one that may be.
type Activation struct {
	Name, Service, Country string
	Secrecy, Dedicated     bool
	At                     time.Time
}

// Read takes an activation apart, or refuses it: too-large, not-json, unknown-field, invalid-field.
func Read(raw []byte) (g Given, err error) {
	if len(raw) > strict.MaxLine {
		return g, problem.New("too-large")
	}
	return g, strict.Decode(raw, &g)
}

var (
	country = regexp.MustCompile(`^[A-Z]{2}$`)
	service = regexp.MustCompile(`^[a-z][a-z-]{0,39}$`)
)

const longestName = 100

// Judge refuses a company that does not meet the terms, citing the requirement, or returns the activation.
func (g Given) Judge(pack *policy.Pack, now time.Time) (Activation, error) {
	a, err := g.complete(now)
	if err != nil {
		return Activation{}, err
	}
	listed, known := pack.Processor(a.Name)
	if known && a.Service == "" {
		a.Service = listed.Service
	}
	terms := pack.ProcessorTerms(a.Service)
	for _, term := range []struct {
		kept bool
		rule string
	}{
		{known || terms.Requirement == "", terms.Requirement},
		{!known || a.Service == listed.Service && (listed.Country == "" || a.Country == listed.Country), listed.Requirement},
		{a.Secrecy || !terms.Secrecy && !listed.Secrecy, first(terms.SecrecyRequirement, listed.Requirement)},
		{len(terms.Countries) == 0 || slices.Contains(terms.Countries, a.Country), terms.CountryRequirement},
		{a.Dedicated || !terms.Dedicated && !listed.Dedicated, first(terms.DedicatedRequirement, listed.Requirement)},
	} {
		if !term.kept {
			return Activation{}, problem.ByRule("denied", term.rule)
		}
	}
	return a, nil
}

func (g Given) complete(now time.Time) (Activation, error) {
	a := Activation{Name: g.Processor, Service: g.Service, Country: g.Country, At: now}
	switch {
	case g.Processor == "":
		return a, problem.OnField("missing-field", "processor")
	case g.Country == "":
		return a, problem.OnField("missing-field", "country")
	case g.Secrecy == nil:
		return a, problem.OnField("missing-field", "secrecy")
	case g.Dedicated == nil:
		return a, problem.OnField("missing-field", "dedicated")
	case !country.MatchString(g.Country):
		return a, problem.OnField("invalid-field", "country")
	case g.Service != "" && !service.MatchString(g.Service):
		return a, problem.OnField("invalid-field", "service")
	}
	a.Secrecy, a.Dedicated = *g.Secrecy, *g.Dedicated
	if err := strict.Fits("processor", a.Name, longestName); err != nil {
		return a, err
	}
	if err := strict.CleanLine("processor", a.Name); err != nil {
		return a, err
	}
	if g.At == "" {
		return a, nil
	}
	at, err := contact.Moment("at", g.At, now)
	a.At = at
	return a, err
}

func first(rules ...string) string {
	i := slices.IndexFunc(rules, func(rule string) bool { return rule != "" })
	if i < 0 {
		return ""
	}
	return rules[i]
}
