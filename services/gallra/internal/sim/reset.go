package sim

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"time"

	"gallra.se/libs/clock"
	"gallra.se/libs/problem"
)

// resetTimeout is how long (Pace) a new beginning may take.
const resetTimeout = 3 * time.Minute

// beginAnew empties everything. Once begun it goes on although the caller has gone: half
// of it would leave a deployment that nobody can use.
func (h *Handler) beginAnew(w http.ResponseWriter, r *http.Request) {
	var ask struct {
		Clock time.Time `json:"clock"`
	}
	if !read(w, r, &ask) {
		return
	}
	if ask.Clock.IsZero() {
		problem.Write(w, problem.OnField("missing-field", "clock"))
		return
	}
	h.turn.Lock()
	defer h.turn.Unlock()
	if err := h.reset(context.WithoutCancel(r.Context()), ask.Clock); err != nil {
		h.Log.WarnContext(r.Context(), "no new beginning", "error", err.Error())
		problem.Write(w, detailed("unavailable", err.Error()))
		return
	}
	h.now(w, r)
}

// reset empties the deployment and starts it again at a time of its clock. What it does it
// can do again: when something died on the way the gate stays shut, nobody works in a
// world that is half empty, and the next reset begins from the start.
func (h *Handler) reset(ctx context.Context, to time.Time) error {
	ctx, cancel := context.WithTimeout(ctx, resetTimeout)
	defer cancel()
	since := clock.PaceNow()
	h.Instances.gate.close(since)
	for _, step := range []struct {
		what string
		do   func(context.Context) error
	}{
		{"bring back who was killed", h.bringBack},
		{"stop the services", func(ctx context.Context) error { return h.Instances.stop(ctx, since, h.Clock.Instances()) }},
		{"empty the services", h.Instances.wipe},
		{"empty the streams", h.Streams.renew},
		{"set the clock", func(ctx context.Context) error { return h.Clock.Reset(ctx, to) }},
		{"start the services", h.begin},
	} {
		began := clock.PaceNow()
		if err := step.do(ctx); err != nil {
			return fmt.Errorf("%s: %w", step.what, err)
		}
		h.Log.InfoContext(ctx, "reset", "step", step.what, "took", clock.PaceNow().Sub(began).String())
	}
	return nil
}

// bringBack ends the absence of killed services: what they keep is to be emptied too.
func (h *Handler) bringBack(ctx context.Context) error {
	if h.Services == nil {
		return nil
	}
	for _, service := range h.Instances.services {
		if err := h.Services.Start(ctx, service); err != nil {
			return err
		}
	}
	return nil
}

func (h *Handler) begin(ctx context.Context) error {
	h.Instances.gate.open()
	return h.await(ctx, h.Instances.services...)
}

// await returns when these services are ready.
func (h *Handler) await(ctx context.Context, services ...string) error {
	for {
		missing := among(h.look(ctx), services)
		if len(missing) == 0 {
			return nil
		}
		if clock.Sleep(ctx, betweenLooks) != nil {
			return fmt.Errorf("not ready: %s", strings.Join(missing, ", "))
		}
	}
}

// lookWithin keeps a look short: who was not there when it was asked does not answer later.
const lookWithin = 300 * time.Millisecond

func (h *Handler) look(ctx context.Context) []string {
	ctx, cancel := context.WithTimeout(ctx, lookWithin)
	defer cancel()
	return h.NotReady(ctx)
}

func among(names, of []string) []string {
	var out []string
	for _, name := range names {
		for _, known := range of {
			if name == known {
				out = append(out, name)
			}
		}
	}
	return out
}
