package notice

import (
	"fmt"
	"slices"
	"strings"

	"gallra.se/libs/calendar"
	"gallra.se/libs/policy"
)

// rulesOf is each rule once, in its newest version, with every line of it that matches.
func (w *writer) rulesOf(match func(policy.Rule) bool) (ids []string, lines map[string][]policy.Rule) {
	lines = map[string][]policy.Rule{}
	for _, r := range w.Rules {
		if !r.ValidUntil.IsZero() || !match(r) {
			continue
		}
		if lines[r.ID] == nil {
			ids = append(ids, r.ID)
		}
		lines[r.ID] = append(lines[r.ID], r)
	}
	return ids, lines
}

// periods says every promise in words: how long, from what day, of what, by which sentence.
func (w *writer) periods() {
	ids, lines := w.rulesOf(func(r policy.Rule) bool {
		return r.Effect == policy.Dispose && r.Stated && r.Trigger != policy.Separation
	})
	if len(ids) == 0 {
		return
	}
	w.heading("How long your data are kept", "Så länge sparas uppgifterna")
	for _, id := range ids {
		r := lines[id][0]
		w.item("**"+w.in(r.Title)+"** ("+id+"):", w.sentence(lines[id]), w.before(r), w.of(lines[id]), w.marks(r), w.source(r), w.except(r.Exceptions))
	}
	for _, r := range w.Rules {
		if r.Effect == policy.Reuse && r.ValidUntil.IsZero() {
			w.item("**"+w.in(r.Title)+"** ("+r.ID+"):", w.say("%s after %s.", "%s efter %s.", w.period(r.Period), w.word(triggerNames, string(r.Trigger))), w.source(r))
		}
	}
}

// sentence is the period in the words of its mode, from each of its triggers.
func (w *writer) sentence(lines []policy.Rule) string {
	var from []string
	for _, r := range lines {
		if word := w.word(triggerNames, string(r.Trigger)); !slices.Contains(from, word) {
			from = append(from, word)
		}
	}
	r, after := lines[0], w.or(from)
	switch {
	case r.Mode == calendar.Weekly && r.Period.IsZero():
		return w.say("gone with the first Monday after %s.", "borta från och med första måndagen efter %s.", after)
	case r.Mode == calendar.Weekly:
		return w.say("%s after %s, and gone with the next Monday.", "%s efter %s, och borta från och med nästa måndag.", w.period(r.Period), after)
	case r.Mode == calendar.Ceiling && r.Period.IsZero():
		return w.say("gone at once after %s.", "borta genast efter %s.", after)
	case r.Period.IsZero():
		return w.say("no longer: gone on the day after %s.", "inte längre: borta dagen efter %s.", after)
	case r.Mode == calendar.Ceiling:
		return w.say("gone at the latest %s after %s, on that very day.", "borta senast %s efter %s, just den dagen.", w.period(r.Period), after)
	default:
		return w.say("%s after %s; it can be read through the last day and is gone the day after.", "%s efter %s; går att läsa till och med sista dagen och är borta dagen därpå.", w.period(r.Period), after)
	}
}

// before says what was promised earlier. The shortest of what was in force since something came in counts for it.
func (w *writer) before(newest policy.Rule) string {
	var was []string
	for _, r := range w.Rules {
		if r.ID == newest.ID && r.Category == newest.Category && !r.ValidUntil.IsZero() && slices.Equal(r.CaseTypes, newest.CaseTypes) {
			period := w.say("not stated", "inte angivet")
			if r.Stated {
				period = w.period(r.Period)
			}
			was = append(was, w.say("until %s it was %s", "till och med %s var det %s", r.ValidUntil, period))
		}
	}
	if len(was) == 0 {
		return ""
	}
	return w.say("This holds from %s; %s. Of what was in force since your data came in, the shortest counts.",
		"Det gäller från %s; %s. Av det som gällt sedan dina uppgifter kom in räknas det kortaste.", newest.ValidFrom, w.and(was))
}

// of says what the rule is about, where it is about more than one thing or about some case types only.
func (w *writer) of(lines []policy.Rule) string {
	var things, types []string
	for _, r := range lines {
		if word := w.word(categoryNames, r.Category); !slices.Contains(things, word) {
			things = append(things, word)
		}
		for _, t := range r.CaseTypes {
			if word := w.word(caseTypeNames, t); !slices.Contains(types, word) {
				types = append(types, word)
			}
		}
	}
	about := ""
	if len(things) > 1 || len(types) > 0 {
		about = w.say("It holds for %s", "Det gäller %s", w.and(things))
		if len(types) > 0 {
			about += w.say(" in cases of %s", " i ärenden om %s", w.and(types))
		}
		about += "."
	}
	return about
}

