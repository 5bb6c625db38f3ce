package line

import (
	"maps"
	"slices"
	"strings"

	"golang.org/x/text/unicode/norm"

	"gallra.se/libs/policy"
	"gallra.se/libs/problem"
	"gallra.se/libs/strict"
)

// Terms by which persons are found.
const (
	TermNationalID = "nationalId"
	TermCaseNumber = "caseNumber"
)

// sensitiveSearch is cited where a query would find people by what is sensitive.
const sensitiveSearch = "L-08"

// Search reads what somebody searches for: one term that the pack allows. A term that it forbids is refused with the
// requirement that does, and so is any query with a sensitive word in it (L-08), whatever term it stands under.
func Search(a policy.Access, query strict.Members) (term, text string, err error) {
	for _, name := range slices.Sorted(maps.Keys(query)) {
		if requirement, forbidden := a.NotSearched[name]; forbidden {
			return "", "", problem.ByRule("forbidden", requirement)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(query)) {
		if tells(a, name) {
			return "", "", problem.ByRule("forbidden", sensitiveSearch)
		}
		if !slices.Contains(a.Search, name) {
			return "", "", strict.Unknown(name)
		}
		if term != "" {
			return "", "", problem.OnField("invalid-field", name) // one at a time
		}
		if text, err = strict.TextOf(name, query[name]); err != nil {
			return "", "", err
		}
		if tells(a, text) {
			return "", "", problem.ByRule("forbidden", sensitiveSearch)
		}
		if err := CheckText(name, text); err != nil {
			return "", "", err
		}
		term = name
	}
	if term == "" {
		return "", "", problem.OnField("missing-field", TermNationalID)
	}
	return term, text, nil
}

// tells says whether a word of the text begins as one that reveals sensitive data, however its letters are encoded.
func tells(a policy.Access, text string) bool {
	text = strings.ToLower(norm.NFKC.String(text))
	return slices.ContainsFunc(a.SensitiveTerms, func(word string) bool { return strings.Contains(text, norm.NFKC.String(word)) })
}
