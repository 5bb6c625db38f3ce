package api

import (
	"net/http"
	"time"

	"github.com/google/uuid"

	"gallra.se/events"
	"gallra.se/libs/access"
	"gallra.se/libs/bearer"
	"gallra.se/libs/door"
	"gallra.se/libs/problem"
	"gallra.se/libs/strict"
	"gallra.se/services/case-linker/internal/casework"
	"gallra.se/services/case-linker/internal/line"
	"gallra.se/services/case-linker/internal/store"
)

// Protection is set, planned and lifted by appointed officers alone. Everybody else is refused before anybody is looked for:
// the answer says nothing about whether there is such a person (AFG-10).

// appointed lets only appointed officers through, with an undertaking and training as for every access.
func (a *API) appointed(do func(w http.ResponseWriter, r *http.Request, c bearer.Claims) error) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		c, _ := bearer.From(r.Context())
		err := error(problem.ByRule("forbidden", "AFG-10"))
		if access.Appointed(c) && c.Undertaking && c.Trained {
			err = do(w, r, c)
		}
		if err != nil {
			a.fail(w, r, err)
		}
	})
}

// protect answers POST /v1/protections {nationalId, level, at} with 201 {person}, 200 where the person was protected before.
func (a *API) protect(w http.ResponseWriter, r *http.Request, c bearer.Claims) error {
	var said struct {
		NationalID string `json:"nationalId"`
		Level      string `json:"level"`
		At         string `json:"at"`
	}
	if err := into(w, r, &said); err != nil {
		return err
	}
	if err := line.CheckText("nationalId", said.NationalID); err != nil {
		return err
	}
	m := casework.Mark{Authority: c.Authority, NationalID: said.NationalID, Level: said.Level}
	if said.At != "" {
		at, err := time.Parse(time.RFC3339, said.At)
		if err != nil {
			return problem.OnField("invalid-time", "at")
		}
		m.At = at
	}
	person, again, err := a.Desk.Protect(r.Context(), m)
	if err != nil {
		return err
	}
	repeated(w, again)
	status := http.StatusCreated
	if again {
		status = http.StatusOK
	}
	answer(w, status, map[string]uuid.UUID{"person": person})
	return nil
}

// unprotect answers DELETE /v1/protections/{person} with 204.
func (a *API) unprotect(w http.ResponseWriter, r *http.Request, c bearer.Claims) error {
	person, err := personIn(r)
	if err == nil {
		err = a.Desk.Unprotect(r.Context(), c.Authority, person)
	}
	if err == nil {
		w.WriteHeader(http.StatusNoContent)
	}
	return err
}

// plan answers PUT /v1/protections/{person}/plans/{recipient} {fields} with 200 {person, recipient, fields}: what the person and
// the authority have signed (AFG-09). No fields take it back.
func (a *API) plan(w http.ResponseWriter, r *http.Request, c bearer.Claims) error {
	var said struct {
		Fields []string `json:"fields"`
	}
	person, err := personIn(r)
	if err == nil {
		err = into(w, r, &said)
	}
	if err == nil {
		err = a.Desk.PlanFor(r.Context(), c.Authority, person, r.PathValue("recipient"), said.Fields)
	}
	if err != nil {
		return err
	}
	answer(w, http.StatusOK, map[string]any{"person": person, "recipient": r.PathValue("recipient"), "fields": append([]string{}, said.Fields...)})
	return nil
}

// protection answers GET /v1/protections/{person} with the level and the plans.
func (a *API) protection(w http.ResponseWriter, r *http.Request, c bearer.Claims) error {
	person, err := personIn(r)
	var found casework.ProtectionView
	if err == nil {
		found, err = a.Desk.ReadProtection(r.Context(), c.Authority, person)
	}
	if err == nil {
		err = a.wrote(r, access.Read, casework.Seen{Record: person, Category: store.CategoryIdentity, Persons: []uuid.UUID{person}}, events.AccessGiven, nil)
	}
	if err == nil {
		w.Header().Set("Cache-Control", "no-store")
		answer(w, http.StatusOK, found)
	}
	return err
}

func personIn(r *http.Request) (uuid.UUID, error) {
	id, err := uuid.Parse(r.PathValue("person"))
	if err != nil {
		return id, problem.New("not-found")
	}
	return id, nil
}

// into reads a body.
func into(w http.ResponseWriter, r *http.Request, v any) error {
	raw, err := door.Body(w, r)
	if err == nil {
		err = strict.Decode(raw, v)
	}
	return err
}
