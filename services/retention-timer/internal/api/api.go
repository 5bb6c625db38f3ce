// Package api answers questions about clocks and takes holds, over HTTP for people's tools and over NATS for services.
//
// An answer is about the caller's own authority; another authority's record is not found. No answer holds personal data:
// ids, rules and dates only.
package api

import (
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net/http"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5/pgxpool"

	"gallra.se/libs/bearer"
	"gallra.se/libs/clock"
	"gallra.se/libs/policy"
	"gallra.se/libs/problem"
	"gallra.se/libs/strict"
	"gallra.se/services/retention-timer/internal/amend"
	"gallra.se/services/retention-timer/internal/erasure"
	"gallra.se/services/retention-timer/internal/hold"
	"gallra.se/services/retention-timer/internal/review"
)

// API is the service's outside.
type API struct {
	DB      *pgxpool.Pool
	Policy  *policy.Set
	Clock   clock.Business
	Holds   *hold.Desk
	Review  *review.Desk
	Amend   *amend.Desk
	Erasing *erasure.Desk
	Log     *slog.Logger
}

// Routes adds the HTTP routes; check is what lets a caller in.
func (a *API) Routes(mux *http.ServeMux, check func(http.Handler) http.Handler) {
	routes := map[string]func(*http.Request, bearer.Claims) (int, any, error){
		"GET /v1/retention/{record}": a.retention,
		"GET /v1/due-calendar":       a.dueCalendar,
		"GET /v1/holds":              a.holds,
		"POST /v1/holds":             a.placeHold,
		"DELETE /v1/holds/{id}":      a.releaseHold,
		"GET /v1/erasures":           a.erasures,
		"POST /v1/erasures":          a.orderErasure,
		"GET /v1/alarms":             a.alarms,
		"POST /v1/alarms/{id}/close": a.closeAlarm,
		"GET /v1/retention-board":    a.board,
		"GET /v1/reviews":            a.reviews,
		"POST /v1/reviews/approve":   a.approve,
		"GET /v1/policy":             a.policy,
		"POST /v1/policy/plan":       a.plan,
		"POST /v1/policy/activate":   a.activate,
	}
	for pattern, answer := range routes {
		mux.Handle(pattern, check(a.handler(answer)))
	}
}

func (a *API) handler(answer func(*http.Request, bearer.Claims) (int, any, error)) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		caller, ok := bearer.From(r.Context())
		if !ok {
			problem.Write(w, problem.New("unauthorized"))
			return
		}
		status, body, err := answer(r, caller)
		if err != nil {
			a.refuse(w, r, err)
			return
		}
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(status)
		if body != nil {
			_ = json.NewEncoder(w).Encode(body)
		}
	})
}

func (a *API) refuse(w http.ResponseWriter, r *http.Request, err error) {
	if !problem.Refused(err) && r.Context().Err() == nil {
		a.Log.ErrorContext(r.Context(), "request failed", "route", r.Pattern, "error", err.Error())
	}
	problem.Write(w, problem.From(err))
}

// pathID reads an id of the path; what is no id does not exist.
func pathID(r *http.Request, name string) (uuid.UUID, error) {
	id, err := uuid.Parse(r.PathValue(name))
	if err != nil {
		return uuid.Nil, problem.New("not-found")
	}
	return id, nil
}

// small and whole are how large a body may be, in bytes.
const (
	small = 64 << 10
	whole = 1 << 20 // a policy pack
)

// allowed refuses a caller who has none of these roles.
func allowed(caller bearer.Claims, roles []string) error {
	for _, role := range roles {
		if caller.Has(role) {
			return nil
		}
	}
	return problem.New("forbidden")
}

// decodeOnce is decode, and refuses a key that stands there twice and whatever follows the body.
func decodeOnce(r *http.Request, most int64, into any) error {
	raw, err := io.ReadAll(http.MaxBytesReader(nil, r.Body, most))
	if err != nil {
		return problem.New("too-large")
	}
	return strict.Decode(raw, into)
}

// decode reads a JSON body of that size at most and refuses keys that it does not know.
func decode(r *http.Request, most int64, into any) error {
	d := json.NewDecoder(http.MaxBytesReader(nil, r.Body, most))
	d.DisallowUnknownFields()
	if err := d.Decode(into); err != nil {
		var tooLarge *http.MaxBytesError
		if errors.As(err, &tooLarge) {
			return problem.New("too-large")
		}
		return problem.New("not-json")
	}
	return nil
}
