package notice

import (
	"maps"
	"slices"

	"gallra.se/libs/policy"
)

// recipients says who gets which fields, and in what way. The list is closed.
func (w *writer) recipients() {
	w.heading("Who gets your data", "Vem som får dina uppgifter")
	if len(w.Recipients) == 0 {
		w.paragraph("Nobody regularly. A disclosure is decided case by case, with the law or the consent that it rests on.",
			"Ingen regelmässigt. Varje utlämnande prövas för sig, med den lag eller det samtycke som det vilar på.")
		return
	}
	for _, id := range slices.Sorted(maps.Keys(w.Recipients)) {
		r := w.Recipients[id]
		var modes []string
		for _, m := range r.Modes {
			modes = append(modes, w.word(modeNames, m))
		}
		w.item("**"+r.Name+":**", w.list(r.Fields)+",", w.or(modes)+".", w.say("Source: %s (%s).", "Källa: %s (%s).", w.law(r.LegalSource), r.Requirement))
	}
	w.text.WriteString("\n")
	w.paragraph("Whoever is not on the list gets nothing without a decision of its own.", "Den som inte står på listan får ingenting utan ett eget beslut.")
}

// archive says what is left after the disposal: a row of statistics, and sealed official documents.
func (w *writer) archive() {
	statistics, separated := w.RuleOn("statistics.row", policy.Separation)
	a := w.Archive()
	if !separated && a.Requirement == "" {
		return
	}
	w.heading("Statistics and archive", "Statistik och arkiv")
	if separated {
		w.item("**"+w.in(statistics.Title)+"** ("+statistics.ID+"):", w.sentence([]policy.Rule{statistics}), w.source(statistics))
	}
	if a.Requirement != "" {
		w.item(w.say("**Official documents** (%s): sealed when the rest is deleted; nobody who handles cases can open them. %s They are preserved by %s.",
			"**Allmänna handlingar** (%s): förseglas när det övriga gallras; ingen handläggare kan öppna dem. %s De bevaras med stöd av %s.",
			a.Requirement, w.transfer(a), w.law(a.RuleReference)))
	}
}

func (w *writer) transfer(a policy.Archive) string {
	if a.TransferAt == "disposal" {
		return w.say("They go to the archive at once.", "De lämnas genast till arkivet.")
	}
	return w.say("They go to the archive authority when the statistics end.", "De lämnas till arkivmyndigheten när statistiktiden är slut.")
}

// deadlines says within what time there is an answer.
func (w *writer) deadlines() {
	if len(w.Deadlines) == 0 {
		return
	}
	w.heading("When you get an answer", "När du får svar")
	for _, d := range w.Deadlines {
		w.item("**"+w.in(d.Title)+":**", w.within(d), w.say("Source: %s (%s).", "Källa: %s (%s).", w.law(d.LegalSource), d.Requirement))
	}
	w.text.WriteString("\n")
	w.paragraph("A last day on a weekend or holiday moves to the next working day. The last day of a period above never moves.",
		"En sista dag på en helg flyttas till nästa arbetsdag. Sista dagen för en tid ovan flyttas aldrig.")
}

func (w *writer) within(d policy.Deadline) string {
	since := w.word(triggerNames, d.Trigger)
	switch {
	case d.WorkingDays > 0:
		return w.say("%d %s after %s.", "%d %s efter %s.", d.WorkingDays, w.plural(d.WorkingDays, "working day", "working days", "arbetsdag", "arbetsdagar"), since)
	case d.Extension.IsZero():
		return w.say("within %s after %s.", "inom %s efter %s.", w.period(d.Period), since)
	default:
		return w.say("within %s after %s, or within %s if you were told why within the first.", "inom %s efter %s, eller inom %s om du fått veta varför inom den första tiden.",
			w.period(d.Period), since, w.period(d.Extension))
	}
}
