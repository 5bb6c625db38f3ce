package api

import (
	"net/http"
	"slices"

	"github.com/google/uuid"

	"gallra.se/libs/access"
	"gallra.se/libs/bearer"
	"gallra.se/libs/door"
	"gallra.se/libs/policy"
	"gallra.se/libs/problem"
	"gallra.se/libs/strict"
	"gallra.se/services/case-linker/internal/casework"
	"gallra.se/services/case-linker/internal/line"
	"gallra.se/services/case-linker/internal/store"
)

// found is the answer of a search.
type found struct {
	Persons []casework.Found `json:"persons"`
	Count   int              `json:"count"`
}

// search answers POST /v1/persons/search {nationalId} or {caseNumber} with 200 {persons, count}. Whatever else one might
// search by is refused with the requirement that forbids it (L-08, L-09). Nobody found is an empty list.
func (a *API) search(w http.ResponseWriter, r *http.Request) {
	claims, _ := bearer.From(r.Context())
	pack, known := a.Desk.Rules.Packs.Pack(claims.Authority)
	if !known {
		a.fail(w, r, problem.New("forbidden"))
		return
	}
	term, text, err := a.searched(w, r, pack)
	if err != nil {
		a.fail(w, r, err)
		return
	}
	persons, err := a.find(r, pack, term, text)
	if err != nil {
		a.fail(w, r, err)
		return
	}
	w.Header().Set("Cache-Control", "no-store")
	answer(w, http.StatusOK, found{persons, len(persons)})
}

// searched reads the one term of a search. Who may not search at all hears nothing of what is searched for.
func (a *API) searched(w http.ResponseWriter, r *http.Request, pack *policy.Pack) (term, text string, err error) {
	raw, err := door.Body(w, r)
	if err != nil {
		return "", "", err
	}
	query, ok := strict.Object(raw)
	if !ok {
		return "", "", problem.New("not-json")
	}
	if err := a.maySearch(r); err != nil {
		return "", "", err
	}
	return line.Search(pack.Access(), query)
}

// maySearch decides whether the caller may search for persons for that purpose.
func (a *API) maySearch(r *http.Request) error {
	claims, _ := bearer.From(r.Context())
	return a.Access.Decide(claims, access.Question{Action: access.Search, Category: store.CategoryIdentity, Assigned: true, Purpose: access.PurposeOf(r)})
}

// find looks somebody up, and writes down who was found; that nobody was, too.
func (a *API) find(r *http.Request, pack *policy.Pack, term, text string) ([]casework.Found, error) {
	claims, _ := bearer.From(r.Context())
	var persons []casework.Found
	var err error
	switch term {
	case line.TermNationalID:
		persons, err = a.Desk.FindByNumber(r.Context(), pack, text)
	case line.TermCaseNumber:
		persons, err = a.Desk.FindByCase(r.Context(), pack, text, func(s casework.Seen) bool { return a.maySee(r, claims, s) == nil })
	}
	if err != nil && problem.From(err).Status != http.StatusNotFound {
		return nil, err
	}
	if err != nil {
		if fault := a.unknown(r, access.Search, uuid.Nil, err); problem.From(fault).Status != http.StatusNotFound {
			return nil, fault
		}
		return []casework.Found{}, nil
	}
	seen := casework.Seen{Category: store.CategoryIdentity}
	for _, p := range persons {
		seen.Persons = append(seen.Persons, p.ID)
		seen.Protected = seen.Protected || p.Masked
		seen.Name = p.Name // where it is one: whoever finds a relative is noticed
	}
	if len(persons) > 1 {
		seen.Name = ""
	}
	return append([]casework.Found{}, persons...), a.admit(r, access.Search, seen)
}

// maySee decides about a record without a word in the log: that is for what is shown in the end.
func (a *API) maySee(r *http.Request, c bearer.Claims, s casework.Seen) error {
	assigned, err := a.assigned(r.Context(), c, s)
	if err != nil {
		return err
	}
	return a.Access.Decide(c, access.Question{Action: access.Read, Category: s.Category, CaseType: s.CaseType, Protected: s.Protected,
		Assigned: assigned, Purpose: access.PurposeOf(r)})
}

// casesOf answers GET /v1/persons/{id}/cases with 200 {cases}: those of the person's that the caller may read.
func (a *API) casesOf(w http.ResponseWriter, r *http.Request) {
	claims, _ := bearer.From(r.Context())
	id, err := a.personToRead(r)
	var all []casework.PersonsCase
	if err == nil {
		all, err = a.Desk.CasesOf(r.Context(), claims, id)
	}
	if err != nil {
		a.fail(w, r, err)
		return
	}
	all = slices.DeleteFunc(all, func(c casework.PersonsCase) bool { return a.maySee(r, claims, c.Seen()) != nil })
	w.Header().Set("Cache-Control", "no-store")
	answer(w, http.StatusOK, map[string]any{"cases": append([]casework.PersonsCase{}, all...)})
}
