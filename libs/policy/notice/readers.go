package notice

import "slices"

// readers says what data may be read for, how people are found and how not (AFG-06, L-08, L-09, L-12).
func (w *writer) readers() {
	a := w.Access()
	if len(a.Purposes) == 0 {
		return
	}
	w.heading("Who reads your data, and how they are found", "Vem som läser dina uppgifter, och hur de hittas")
	var names []string
	for _, p := range a.Purposes {
		names = append(names, p.Name)
	}
	w.item(w.say("Only whoever needs them in their work, for one of these purposes: %s.", "Bara den som behöver dem i sitt arbete, för något av dessa ändamål: %s.", w.and(w.purposes(names))))
	if a.Assignment == "required" {
		w.item(w.say("A case is read only by the officers concerned (%s).", "Ett ärende läses bara av berörda handläggare (%s).", a.AssignmentRequirement))
	}
	w.item(w.say("You are found by %s.", "Du hittas med %s.", w.orList(a.Search)))
	for _, term := range []string{"phoneNumber", "name", "text"} {
		if requirement, forbidden := a.NotSearched[term]; forbidden {
			w.item(w.say("In cases nobody searches by %s (%s).", "I ärenden söker ingen på %s (%s).", w.word(searchNames, term), requirement))
		}
	}
	if len(a.SensitiveTerms) > 0 {
		w.item(w.say("Nobody searches for what is sensitive: health, belief, origin, union or crime.", "Ingen söker efter det som är känsligt: hälsa, tro, ursprung, fackförening eller brott."))
	}
}

// purposes names purposes in a sentence.
func (w *writer) purposes(codes []string) (words []string) {
	for _, code := range codes {
		for _, p := range w.Access().Purposes {
			if p.Name == code {
				words = append(words, lower(w.in(p.Title)))
			}
		}
	}
	return words
}

func (w *writer) words(g glossary, codes []string) (words []string) {
	for _, code := range codes {
		words = append(words, w.word(g, code))
	}
	return words
}

func (w *writer) orList(fields []string) string {
	words := w.words(fieldNames, fields)
	if i := slices.Index(fields, "nationalId"); i >= 0 && w.Country == "FI" {
		words[i] = w.word(fieldNames, "nationalId/FI")
	}
	return w.or(words)
}
