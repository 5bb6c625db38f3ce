package api

import (
	"net/http"

	"github.com/google/uuid"

	"gallra.se/libs/bearer"
	"gallra.se/libs/problem"
	"gallra.se/libs/strict"
	"gallra.se/services/case-linker/internal/casework"
)

// assign answers PUT and DELETE /v1/cases/{id}/officers/{account} with 204: an officer handles a case from now on, or no
// longer. Whoever administers the authority may say so, and who handles the case.
func (a *API) assign(off bool) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		claims, _ := bearer.From(r.Context())
		id, err := uuid.Parse(r.PathValue("id"))
		if err != nil {
			a.fail(w, r, problem.New("not-found"))
			return
		}
		account := r.PathValue("account")
		if err = strict.Fits("account", account, strict.MaxName); err == nil {
			err = strict.Clean("account", account)
		}
		if err == nil {
			err = a.Desk.MayAssign(r.Context(), claims, id)
		}
		var again bool
		if err == nil {
			again, err = a.Desk.Assign(r.Context(), casework.Assignment{Authority: claims.Authority, Case: id, Account: account, Off: off})
		}
		if err != nil {
			a.fail(w, r, err)
			return
		}
		repeated(w, again)
		w.WriteHeader(http.StatusNoContent)
	})
}
