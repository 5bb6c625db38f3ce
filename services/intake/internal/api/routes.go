// Package api is how others reach intake: lines in by HTTP, CloudEvents and NATS,
// contacts out to readers of the same authority. It answers with problem
// documents that never repeat what was sent.
package api

import (
	"encoding/json"
	"log/slog"
	"net/http"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/prometheus/client_golang/prometheus"

	"gallra.se/libs/bearer"
	"gallra.se/libs/clock"
	"gallra.se/libs/keyring"
	"gallra.se/libs/outbox"
	"gallra.se/libs/problem"
	"gallra.se/services/intake/internal/admission"
	"gallra.se/services/intake/internal/caselinker"
	"gallra.se/services/intake/internal/chatbot"
	"gallra.se/services/intake/internal/complaint"
	"gallra.se/services/intake/internal/contact"
	"gallra.se/services/intake/internal/group"
	"gallra.se/services/intake/internal/guard"
	"gallra.se/services/intake/internal/login"
	"gallra.se/services/intake/internal/mailing"
	"gallra.se/services/intake/internal/recorder"
)

// API is what the handlers need.
type API struct {
	DB         *pgxpool.Pool
	Keys       *keyring.Ring
	Box        *outbox.Box
	Business   clock.Business
	Rules      contact.Rules
	Desk       *admission.Desk
	Sealer     *caselinker.Sealer
	Chatbot    *chatbot.Desk
	Identities *login.Verifier
	Guard      *guard.Guard
	Mailings   *mailing.Desk

	Recorder   *recorder.Desk
	Complaints *complaint.Desk
	Groups     *group.Desk

	Log   *slog.Logger
	Lines *prometheus.CounterVec // door.Lines
}

// Routes adds the handlers behind the verifier.
func (a *API) Routes(mux *http.ServeMux, v *bearer.Verifier) {
	mux.Handle("POST /v1/contacts", v.Middleware(a.Door()))
	mux.Handle("GET /v1/contacts/{id}", v.Middleware(http.HandlerFunc(a.read)))
	mux.Handle("POST /v1/contacts/{id}/note", v.Middleware(http.HandlerFunc(a.note)))
	a.fromOutside(mux, v)
	a.dealings(mux, v)
	a.recordings(mux, v)
	a.complaints(mux, v)
	a.groups(mux, v)
	a.notices(mux)
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
	w.Header().Set("X-Content-Type-Options", "nosniff")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(v)
}
