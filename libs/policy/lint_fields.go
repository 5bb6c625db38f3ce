package policy

import (
	"slices"

	"gallra.se/libs/policy/internal/strict"
)

// care: the fields that need more care than others are known ones, and a situation names cases in which its fields are needed.
func (l *linter) care() {
	for key, c := range map[string]careDoc{"sensitive": l.Sensitive, "thirdParty": l.ThirdParty} {
		if l.At.Said(key) {
			l.need(c.At, key, "requirement", c.Requirement != "", "fields", len(c.Fields) > 0)
			l.listed(c.At.Of("fields"), key, c.Fields, l.fieldNames())
		}
	}
	for i, s := range l.Situations {
		what := "situation " + s.Name
		l.need(s.At, what, "name", s.Name != "", "requirement", s.Requirement != "", "caseTypes", len(s.CaseTypes) > 0, "fields", len(s.Fields) > 0)
		if slices.ContainsFunc(l.Situations[:i], func(e situationDoc) bool { return e.Name == s.Name }) {
			l.say(s.At.Of("name"), "%s is defined twice", what)
		}
		l.listed(s.At.Of("caseTypes"), what, s.CaseTypes, l.caseTypeNames())
		l.listed(s.At.Of("fields"), what, s.Fields, l.fieldNames())
	}
	for i, t := range l.CaseTypes {
		if slices.ContainsFunc(l.CaseTypes[:i], func(e caseTypeDoc) bool { return e.Name == t.Name }) {
			l.say(l.At.Of("caseTypes"), "case type %s is defined twice", t.Name)
		}
		if t.At.File != "" {
			l.need(t.At, "case type "+t.Name, "name", t.Name != "", "requirement", t.Requirement != "", "persons", t.Persons != "", "legalBasis", len(t.LegalBasis) > 0)
		}
	}
}

// kept: recordings, groups, recruitment papers and invoices have a category with an end, and known fields.
func (l *linter) kept() {
	if r := l.Recording; l.At.Said("recording") {
		l.recording(r)
	}
	if g := l.Group; l.At.Said("group") {
		l.need(g.At, "group", "category", g.Category != "", "requirement", g.Requirement != "", "store", len(g.Store) > 0)
		l.housed(g.At, "group", g.Category)
		l.listed(g.At.Of("store"), "group", g.Store, l.fieldNames())
	}
	if r := l.Recruitment; l.At.Said("recruitment") {
		l.need(r.At, "recruitment", "requirement", r.Requirement != "", "transferRequirement", r.TransferRequirement != "", "onwardRequirement",
			r.OnwardRequirement != "", "reuseRequirement", r.ReuseRequirement != "", "kinds", len(r.Kinds) > 0, "required", len(r.Required) > 0)
		l.listed(r.At.Of("required"), "recruitment", r.Required, l.fieldNames())
	}
	if f := l.Finance; l.At.Said("finance") {
		l.need(f.At, "finance", "requirement", f.Requirement != "", "participantRequirement", f.ParticipantRequirement != "",
			"category", f.Category != "", "store", len(f.Store) > 0)
		l.housed(f.At, "finance", f.Category)
		if slices.Contains(f.Store, "nationalId") {
			l.say(f.At.Of("store"), "finance stores nationalId, and no participant's number may be there")
		}
	}
}

func (l *linter) recording(r recordingDoc) {
	l.need(r.At, "recording", "category", r.Category != "", "rule", r.Rule != "", "requirement", r.Requirement != "", "noticeRequirement",
		r.NoticeRequirement != "", "lineRequirement", r.LineRequirement != "", "stopRequirement", r.StopRequirement != "",
		"purposeRequirement", r.PurposeRequirement != "", "purposes", len(r.Purposes) > 0, "index", len(r.Index) > 0, "lines", len(r.Lines) > 0)
	l.housed(r.At, "recording", r.Category)
	l.extends(r.At.Of("rule"), "recording", r.Rule, r.Category, NormalLimit)
	l.listed(r.At.Of("index"), "recording", r.Index, l.fieldNames())
	l.listed(r.At.Of("purposes"), "recording", r.Purposes, l.purposeNames())
	for i, line := range r.Lines {
		what := "line " + line.Name
		l.need(line.At, what, "name", line.Name != "", "recorded", line.At.Said("recorded"), "requirement", line.Requirement != "")
		if slices.ContainsFunc(r.Lines[:i], func(e lineDoc) bool { return e.Name == line.Name }) {
			l.say(line.At.Of("name"), "%s is defined twice", what)
		}
	}
}

// told: what a notice must name beside channels and clocks: secrecy, registers and services.
func (l *linter) told() {
	if s := l.Secrecy; l.At.Said("secrecy") {
		l.need(s.At, "secrecy", "requirement", s.Requirement != "", "rule", s.Rule.said())
	}
	for i, r := range l.Registers {
		what := "register " + r.Name
		l.need(r.At, what, "name", r.Name != "", "requirement", r.Requirement != "", "title", r.Title.said(), "categories", len(r.Categories) > 0)
		l.listed(r.At.Of("categories"), what, r.Categories, l.categoryNames())
		for _, e := range l.Registers[:i] {
			for _, c := range r.Categories {
				if slices.Contains(e.Categories, c) {
					l.say(r.At.Of("categories"), "%s is in register %s and in %s", c, e.Name, r.Name)
				}
			}
		}
	}
	for i, s := range l.Services {
		what := "service " + s.Name
		l.need(s.At, what, "name", s.Name != "", "requirement", s.Requirement != "", "title", s.Title.said(), "legalBasis", len(s.LegalBasis) > 0, "fields", len(s.Fields) > 0)
		if slices.ContainsFunc(l.Services[:i], func(e serviceDoc) bool { return e.Name == s.Name }) {
			l.say(s.At.Of("name"), "%s is defined twice", what)
		}
		l.listed(s.At.Of("fields"), what, s.Fields, l.fieldNames())
		l.listed(s.At.Of("recipients"), what, s.Recipients, l.recipientIDs())
	}
}

// housed: the category is there.
func (l *linter) housed(at strict.Place, what, category string) {
	if category != "" {
		l.among(at.Of("category"), what, category, l.categoryNames())
	}
}

// harmless: none of the names is a sensitive field.
func (l *linter) harmless(at strict.Pos, what string, names []string) {
	for _, name := range names {
		if slices.Contains(l.Sensitive.Fields, name) {
			l.say(at, "%s names %q, which is sensitive", what, name)
		}
	}
}

// fieldNames are the names that a field of a person may have.
func (d *document) fieldNames() []string {
	return slices.Concat(d.Fields, d.Registration.Store, d.ComputedFields)
}

func (d *document) recipientIDs() (ids []string) {
	for _, r := range d.Recipients {
		ids = append(ids, r.ID)
	}
	return ids
}

func (d *document) serviceNames() (names []string) {
	for _, s := range d.Services {
		names = append(names, s.Name)
	}
	return names
}
