package policy

func (l *linter) channel(d *document, c channelDoc) {
	what := "channel " + c.Name
	l.need(c.At, what, "name", c.Name != "", "requirement", c.Requirement != "")
	for _, list := range [][]string{c.Store.Anonymous, c.Store.Identified, c.Required.Anonymous, c.Required.Identified} {
		for _, f := range list {
			l.among(c.At, what, f, d.Fields)
		}
	}
	if c.StoresNothing {
		if c.Category != "" || c.Rule != "" || len(c.Store.Anonymous)+len(c.Store.Identified) > 0 {
			l.say(c.At, "%s stores nothing and yet names a category, a rule or fields", what)
		}
		return
	}
	l.need(c.At, what, "category", c.Category != "", "rule", c.Rule != "", "trigger", c.Trigger != "")
	if !d.ends(c.Rule, c.Category, c.Trigger) {
		l.say(c.At, "%s: rule %q does not end %q from %q", what, c.Rule, c.Category, c.Trigger)
	}
}

// cases: a pack says which rules end a case's records, or why none does.
func (l *linter) cases(d *document) {
	c := d.CaseLimits
	if len(c.Rules) == 0 && c.Reason == "" {
		l.say(c.At, "caseRetention names neither rules nor the reason why there are none")
	}
	for _, id := range c.Rules {
		l.among(c.At, "caseRetention", id, d.ruleIDs())
	}
	if b := d.StatutoryBound; b.Years != 0 {
		l.need(b.At, "statutoryBound", "requirement", b.Requirement != "", "legalSource", b.LegalSource != "", "years", b.Years > 0)
	}
}

func (d *document) ends(rule, category string, trigger Trigger) bool {
	for _, r := range d.Rules {
		for _, a := range r.AppliesTo {
			if r.ID == rule && a.Category == category && a.Trigger == trigger {
				return true
			}
		}
	}
	return false
}

func (d *document) categoryNames() (names []string) {
	for _, c := range d.Categories {
		names = append(names, c.Name)
	}
	return names
}

func (d *document) ruleIDs() (ids []string) {
	for _, r := range d.Rules {
		ids = append(ids, r.ID)
	}
	return ids
}
