// Package api is the console's machine-readable side: counts and positions, for any bearer of a valid token. No answer
// is about a person.
package api

import (
	"encoding/json"
	"log/slog"
	"net/http"
	"strings"
	"time"

	"gallra.se/libs/bearer"
	"gallra.se/libs/clock"
	"gallra.se/libs/problem"

	"gallra.se/services/console/internal/ask"
	"gallra.se/services/console/internal/summary"
)

// API is what the handlers need.
type API struct {
	Ask   *ask.Asker
	Clock clock.Business
	Log   *slog.Logger
}

// Routes adds the handlers behind the verifier.
func (a *API) Routes(mux *http.ServeMux, v *bearer.Verifier) {
	mux.Handle("GET /v1/summary", v.Middleware(http.HandlerFunc(a.summary)))
	mux.Handle("GET /v1/status", v.Middleware(http.HandlerFunc(a.status)))
}

const retryAfter = 2 * time.Second

// summary is complete or it is refused: a silent service would look like records that are gone.
func (a *API) summary(w http.ResponseWriter, r *http.Request) {
	answers, silent := a.Ask.Summaries(r.Context())
	if len(silent) > 0 {
		p := problem.Unavailable(retryAfter)
		p.Detail = "no answer from " + strings.Join(silent, ", ")
		problem.Write(w, p)
		return
	}
	s, err := summary.Merge(answers)
	if err != nil {
		a.fail(w, r, err)
		return
	}
	answer(w, s)
}

// Status is GET /v1/status: where the clock stands and how far every instance is.
type Status struct {
	Clock     Clock          `json:"clock"`
	Instances []clock.Report `json:"instances"`
	Parked    int            `json:"parked"` // events set aside after a permanent refusal, in all services
}

// Clock is the business time as this instance sees it.
type Clock struct {
	Now       time.Time `json:"now"`
	Version   int64     `json:"version"`
	Simulated bool      `json:"simulated"`
}

func (a *API) status(w http.ResponseWriter, r *http.Request) {
	reports, err := a.Ask.Reports(r.Context())
	if err != nil {
		a.fail(w, r, err)
		return
	}
	s := Status{Clock: Clock{a.Clock.Now(), a.Clock.Version(), a.Clock.Simulated()}, Instances: append([]clock.Report{}, reports...)}
	for _, one := range reports {
		s.Parked += one.Parked
	}
	answer(w, s)
}

func (a *API) fail(w http.ResponseWriter, r *http.Request, err error) {
	a.Log.ErrorContext(r.Context(), "request failed", "route", r.Pattern, "error", err.Error())
	problem.Write(w, problem.From(err))
}

func answer(w http.ResponseWriter, v any) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	_ = json.NewEncoder(w).Encode(v)
}
