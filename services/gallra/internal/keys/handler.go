package keys

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/nats-io/nats.go"

	"gallra.se/libs/bearer"
	"gallra.se/libs/bus"
	"gallra.se/libs/door"
	"gallra.se/libs/keyring"
	"gallra.se/libs/problem"
	"gallra.se/libs/strict"
)

// Where the handler is mounted.
const (
	Path       = "/v1/keys"
	RotatePath = "/v1/keys/rotate"
)

// Holder is how one holder's keyring stands, or why that is not known.
type Holder struct {
	Service string          `json:"service"`
	Status  *keyring.Status `json:"status,omitempty"`
	Fault   string          `json:"fault,omitempty"`
}

// Turn is what one holder has replaced, or why it has not.
type Turn struct {
	Service string   `json:"service"`
	Rotated *Rotated `json:"rotated,omitempty"`
	Fault   string   `json:"fault,omitempty"`
}

// Standing is the answer of GET Path.
type Standing struct {
	Holders []Holder `json:"holders"`
}

// Request is the body of POST RotatePath. Without a service all holders rotate.
type Request struct {
	Service string `json:"service,omitempty"`
	Index   bool   `json:"index,omitempty"`
}

// Result is its answer, in the order of the holders.
type Result struct {
	Holders []Turn `json:"holders"`
}

// OK says that every holder did what it was asked.
func (r Result) OK() bool {
	return !slices.ContainsFunc(r.Holders, func(t Turn) bool { return t.Fault != "" })
}

// Handler answers an operator.
type Handler struct {
	NC      *nats.Conn
	Holders []string
	Log     *slog.Logger
}

// Behind is the handler behind the verifier.
func (h *Handler) Behind(v *bearer.Verifier) http.Handler {
	return v.Middleware(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		caller, ok := bearer.From(r.Context())
		switch {
		case !ok || !caller.Has("operator"):
			problem.Write(w, problem.New("forbidden"))
		case r.URL.Path == Path && r.Method == http.MethodGet:
			h.status(w, r)
		case r.URL.Path == RotatePath && r.Method == http.MethodPost:
			h.rotate(w, r)
		default:
			w.Header().Set("Allow", map[string]string{Path: http.MethodGet, RotatePath: http.MethodPost}[r.URL.Path])
			problem.Write(w, problem.New("method-not-allowed"))
		}
	}))
}

func (h *Handler) status(w http.ResponseWriter, r *http.Request) {
	holders, err := h.named(r.URL.Query().Get("service"))
	if err != nil {
		problem.Write(w, problem.From(err))
		return
	}
	found := make([]Holder, len(holders))
	each(holders, func(i int, holder string) {
		found[i].Service = holder
		var status keyring.Status
		if found[i].Fault = h.ask(r.Context(), SubjectStatus(holder), nil, statusPatience, &status); found[i].Fault == "" {
			found[i].Status = &status
		}
	})
	reply(w, Standing{found})
}

func (h *Handler) rotate(w http.ResponseWriter, r *http.Request) {
	body, err := door.Body(w, r)
	if err != nil {
		problem.Write(w, problem.From(err))
		return
	}
	var request Request
	if err := strict.Decode(body, &request); err != nil {
		problem.Write(w, problem.From(err))
		return
	}
	holders, err := h.named(request.Service)
	if err != nil {
		problem.Write(w, problem.From(err))
		return
	}
	order, err := json.Marshal(Order{Index: request.Index})
	if err != nil {
		problem.Write(w, problem.From(err))
		return
	}
	turns := make([]Turn, len(holders))
	each(holders, func(i int, holder string) {
		turns[i].Service = holder
		var done Rotated
		if turns[i].Fault = h.ask(r.Context(), SubjectRotate(holder), order, rotatePatience, &done); turns[i].Fault == "" {
			turns[i].Rotated = &done
		}
	})
	result := Result{turns}
	h.Log.InfoContext(r.Context(), "keys rotated by an operator", "holders", strings.Join(holders, ","), "index", request.Index, "whole", result.OK())
	reply(w, result)
}

// named is who is asked: the one that was named, or all.
func (h *Handler) named(service string) ([]string, error) {
	switch {
	case service == "":
		return h.Holders, nil
	case slices.Contains(h.Holders, service):
		return []string{service}, nil
	}
	p := problem.OnField("invalid-field", "service")
	p.Detail = "these have a keyring: " + strings.Join(h.Holders, ", ")
	return nil, p
}

// each asks all at the same time: one that is away takes up its own time alone.
func each(holders []string, ask func(i int, holder string)) {
	var all sync.WaitGroup
	for i, holder := range holders {
		all.Go(func() { ask(i, holder) })
	}
	all.Wait()
}

// How long (Pace) a holder may take.
const (
	statusPatience = 10 * time.Second
	rotatePatience = time.Minute
)

// What is said of a holder that did not do what it was asked.
const (
	faultAway   = "no instance of it runs"
	faultSilent = "it does not answer in time, and may still be at work: look again"
	faultFailed = "it could not: its log says why"
	faultBusy   = "it has no answer just now: its database or keystore is away"
)

// ask returns the fault in words, or "".
func (h *Handler) ask(ctx context.Context, subject string, body []byte, patience time.Duration, into any) (fault string) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	reply, err := h.NC.RequestWithContext(ctx, subject, body)
	if err == nil && reply.Header.Get(bus.HeaderProblem) != "" {
		err = fmt.Errorf("answered %s", reply.Header.Get(bus.HeaderProblem))
		fault = faultFailed
		if reply.Header.Get(bus.HeaderProblem) == "unavailable" {
			fault = faultBusy
		}
	}
	if err == nil {
		err = json.Unmarshal(reply.Data, into)
	}
	switch {
	case err == nil:
		return ""
	case errors.Is(err, nats.ErrNoResponders):
		fault = faultAway
	case errors.Is(err, context.DeadlineExceeded), errors.Is(err, nats.ErrTimeout):
		fault = faultSilent
	case fault == "":
		fault = faultFailed
	}
	h.Log.WarnContext(ctx, "holder does not do what it is asked", "subject", subject, "error", err.Error())
	return fault
}

func reply(w http.ResponseWriter, v any) {
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(v)
}
