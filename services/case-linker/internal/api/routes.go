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
		"POST /v1/persons":            a.Door(),
		"POST /v1/cases":              a.Door(),
		"GET /v1/persons/{id}":        reading(a, a.Desk.ReadPerson),
		"GET /v1/cases/{id}":          reading(a, a.Desk.ReadCase),
		"GET /v1/notes/{id}":          http.HandlerFunc(a.readNote),
		"POST /v1/cases/{id}/notes":   http.HandlerFunc(a.writeNote),
		"POST /v1/cases/{id}/adopt":   http.HandlerFunc(a.adopt),
		"POST /v1/cases/{id}/persons": http.HandlerFunc(a.apply),
		"DELETE /v1/cases/{id}":       a.deleting(a.Desk.DeleteCase),
		"DELETE /v1/notes/{id}":       a.deleting(a.Desk.DeleteNote),
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

// readNote answers GET /v1/notes/{id} with what of the note can be read; with ?person= it is that person's part alone.
func (a *API) readNote(w http.ResponseWriter, r *http.Request) {
	about := r.URL.Query().Get("person")
	if about == "" {
		reading(a, a.Desk.ReadNote).ServeHTTP(w, r)
		return
	}
	reading(a, func(ctx context.Context, authority string, id uuid.UUID) (casework.NoteView, error) {
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
