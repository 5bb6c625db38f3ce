package policy

import (
	"slices"

	"gallra.se/libs/policy/internal/strict"
)

// roles are those that a person's token may bear; what a role may see is for the pack to say.
var roles = []string{"case-officer", "matching-officer", "control-officer", "protected-officer", "recruiter", "archive-disclosure", "analyst",
	"dpo", "admin", "processor", "records-manager", "statistics-officer", "operator"}

// terms are what somebody may want to find persons by.
var terms = []string{"nationalId", "caseNumber", "phoneNumber", "name", "text"}

// access: who may read is a closed list of known roles, categories, case types and purposes, and each refusal has its source.
func (l *linter) access() {
	a := l.Access
	if !l.At.Said("access") {
		return
	}
	l.need(a.At, "access", "assignment", a.Assignment != "", "assignmentRequirement", a.AssignmentRequirement != "",
		"undertakingRequirement", a.UndertakingRequirement != "", "trainingRequirement", a.TrainingRequirement != "",
		"purposes", len(a.Purposes) > 0, "roles", len(a.Roles) > 0, "search", len(a.Search) > 0)
	for i, p := range a.Purposes {
		what := "purpose " + p.Name
		l.need(p.At, what, "name", p.Name != "", "requirement", p.Requirement != "", "title", p.Title.said())
		if slices.ContainsFunc(a.Purposes[:i], func(e purposeDoc) bool { return e.Name == p.Name }) {
			l.say(p.At.Of("name"), "%s is defined twice", what)
		}
	}
	for i, r := range a.Roles {
		l.role(r, a.Roles[:i])
	}
	l.search()
	for _, c := range l.Categories {
		l.listed(c.At.Of("purposes"), "category "+c.Name, c.Purposes, l.purposeNames())
	}
}

func (l *linter) role(r roleDoc, earlier []roleDoc) {
	what := "role " + r.Role
	l.need(r.At, what, "role", r.Role != "", "requirement", r.Requirement != "", "categories", r.At.Said("categories"), "purposes", r.At.Said("purposes"))
	if r.Role != "" {
		l.among(r.At.Of("role"), "access", r.Role, roles)
	}
	if slices.ContainsFunc(earlier, func(e roleDoc) bool { return e.Role == r.Role }) {
		l.say(r.At.Of("role"), "%s is defined twice", what)
	}
	l.listed(r.At.Of("categories"), what, all(r.Categories, l.categoryNames()), l.categoryNames())
	l.listed(r.At.Of("caseTypes"), what, all(r.CaseTypes, l.caseTypeNames()), l.caseTypeNames())
	l.listed(r.At.Of("purposes"), what, r.Purposes, l.purposeNames())
}

func (l *linter) search() {
	a := l.Access
	l.listed(a.At.Of("search"), "search", a.Search, terms)
	for _, n := range a.NotSearched {
		what := "search term " + n.Term
		l.need(n.At, what, "term", n.Term != "", "requirement", n.Requirement != "")
		if n.Term != "" {
			l.among(n.At.Of("term"), "notSearched", n.Term, terms)
		}
		if slices.Contains(a.Search, n.Term) {
			l.say(n.At.Of("term"), "%s is allowed and forbidden", what)
		}
	}
}

// listed: each name is known.
func (l *linter) listed(at strict.Pos, what string, names, known []string) {
	for _, name := range names {
		l.among(at, what, name, known)
	}
}

func (d *document) purposeNames() (names []string) {
	for _, p := range d.Access.Purposes {
		names = append(names, p.Name)
	}
	return names
}
