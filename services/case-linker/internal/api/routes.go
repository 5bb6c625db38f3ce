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

	"gallra.se/libs/bearer"
	"gallra.se/libs/clock"
	"gallra.se/libs/door"
	"gallra.se/libs/problem"
	"gallra.se/services/case-linker/internal/casework"
)

// API is what the handlers need.
type API struct {
	Desk  *casework.Desk
	Clock clock.Business
	Lines *prometheus.CounterVec // door.Lines
	Log   *slog.Logger
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
		"POST /v1/persons":          a.Door(),
		"POST /v1/cases":            a.Door(),
		"GET /v1/persons/{id}":      reading(a, a.Desk.ReadPerson),
		"GET /v1/cases/{id}":        reading(a, a.Desk.ReadCase),
		"GET /v1/notes/{id}":        reading(a, a.Desk.ReadNote),
		"POST /v1/cases/{id}/notes": http.HandlerFunc(a.newNote),
	} {
		mux.Handle(pattern, v.Middleware(h))
	}
}

// reading answers with one record, found by its id.
func reading[T any](a *API, read func(ctx context.Context, authority string, id uuid.UUID) (T, error)) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		claims, _ := bearer.From(r.Context())
		id, err := uuid.Parse(r.PathValue("id"))
		if err != nil {
			a.fail(w, r, problem.New("not-found"))
			return
		}
		found, err := read(r.Context(), claims.Authority, id)
		if err != nil {
			a.fail(w, r, err)
			return
		}
		answer(w, http.StatusOK, found)
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
