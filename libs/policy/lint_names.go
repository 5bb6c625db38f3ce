package policy

import (
	"slices"

	"gallra.se/libs/policy/internal/strict"
)

func (l *linter) channel(c channelDoc) {
	what := "channel " + c.Name
	l.need(c.At, what, "name", c.Name != "", "requirement", c.Requirement != "")
	for key, lists := range map[string]fieldsDoc{"store": c.Store, "required": c.Required} {
		for _, f := range slices.Concat(lists.Anonymous, lists.Identified) {
			l.among(c.At.Of(key), what, f, l.Fields)
		}
	}
	l.need(c.At, what, "legalBasis", l.rests(c))
	if c.Service != "" {
		l.among(c.At.Of("service"), what, c.Service, l.serviceNames())
	}
	if c.StoresNothing {
		if c.Category != "" || c.Rule != "" || len(c.Store.Anonymous)+len(c.Store.Identified) > 0 {
			l.say(c.At.Of("storesNothing"), "%s stores nothing and yet names a category, a rule or fields", what)
		}
		return
	}
	l.need(c.At, what, "category", c.Category != "", "rule", c.Rule != "", "trigger", c.Trigger != "")
	l.beside(c, what)
	switch {
	case c.Rule == "" || c.At.Doubtful("rule") || c.At.Doubtful("trigger"):
	case !slices.Contains(l.ruleIDs(), c.Rule):
		l.say(c.At.Of("rule"), "%s: unknown rule %q", what, c.Rule)
	case !l.applied(c.Rule, c.Category, c.Trigger):
		l.say(c.At.Of("rule"), "%s: rule %q does not end %q from %q", what, c.Rule, c.Category, c.Trigger)
	}
}

// facts are what a channel may keep of a contact besides fields.
var facts = []string{"startedAt", "endedAt", "line"}

// rests: nothing is processed without a legal basis (AFG-05).
func (l *linter) rests(c channelDoc) bool {
	if c.At.Said("legalBasis") {
		return len(c.LegalBasis.Anonymous) > 0 && len(c.LegalBasis.Identified) > 0
	}
	return len(l.LegalBasis) > 0
}

// beside: what waits for a consent, or goes into a document of its own, is something that the channel stores.
func (l *linter) beside(c channelDoc, what string) {
	stored := slices.Concat(c.Store.Anonymous, c.Store.Identified)
	l.listed(c.At.Of("facts"), what, c.Facts, facts)
	for _, f := range c.Consent {
		if !slices.Contains(stored, f) {
			l.say(c.At.Of("consent"), "%s: %q waits for a consent and is not stored with one either", what, f)
		}
	}
	for _, f := range c.Document.Fields {
		if !slices.Contains(stored, f) || slices.Contains(c.Consent, f) {
			l.say(c.Document.At.Of("fields"), "%s: %q goes into a document and is not stored, or only with consent", what, f)
		}
	}
	if c.At.Said("document") {
		l.need(c.Document.At, what+": document", "category", c.Document.Category != "", "fields", len(c.Document.Fields) > 0)
		l.housed(c.Document.At, what+": document", c.Document.Category)
	}
	if c.Unlinked && slices.Contains(stored, "nationalId") {
		l.say(c.At.Of("store"), "%s is linked to nobody and yet stores nationalId", what)
	}
}

// limits: a pack says which rules end a case's records, or why none does.
func (l *linter) limits() {
	c := l.CaseLimits
	if at := c.At; len(c.Rules) == 0 && !c.Reason.said() && !at.Doubtful("rules") && !l.At.Doubtful("caseRetention") {
		if at.File == "" {
			at.Pos = l.At.Pos
		}
		l.say(at.Pos, "caseRetention names neither rules nor the reason why there are none")
	}
	for _, id := range c.Rules {
		l.among(c.At.Of("rules"), "caseRetention", id, l.ruleIDs())
	}
	b := l.StatutoryBound
	if !l.At.Said("statutoryBound") {
		return
	}
	l.need(b.At, "statutoryBound", "requirement", b.Requirement != "", "legalSource", b.LegalSource != "", "years", b.Years > 0)
	for _, t := range b.CaseTypes {
		if !slices.Contains(l.caseTypeNames(), t) {
			l.say(b.At.Of("caseTypes"), "statutoryBound names the unknown case type %q", t)
		}
	}
}

func (l *linter) extension(e extensionDoc) {
	what := "extension of " + e.Category
	l.need(e.At, what, "requirement", e.Requirement != "", "category", e.Category != "", "rule", e.Rule != "", "until", e.Until != "",
		"reasons", len(e.Reasons) > 0)
	l.extends(e.At.Of("rule"), what, e.Rule, e.Category, NormalLimit)
	l.extends(e.At.Of("until"), what, e.Until, e.Category, CeilingLimit)
}

// extends: an extension leads from a rule that sets the category's normal limit to one that sets its ceiling.
func (l *linter) extends(at strict.Pos, what, rule, category string, limit Limit) {
	if rule == "" {
		return
	}
	if !slices.Contains(l.ruleIDs(), rule) {
		l.say(at, "%s names the missing rule %q", what, rule)
		return
	}
	if !slices.ContainsFunc(l.sentences(), func(s sentence) bool {
		return s.rule.ID == rule && (s.doubtful() || s.category == category && s.ends() && s.limit() == limit)
	}) {
		l.say(at, "%s: rule %q does not set the %s limit of %q", what, rule, limit, category)
	}
}

func (l *linter) deadline(e deadlineDoc, earlier []deadlineDoc) {
	what := "deadline " + e.ID
	l.need(e.At, what, "id", e.ID != "", "requirement", e.Requirement != "", "title", e.Title.said(), "legalSource", e.LegalSource != "",
		"event", e.Event != "", "period", !e.Period.Period.IsZero() || e.WorkingDays > 0)
	if slices.ContainsFunc(earlier, func(d deadlineDoc) bool { return d.ID == e.ID }) {
		l.say(e.At.Of("id"), "%s is defined twice", what)
	}
	if !e.Period.Period.IsZero() && e.WorkingDays > 0 {
		l.say(e.At.Of("workingDays"), "%s has a period and working days", what)
	}
	if l.Holidays.Holidays == nil && !l.At.Doubtful("holidays") {
		l.say(e.At.Pos, "%s moves for holidays, and the pack lacks its holidays", what)
	}
}

// archive: nothing is sealed without the rule that allows its preservation (L-03).
func (l *linter) archive() {
	a := l.Archive
	if !l.At.Said("archive") {
		return
	}
	l.need(a.At, "archive", "requirement", a.Requirement != "", "ruleReference", a.RuleReference != "", "transferAt", a.TransferAt != "")
	if a.TransferAt == "statisticsEnd" && !slices.ContainsFunc(l.sentences(), func(s sentence) bool {
		return s.category == "statistics.row" && s.applies.Trigger == Separation && s.ends()
	}) {
		l.say(a.At.Of("transferAt"), "archive: transfer waits for the end of statistics, and no rule ends a statistics row")
	}
}

func (d *document) applied(rule, category string, trigger Trigger) bool {
	for _, r := range d.Rules {
		for _, a := range r.AppliesTo {
			if r.ID == rule && a.Category == category && a.Trigger == trigger {
				return true
			}
		}
	}
	return false
}
