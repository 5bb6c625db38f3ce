// Package api is case-linker's HTTP interface and what it answers other services over NATS. Callers see and do only what
// belongs to their own authority; for anybody else a record does not exist.
package api

import (
	"context"
	"encoding/json"
	"log/slog"
	"net/http"

	"github.com/google/uuid"
	"github.com/prometheus/client_golang/prometheus"

	"gallra.se/libs/access"
	"gallra.se/libs/bearer"
	"gallra.se/libs/clock"
	"gallra.se/libs/door"
	"gallra.se/libs/problem"
	"gallra.se/services/case-linker/internal/accesslog"
	"gallra.se/services/case-linker/internal/casework"
)

// API is what the handlers need.
type API struct {
	Desk   *casework.Desk
	Clock  clock.Business
	Lines  *prometheus.CounterVec // door.Lines
	Access access.Decider
	Read   *accesslog.Log
	Log    *slog.Logger
}

// Door lets person.* and case.* lines in, one after the other: each may depend on those before it.
func (a *API) Door() *door.Door {
	return &door.Door{Count: door.Counter(a.Lines), Log: a.Log, Carry: func(ctx context.Context, raw []byte) (any, bool, error) {
		answer, duplicate, err := a.Desk.Carry(ctx, raw)
		return answer, duplicate, err
	}}
}

// Routes adds the handlers behind the verifier.
func (a *API) Routes(mux *http.ServeMux, v *bearer.Verifier) {
	for pattern, h := range map[string]http.Handler{
		"POST /v1/persons":                               a.Door(),
		"POST /v1/cases":                                 a.Door(),
		"GET /v1/persons/{id}":                           guarded(a, a.Desk.ReadPerson),
		"GET /v1/cases/{id}":                             guarded(a, a.Desk.ReadCase),
		"GET /v1/notes/{id}":                             http.HandlerFunc(a.readNote),
		"GET /v1/persons/{id}/access-log":                http.HandlerFunc(a.personsLog),
		"GET /v1/access-review":                          http.HandlerFunc(a.review),
		"POST /v1/cases/{id}/notes":                      http.HandlerFunc(a.writeNote),
		"POST /v1/cases/{id}/adopt":                      http.HandlerFunc(a.adopt),
		"POST /v1/cases/{id}/persons":                    http.HandlerFunc(a.apply),
		"POST /v1/cases/{id}/papers":                     http.HandlerFunc(a.handIn),
		"POST /v1/cases/{id}/papers/{paper}/reuse":       http.HandlerFunc(a.reuse),
		"POST /v1/cases/{id}/transfers":                  http.HandlerFunc(a.transfer),
		"POST /v1/cases/{id}/activity-reports":           http.HandlerFunc(a.reportActivity),
		"PUT /v1/cases/{id}/officers/{account}":          a.assign(false),
		"DELETE /v1/cases/{id}/officers/{account}":       a.assign(true),
		"POST /v1/persons/search":                        http.HandlerFunc(a.search),
		"GET /v1/persons/{id}/cases":                     http.HandlerFunc(a.casesOf),
		"DELETE /v1/cases/{id}":                          a.deleting(a.Desk.DeleteCase),
		"DELETE /v1/notes/{id}":                          a.deleting(a.Desk.DeleteNote),
		"POST /v1/protections":                           a.appointed(a.protect),
		"GET /v1/protections/{person}":                   a.appointed(a.protection),
		"DELETE /v1/protections/{person}":                a.appointed(a.unprotect),
		"PUT /v1/protections/{person}/plans/{recipient}": a.appointed(a.plan),
	} {
		mux.Handle(pattern, v.Middleware(h))
	}
}

// readNote answers GET /v1/notes/{id} with what of the note can be read; with ?person= it is that person's part alone.
func (a *API) readNote(w http.ResponseWriter, r *http.Request) {
	about := r.URL.Query().Get("person")
	if about == "" {
		guarded(a, a.Desk.ReadNote).ServeHTTP(w, r)
		return
	}
	guarded(a, func(ctx context.Context, authority string, id uuid.UUID) (casework.NoteView, error) {
		person, err := uuid.Parse(about)
		if err != nil {
			return casework.NoteView{}, problem.New("not-found")
		}
		return a.Desk.ReadPart(ctx, authority, id, person)
	}).ServeHTTP(w, r)
}

// deleting refuses, and cites why.
func (a *API) deleting(refuse func(ctx context.Context, authority string, id uuid.UUID) error) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		claims, _ := bearer.From(r.Context())
		id, err := uuid.Parse(r.PathValue("id"))
		if err != nil {
			a.fail(w, r, problem.New("not-found"))
			return
		}
		a.fail(w, r, refuse(r.Context(), claims.Authority, id))
	})
}

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
