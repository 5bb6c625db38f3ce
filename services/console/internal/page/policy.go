package page

import (
	"fmt"
	"slices"

	"gallra.se/libs/policy"

	"gallra.se/services/console/internal/rulebook"
	"gallra.se/services/console/internal/standing"
)

// about is what a rule holds for: categories, and the case types that it names.
func about(t Texts, r rulebook.Rule) []string {
	var lines []string
	for _, scope := range r.AppliesTo {
		line := t.word(scope.Category)
		if len(scope.CaseTypes) > 0 {
			line += " (" + list(t, scope.CaseTypes) + ")"
		}
		if !slices.Contains(lines, line) {
			lines = append(lines, line)
		}
	}
	return lines
}

func counted(t Texts, r rulebook.Rule) []string {
	var lines []string
	for _, scope := range r.AppliesTo {
		if line := t.word(string(scope.Trigger)); line != "" && !slices.Contains(lines, line) {
			lines = append(lines, line)
		}
	}
	return lines
}

// periodOf is a version's period in the words of the notice, or what stands in its place.
func periodOf(t Texts, r policy.Rule) string {
	switch {
	case r.Effect == policy.Preserve:
		return t.Policy.KeptUntilArchive
	case !r.Stated:
		return t.NotStated
	}
	return span(t, r.Period.String(), string(r.Mode))
}

func since(t Texts, v rulebook.Version) string {
	if !v.Begun {
		return t.Policy.FromThen + " " + v.ValidFrom.String()
	}
	text := t.Policy.Since + " " + v.ValidFrom.String()
	if !v.ValidUntil.IsZero() {
		text += ", " + t.Policy.Until + " " + v.ValidUntil.String()
	}
	return text
}

func monthOr(t Texts, month string) string {
	if month == "none" || month == "" {
		return t.Policy.NoMonth
	}
	return month
}

func planning(b rulebook.Book) string {
	rule := "ID"
	for _, r := range b.Rules {
		if r.Stated && r.Effect == policy.Dispose {
			rule = r.ID
			break
		}
	}
	return fmt.Sprintf("gallra policy plan --authority %s --rule %s --period \"14 days\" --from 2026-01-01", b.Name, rule)
}

func activating(b rulebook.Book) string {
	return fmt.Sprintf("gallra policy activate DIR --authority %s --plan %s", b.Name, b.Plan.Hash)
}

func approving(r standing.Review) string {
	return fmt.Sprintf("gallra reviews approve --authority %s --category %s --month %s --hash %s", r.Authority, r.Category, r.Month, r.Hash)
}