func (w *writer) marks(r policy.Rule) string {
	var marks []string
	if r.Assumed {
		marks = append(marks, w.say("*Our own number:* %s.", "*Vårt eget tal:* %s.", w.in(r.Why)))
	}
	if r.Floor {
		marks = append(marks, w.say("Nobody deletes it earlier.", "Ingen tar bort det tidigare."))
	}
	if r.Absolute {
		marks = append(marks, w.say("Nothing keeps it longer.", "Ingenting behåller det längre."))
	}
	return strings.Join(marks, " ")
}

func (w *writer) source(r policy.Rule) string {
	return w.say("Source: %s.", "Källa: %s.", w.in(r.Source))
}

func (w *writer) except(codes []string) string {
	var words []string
	for _, code := range codes {
		words = append(words, w.word(exceptionNames, code))
	}
	if len(words) == 0 {
		return ""
	}
	return w.say("It may stay longer because of %s.", "Det kan finnas kvar längre på grund av %s.", w.or(words))
}

// period is a span in words; three years and more are said in years, as the notices do.
func (w *writer) period(p calendar.Period) string {
	switch {
	case p.Months >= 36 && p.Months%12 == 0 && p.Days == 0:
		return fmt.Sprintf("%d %s", p.Months/12, w.say("years", "år"))
	case p.Months != 0:
		return fmt.Sprintf("%d %s", p.Months, w.plural(p.Months, "month", "months", "månad", "månader"))
	default:
		return fmt.Sprintf("%d %s", p.Days, w.plural(p.Days, "day", "days", "dag", "dagar"))
	}
}

func (w *writer) plural(n int, one, many, en, flera string) string {
	if n == 1 {
		return w.say(one, en)
	}
	return w.say(many, flera)
}

// silences says what has no period, and why; then what is kept for good.
func (w *writer) silences() {
	ids, lines := w.rulesOf(func(r policy.Rule) bool { return r.Effect == policy.Dispose && !r.Stated })
	if len(ids) > 0 {
		w.heading("What is not stated", "Vad som inte är angivet")
		for _, id := range ids {
			r := lines[id][0]
			w.item("**"+w.in(r.Title)+"** ("+id+"):", w.say("not stated; %s.", "inte angivet; %s.", w.in(r.Why)), w.of(lines[id]), w.source(r))
		}
	}
	ids, lines = w.rulesOf(func(r policy.Rule) bool { return r.Effect == policy.Preserve })
	if len(ids) > 0 {
		w.heading("What is preserved", "Vad som bevaras")
		for _, id := range ids {
			r := lines[id][0]
			w.item("**"+w.in(r.Title)+"** ("+id+"):", w.say("preserved without an end and archived; nobody deletes it.", "bevaras utan slut och arkiveras; ingen tar bort det."), w.source(r))
		}
	}
}

// longer says for what reasons a single record may be kept longer, and the bound that the law sets to everything.
func (w *writer) longer() {
	if len(w.Extensions) == 0 && w.Bound.Years == 0 {
		return
	}
	w.heading("How long at the very most", "Hur länge som allra längst")
	for _, e := range w.Extensions {
		until, _ := w.Rule(e.Until)
		var reasons []string
		for _, code := range e.Reasons {
			reasons = append(reasons, w.word(reasonNames, code))
		}
		w.item(w.say("A single %s may be kept longer because of %s, until the reason ends and at most %s after %s (%s).",
			"En enskild %s får sparas längre på grund av %s, tills skälet upphör och högst %s efter %s (%s).",
			w.word(singleNames, e.Category), w.or(reasons), w.period(until.Period), w.word(triggerNames, string(until.Trigger)), e.Requirement))
	}
	if b := w.Bound; b.Years > 0 {
		w.item(w.say("By law nothing of a case stays longer than %d years after the end of the year in which it was closed (%s, %s).",
			"Enligt lag finns inget av ett ärende kvar längre än %d år efter utgången av det år då det avslutades (%s, %s).", b.Years, w.law(b.LegalSource), b.Requirement))
	}
}
