package api

import (
	"net/http"

	"gallra.se/libs/bearer"
	"gallra.se/services/case-linker/internal/casework"
	"gallra.se/services/case-linker/internal/line"
)

// apply answers POST /v1/cases/{id}/persons {person: {nationalId, name}} with 201 {person, share}: somebody takes part in
// a recruitment. The same number again is answered as the first time.
func (a *API) apply(w http.ResponseWriter, r *http.Request) {
	var said struct {
		Person struct {
			NationalID string `json:"nationalId"`
			Name       string `json:"name"`
		} `json:"person"`
	}
	id, err := a.body(w, r, &said)
	if err == nil {
		err = line.CheckText("nationalId", said.Person.NationalID)
	}
	if err == nil {
		err = line.CheckText("name", said.Person.Name)
	}
	if err != nil {
		a.fail(w, r, err)
		return
	}
	claims, _ := bearer.From(r.Context())
	applied, again, err := a.Desk.Apply(r.Context(), casework.Applicant{Authority: claims.Authority, Case: id,
		NationalID: said.Person.NationalID, Name: said.Person.Name})
	if err != nil {
		a.fail(w, r, err)
		return
	}
	repeated(w, again)
	answer(w, http.StatusCreated, applied)
}
