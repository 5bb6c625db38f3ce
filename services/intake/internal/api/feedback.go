package api

import (
	"context"

	"gallra.se/services/intake/internal/admission"
	"gallra.se/services/intake/internal/contact"
)

// letters takes in the official documents of contacts that were accepted, each as a record of its own. They have ids of
// their own by which a repeat finds them, so that who is cut off between the two sends the line again.
func (a *API) letters(ctx context.Context, contacts []contact.Contact, results []admission.Result) {
	var letters []contact.Contact
	var places []int
	for i, c := range contacts {
		if c.Document != nil && results[i].Err == nil {
			letters, places = append(letters, *c.Document), append(places, i)
		}
	}
	if len(letters) == 0 {
		return
	}
	for n, kept := range a.Desk.Admit(ctx, letters) {
		results[places[n]] = results[places[n]].With(kept)
	}
}
