package sim

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"sync"
	"time"

	"github.com/nats-io/nats.go"

	"gallra.se/libs/bearer"
	"gallra.se/libs/clock"
	"gallra.se/libs/problem"
)

// Handler answers under /sim/.
type Handler struct {
	Clock     *clock.Coordinator
	NC        *nats.Conn // the user `coordinator`
	Instances *Instances
	Streams   Streams
	Services  Services
	NotReady  func(context.Context) []string // names the services that are not ready
	Scan      http.Handler
	Backups   Backups
	Log       *slog.Logger

	turn sync.Mutex // the clock moves, or the world begins anew
}

// Role is what a caller must be.
const Role = "operator"

// Routes is the handler behind the verifier.
func (h *Handler) Routes(v *bearer.Verifier) http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /sim/clock", h.now)
	mux.HandleFunc("POST /sim/clock", h.advance)
	mux.HandleFunc("GET /sim/statistics", h.statistics)
	mux.HandleFunc("POST /sim/reset", h.beginAnew)
	mux.HandleFunc("POST /sim/backup", h.withBackups(h.backup))
	mux.HandleFunc("POST /sim/restore", h.withBackups(h.restore))
	mux.HandleFunc("POST /sim/replay", h.withBackups(h.replay))
	mux.HandleFunc("POST /sim/kill", h.service(h.kill))
	mux.HandleFunc("POST /sim/start", h.service(h.start))
	mux.Handle("POST "+ScanPath, h.Scan)
	return OperatorsOnly(v, mux)
}

// OperatorsOnly lets nobody else in.
func OperatorsOnly(v *bearer.Verifier, next http.Handler) http.Handler {
	return v.Middleware(operatorsOnly(next))
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
	h.turn.Lock()
	moves, err := h.Clock.Advance(r.Context(), ask.To)
	h.turn.Unlock()
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
