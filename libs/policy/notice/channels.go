package notice

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"gallra.se/libs/policy"
)

// channels says of each way of contact what it leaves behind, without and with identification.
func (w *writer) channels() {
	registers := w.Says("person.identity")
	if len(w.Channels) == 0 && !registers {
		return
	}
	w.heading("What each way of contact keeps", "Vad varje kontaktväg sparar")
	for _, name := range slices.Sorted(maps.Keys(w.Channels)) {
		c := w.Channels[name]
		w.item("**"+w.word(channelNames, name)+":**", w.kept(c), w.beside(c), w.ends(c), w.basis(c))
	}
	if registers {
		w.item("**"+w.say("Registration", "Inskrivning")+":**", w.list(w.RegistrationFields(nil))+".")
		w.situations()
	}
	if g, ok := w.Group(); ok {
		w.item("**"+w.say("Job-seeker groups", "Jobbsökargrupper")+":**", w.list(g.Store)+".")
	}
}

// beside says what of a contact waits for a consent, goes into a document of its own, or is cut off.
func (w *writer) beside(c policy.Channel) string {
	var parts []string
	if len(c.Consent) > 0 {
		parts = append(parts, w.say("Only with your consent: %s.", "Bara med ditt samtycke: %s.", w.list(c.Consent)))
	}
	if c.Document.Category != "" {
		parts = append(parts, w.say("Official document: %s.", "Allmän handling: %s.", w.list(c.Document.Fields)))
	}
	if c.Unlinked {
		parts = append(parts, w.say("It is never linked to you or your case.", "Det kopplas aldrig till dig eller ditt ärende."))
	}
	return strings.Join(parts, " ")
}

// situations says what is kept besides, depending on what a person takes part in, and with what care (AFG-17, L-07, L-29).
func (w *writer) situations() {
	for _, s := range w.Situations() {
		var types []string
		for _, t := range s.CaseTypes {
			types = append(types, w.word(caseTypeNames, t))
		}
		w.item(w.say("Only with an open case of %s: %s (%s).", "Bara med ett öppet ärende om %s: %s (%s).", w.or(types), w.list(s.Fields), s.Requirement))
	}
	if requirement, fields := w.ThirdParty(); len(fields) > 0 {
		w.item(w.say("About somebody else only where your case needs it: %s (%s).", "Om någon annan bara när ditt ärende kräver det: %s (%s).", w.list(fields), requirement))
	}
}

func (w *writer) kept(c policy.Channel) string {
	switch {
	case c.StoresNothing && c.IdleTimeout == 0:
		return w.say("nothing of who you are; figures alone.", "ingenting om vem du är; bara siffror.")
	case c.StoresNothing:
		return w.say("nothing. What you write is in memory until you close, and nowhere else.", "ingenting. Det du skriver finns i minnet tills du stänger, och ingen annanstans.")
	case len(c.Store.Anonymous)+len(c.Store.Identified) == 0:
		return w.say("only from when until when.", "bara från när till när.")
	case slices.Equal(c.Store.Anonymous, c.Store.Identified):
		return w.list(c.Store.Identified) + "."
	default:
		return w.say("%s; if you identify yourself %s.", "%s; om du identifierar dig %s.",
			cmp.Or(w.list(c.Store.Anonymous), w.say("nothing", "ingenting")), w.list(c.Store.Identified))
	}
}

func (w *writer) ends(c policy.Channel) string {
	switch r, ok := w.Rule(c.Rule); {
	case ok && r.Stated && r.Period.IsZero():
		return w.say("How long: see %s below.", "Hur länge: se %s nedan.", r.ID)
	case ok && r.Stated:
		return w.say("It is kept for %s (%s).", "Det sparas i %s (%s).", w.period(r.Period), r.ID)
	}
	return ""
}

func (w *writer) basis(c policy.Channel) string {
	var all []string
	for _, basis := range slices.Concat(c.LegalBasis.Anonymous, c.LegalBasis.Identified) {
		if law := w.inForce(basis); !slices.Contains(all, law) {
			all = append(all, law)
		}
	}
	if len(all) == 0 {
		return ""
	}
	return w.say("Legal basis: %s.", "Rättslig grund: %s.", strings.Join(all, "; "))
}

// inForce is a law with the days of its force, where it has not always been in force or is no more.
func (w *writer) inForce(b policy.Basis) string {
	switch {
	case !b.Until.IsZero():
		return w.say("%s until %s", "%s till och med %s", w.law(b.Law), b.Until)
	case !b.From.IsZero():
		return w.say("%s from %s", "%s från %s", w.law(b.Law), b.From)
	default:
		return w.law(b.Law)
	}
}

// list names fields in a sentence.
func (w *writer) list(fields []string) string {
	var words []string
	for _, f := range fields {
		if f == "nationalId" && w.Country == "FI" {
			f = "nationalId/FI"
		}
		words = append(words, w.word(fieldNames, f))
	}
	return w.and(words)
}

func (w *writer) and(words []string) string { return join(words, w.say(" and ", " och ")) }
func (w *writer) or(words []string) string  { return join(words, w.say(" or ", " eller ")) }

// join is "a, b and c".
func join(words []string, last string) string {
	if len(words) < 2 {
		return strings.Join(words, "")
	}
	n := len(words) - 1
	return strings.Join(words[:n], ", ") + last + words[n]
}
