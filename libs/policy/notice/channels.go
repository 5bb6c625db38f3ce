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
		w.item("**"+w.word(channelNames, name)+":**", w.kept(c), w.ends(c), w.basis(c))
	}
	if registers {
		w.item("**"+w.say("Registration", "Inskrivning")+":**", w.list(w.Registration.Store)+".")
	}
}

func (w *writer) kept(c policy.Channel) string {
	switch {
	case c.StoresNothing:
		return w.say("nothing. What you write is in memory until you close, and nowhere else.", "ingenting. Det du skriver finns i minnet tills du stänger, och ingen annanstans.")
	case slices.Equal(c.Store.Anonymous, c.Store.Identified):
		return w.list(c.Store.Identified) + "."
	default:
		return w.say("%s; if you identify yourself %s.", "%s; om du identifierar dig %s.",
			cmp.Or(w.list(c.Store.Anonymous), w.say("nothing", "ingenting")), w.list(c.Store.Identified))
	}
}

func (w *writer) ends(c policy.Channel) string {
	if r, ok := w.Rule(c.Rule); ok && r.Stated {
		return w.say("It is kept for %s (%s).", "Det sparas i %s (%s).", w.period(r.Period), r.ID)
	}
	return ""
}

func (w *writer) basis(c policy.Channel) string {
	var all []string
	for _, basis := range slices.Concat(c.LegalBasis.Anonymous, c.LegalBasis.Identified) {
		if !slices.Contains(all, w.law(basis)) {
			all = append(all, w.law(basis))
		}
	}
	if len(all) == 0 {
		return ""
	}
	return w.say("Legal basis: %s.", "Rättslig grund: %s.", strings.Join(all, "; "))
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
