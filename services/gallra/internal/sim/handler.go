package sim

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"time"

	"github.com/nats-io/nats.go"

	"gallra.se/libs/bearer"
	"gallra.se/libs/clock"
	"gallra.se/libs/problem"
)

// Services stops and starts one service at a time; nil where they share a process.
// Start returns when the service is ready.
type Services interface {
	Kill(ctx context.Context, service string) error
	Start(ctx context.Context, service string) error
}

// ErrUnknownService names no service of the system.
var ErrUnknownService = errors.New("no such service")

// Handler answers under /sim/.
type Handler struct {
	Clock    *clock.Coordinator
	NC       *nats.Conn
	Services Services
	Log      *slog.Logger
}

// Role is what a caller must be.
const Role = "operator"

// Routes is the handler behind the verifier.
func (h *Handler) Routes(v *bearer.Verifier) http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /sim/clock", h.now)
	mux.HandleFunc("POST /sim/clock", h.advance)
	mux.HandleFunc("GET /sim/statistics", h.statistics)
	mux.HandleFunc("POST /sim/kill", h.service(h.kill))
	mux.HandleFunc("POST /sim/start", h.service(h.start))
	return v.Middleware(operatorsOnly(mux))
}

func operatorsOnly(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if caller, ok := bearer.From(r.Context()); !ok || !caller.Has(Role) {
			problem.Write(w, problem.New("forbidden"))
			return
		}
		next.ServeHTTP(w, r)
	})
}

func (h *Handler) now(w http.ResponseWriter, _ *http.Request) { answer(w, h.Clock.Now()) }

// maxAsk is far above the size of any question to this handler, in bytes.
const maxAsk = 4 << 10

func (h *Handler) advance(w http.ResponseWriter, r *http.Request) {
	var ask struct {
		To time.Time `json:"to"`
	}
	if !read(w, r, &ask) {
		return
	}
	if ask.To.IsZero() {
		problem.Write(w, problem.OnField("missing-field", "to"))
		return
	}
	moves, err := h.Clock.Advance(r.Context(), ask.To)
	switch {
	case errors.Is(err, clock.ErrBackwards):
		problem.Write(w, detailed("conflict", clock.ErrBackwards.Error()))
	case err != nil:
		h.Log.WarnContext(r.Context(), "clock not advanced", "error", err.Error())
		problem.Write(w, detailed("unavailable", err.Error()))
	default:
		now := h.Clock.Now()
		answer(w, map[string]any{"now": now.Now, "version": now.Version, "moves": moves})
	}
}

// statistics lists row ids and states, and nothing more of a row.
func (h *Handler) statistics(w http.ResponseWriter, r *http.Request) {
	ctx, cancel := context.WithTimeout(r.Context(), 10*time.Second)
	defer cancel()
	rows, err := h.NC.RequestWithContext(ctx, "ask.statistics-pseudonymiser.rows", nil)
	if err != nil {
		problem.Write(w, problem.Unavailable(time.Second))
		return
	}
	w.Header().Set("Content-Type", "application/json")
	_, _ = w.Write(rows.Data)
}

// kill stops a service hard; from then on nobody waits for it.
func (h *Handler) kill(ctx context.Context, service string) error {
	if err := h.Services.Kill(ctx, service); err != nil {
		return err
	}
	h.Clock.Release(service)
	return nil
}

func (h *Handler) start(ctx context.Context, service string) error {
	return h.Services.Start(ctx, service)
}

func (h *Handler) service(do func(ctx context.Context, service string) error) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		var ask struct {
			Service string `json:"service"`
		}
		if !read(w, r, &ask) {
			return
		}
		if h.Services == nil {
			problem.Write(w, detailed("conflict", "the services share a process here: start the system with --processes"))
			return
		}
		switch err := do(r.Context(), ask.Service); {
		case errors.Is(err, ErrUnknownService):
			problem.Write(w, problem.New("not-found"))
		case err != nil:
			h.Log.WarnContext(r.Context(), "service not moved", "name", ask.Service, "error", err.Error())
			problem.Write(w, problem.New(problem.Internal))
		default:
			answer(w, ask)
		}
	}
}

func read(w http.ResponseWriter, r *http.Request, v any) bool {
	decoder := json.NewDecoder(http.MaxBytesReader(w, r.Body, maxAsk))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(v); err != nil {
		problem.Write(w, problem.New("not-json"))
		return false
	}
	return true
}

func detailed(reason, detail string) problem.Problem {
	p := problem.New(reason)
	p.Detail = detail
	return p
}

func answer(w http.ResponseWriter, v any) {
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(v)
}
