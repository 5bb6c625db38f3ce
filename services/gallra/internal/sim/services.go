package sim

import (
	"context"
	"errors"
	"net/http"

	"gallra.se/libs/problem"
)

// Services stops and starts one service at a time; nil where they share a process. What
// is started may take a while to be ready; one that runs is left alone.
type Services interface {
	Kill(ctx context.Context, service string) error
	Start(ctx context.Context, service string) error
}

// ErrUnknownService names no service of the system.
var ErrUnknownService = errors.New("no such service")

// kill stops a service hard; from then on nobody waits for it.
func (h *Handler) kill(ctx context.Context, service string) error {
	if err := h.Services.Kill(ctx, service); err != nil {
		return err
	}
	h.Clock.Release(service)
	return nil
}

func (h *Handler) start(ctx context.Context, service string) error {
	if err := h.Services.Start(ctx, service); err != nil {
		return err
	}
	return h.await(ctx, service)
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
