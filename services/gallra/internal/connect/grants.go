package connect

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"gallra.se/events"
	"gallra.se/libs/policy"
	"gallra.se/services/gallra/internal/credentials"
)

// Kinds are the lines that a partner may hand in.
var Kinds = []string{"contact", "person", "case"}

// Readable are the event types that a partner may read. What is sealed in them stays
// sealed. A watermark is a word between services, the statistics' side is nobody's, and who
// is protected, or who has looked at whom, no partner is told (AFG-08).
func Readable() []string {
	var names []string
	for _, entry := range events.Catalogue {
		entity, _, _ := strings.Cut(entry.Name(), ".")
		if entry.Type != events.TypeWatermarkPassed && entry.Type != events.TypeDisclosureHeld && !slices.Contains([]string{"statistics", "protection", "access"}, entity) {
			names = append(names, entry.Name())
		}
	}
	return names
}

// Ask is what a partner shall have, in the words of the command line: AUTHORITY/contact,
// AUTHORITY/case.closed, AUTHORITY/case.*
func Ask(name string, publish, subscribe []string) (p credentials.Partner, err error) {
	if err := credentials.CheckName(name); err != nil {
		return p, err
	}
	if len(publish)+len(subscribe) == 0 {
		return p, fmt.Errorf("%s would have nothing: give --publish AUTHORITY/KIND or --subscribe AUTHORITY/EVENT", name)
	}
	p.Name = name
	if p.Publish, err = grants(publish, "kind of line", Kinds); err != nil {
		return p, err
	}
	p.Subscribe, err = grants(subscribe, "event", Readable())
	return p, err
}

// grants are what the words mean today: a pattern gives no right to what is added to the
// catalogue later.
func grants(words []string, what string, known []string) (all []credentials.Grant, err error) {
	for _, text := range words {
		authority, pattern, found := strings.Cut(text, "/")
		if authorities := policy.Default().Authorities(); !found || !slices.Contains(authorities, authority) {
			return nil, fmt.Errorf("%q names no authority that there is: want AUTHORITY/%s with one of %s", text, strings.Fields(what)[0], strings.Join(authorities, ", "))
		}
		given := matching(pattern, known)
		if len(given) == 0 {
			return nil, fmt.Errorf("%q names no %s that there is: have %s", text, what, strings.Join(known, ", "))
		}
		for _, name := range given {
			if g := (credentials.Grant{Authority: authority, What: name}); !slices.Contains(all, g) {
				all = append(all, g)
			}
		}
	}
	return all, nil
}

// matching are the names that a pattern means: with or without the version.
func matching(pattern string, known []string) []string {
	return slices.DeleteFunc(slices.Clone(known), func(name string) bool {
		unversioned := name
		if i := strings.LastIndex(name, ".v"); i > 0 {
			unversioned = name[:i]
		}
		whole, err := path.Match(pattern, name)
		if err != nil {
			return true
		}
		short, _ := path.Match(pattern, unversioned)
		return !whole && !short
	})
}
