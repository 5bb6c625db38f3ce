// Package api is disclosure's HTTP interface: one file per route. Callers bear a token; they see and do only what
// belongs to their own authority.
package api

import (
	"encoding/json"
	"log/slog"
	"net/http"

	"github.com/jackc/pgx/v5/pgxpool"

	"gallra.se/libs/bearer"
	"gallra.se/libs/clock"
	"gallra.se/libs/outbox"
	"gallra.se/libs/policy"
	"gallra.se/libs/problem"
	"gallra.se/libs/serve"

	"gallra.se/services/disclosure/internal/caselinker"
)

// API is what the handlers need.
type API struct {
	DB        *pgxpool.Pool
	Box       *outbox.Box
	Policy    *policy.Set
	Persons   *caselinker.Asker
	Clock     clock.Business
	Log       *slog.Logger
	Simulated bool   // only test numbers are accepted
	Decided   func() // called after a decision that leaves something to deliver
}

const maxBody = 64 << 10

// Routes adds the handlers behind the verifier.
func (a *API) Routes(mux *http.ServeMux, v *bearer.Verifier) {
	mux.Handle("POST /v1/disclosures", v.Middleware(serve.Limit(maxBody, http.HandlerFunc(a.post))))
	mux.Handle("GET /v1/disclosures", v.Middleware(http.HandlerFunc(a.list)))
}

// fail answers with the problem that err is; a fault's cause goes to the log.
func (a *API) fail(w http.ResponseWriter, r *http.Request, err error) {
	if !problem.Refused(err) {
		a.Log.ErrorContext(r.Context(), "request failed", "route", r.Pattern, "error", err.Error())
	}
	problem.Write(w, problem.From(err))
}

func answer(w http.ResponseWriter, status int, v any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(v)
}
