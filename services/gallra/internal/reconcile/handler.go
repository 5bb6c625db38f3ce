package reconcile

import (
	"context"
	"encoding/json"
	"log/slog"
	"net/http"
	"time"

	"github.com/nats-io/nats.go"

	"gallra.se/libs/bearer"
	"gallra.se/libs/clock"
	"gallra.se/libs/problem"
)

// Handler answers GET /v1/reconcile for an operator.
type Handler struct {
	NC      *nats.Conn
	Awaited []string
	Log     *slog.Logger
}

// Path is where it is mounted.
const Path = "/v1/reconcile"

// Behind is the handler behind the verifier.
func (h *Handler) Behind(v *bearer.Verifier) http.Handler { return v.Middleware(h) }

func (h *Handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if caller, ok := bearer.From(r.Context()); !ok || !caller.Has("operator") {
		problem.Write(w, problem.New("forbidden"))
		return
	}
	result, err := h.judge(r.Context())
	if err != nil {
		h.Log.WarnContext(r.Context(), "not reconciled", "error", err.Error())
		p := problem.Unavailable(2 * time.Second)
		p.Detail = "a service does not answer"
		problem.Write(w, p)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(result)
}

// Work that is on its way is no loss: a finding counts when it stays.
const (
	looks = 5
	apart = 500 * time.Millisecond
)

func (h *Handler) judge(ctx context.Context) (Result, error) {
	for look := 1; ; look++ {
		seen, err := Ask(ctx, h.NC, h.Awaited)
		if err != nil {
			return Result{}, err
		}
		result := Judge(seen)
		if result.OK || look == looks {
			return result, nil
		}
		if err := clock.Sleep(ctx, apart); err != nil {
			return result, err
		}
	}
}
