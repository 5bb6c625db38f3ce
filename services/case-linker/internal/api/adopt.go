package api

import (
	"net/http"

	"github.com/google/uuid"

	"gallra.se/libs/bearer"
	"gallra.se/libs/problem"
	"gallra.se/services/case-linker/internal/casework"
	"gallra.se/services/case-linker/internal/line"
	"gallra.se/services/case-linker/internal/store"
)

// adopt answers POST /v1/cases/{id}/adopt {record, reason} with 200 {record, case}, and the same again for a note that lies
// there already.
func (a *API) adopt(w http.ResponseWriter, r *http.Request) {
	var said struct {
		Record string `json:"record"`
		Reason string `json:"reason"`
	}
	into, err := a.body(w, r, &said)
	if err == nil {
		err = line.CheckText("reason", said.Reason)
	}
	if err == nil {
		err = a.mayWrite(r, into, store.CategoryNote)
	}
	if err != nil {
		a.fail(w, r, err)
		return
	}
	record, err := uuid.Parse(said.Record)
	if err != nil {
		a.fail(w, r, problem.New("not-found"))
		return
	}
	claims, _ := bearer.From(r.Context())
	again, err := a.Desk.Adopt(r.Context(), casework.Adoption{Authority: claims.Authority, Record: record, Into: into, Reason: said.Reason})
	if err != nil {
		a.fail(w, r, err)
		return
	}
	repeated(w, again)
	answer(w, http.StatusOK, map[string]uuid.UUID{"record": record, "case": into})
}

// repeated says that there was nothing to do any more.
func repeated(w http.ResponseWriter, again bool) {
	if again {
		w.Header().Set("Gallra-Duplicate", "true")
	}
}
