package sim

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"time"

	"gallra.se/libs/clock"
	"gallra.se/libs/problem"
)

// Backups takes the things of a simulated deployment away and brings them back. Statistics are left where they are in all of
// it: of them only the newest copy is right, and that is the store itself.
type Backups interface {
	// Take backs the data up while the services run, and returns the id of the copy.
	Take(ctx context.Context) (id string, err error)
	// SetAside keeps the newest keys and ledger, from which a restore goes on. Nobody is at work.
	SetAside(ctx context.Context) error
	// Load fills an emptied deployment: data of a copy, keys and ledger as they were set aside.
	Load(ctx context.Context, id string) error
	// Known says whether there is such a copy.
	Known(ctx context.Context, id string) (bool, error)
	// Rewind has every service read its streams again from a sequence on. Nobody is at work.
	Rewind(ctx context.Context, from uint64) error
}

// ErrUnknownBackup names no copy of the data.
var ErrUnknownBackup = errors.New("no such backup")

// stays is the service whose things a restore leaves alone.
const stays = "statistics-pseudonymiser"

// restoreTimeout is how long (Pace) a restore with its replay may take.
const restoreTimeout = 5 * time.Minute

// withBackups refuses where there is no place for them.
func (h *Handler) withBackups(next http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if h.Backups == nil {
			problem.Write(w, detailed("conflict", "this deployment has no place for backups"))
			return
		}
		next(w, withToken(r))
	}
}

func (h *Handler) backup(w http.ResponseWriter, r *http.Request) {
	if !read(w, r, &struct{}{}) {
		return
	}
	h.turn.Lock()
	defer h.turn.Unlock()
	id, err := h.Backups.Take(r.Context())
	if err != nil {
		h.refuse(w, r, "no backup taken", err)
		return
	}
	answer(w, map[string]string{"backup": id})
}

// restore goes on although the caller has gone, as a reset does.
func (h *Handler) restore(w http.ResponseWriter, r *http.Request) {
	var ask struct {
		Backup string `json:"backup"`
		Into   string `json:"into"`
	}
	switch {
	case !read(w, r, &ask):
		return
	case ask.Backup == "":
		problem.Write(w, problem.OnField("missing-field", "backup"))
		return
	case ask.Into != "empty":
		problem.Write(w, problem.OnField("invalid-field", "into"))
		return
	}
	h.turn.Lock()
	defer h.turn.Unlock()
	if known, err := h.Backups.Known(r.Context(), ask.Backup); err != nil || !known {
		if err == nil {
			err = ErrUnknownBackup
		}
		h.refuse(w, r, "not restored", err)
		return
	}
	if err := h.bringAllBack(context.WithoutCancel(r.Context()), ask.Backup); err != nil {
		h.refuse(w, r, "not restored", err)
		return
	}
	h.now(w, r)
}

// replay has everything read again.
func (h *Handler) replay(w http.ResponseWriter, r *http.Request) {
	var ask struct {
		From uint64 `json:"from"`
	}
	if !read(w, r, &ask) {
		return
	}
	if ask.From == 0 {
		problem.Write(w, problem.OnField("missing-field", "from"))
		return
	}
	h.turn.Lock()
	defer h.turn.Unlock()
	err := h.apart(context.WithoutCancel(r.Context()), func(since time.Time) []step {
		return []step{{"set the positions back", func(ctx context.Context) error { return h.Backups.Rewind(ctx, ask.From) }}}
	})
	if err != nil {
		h.refuse(w, r, "streams not replayed", err)
		return
	}
	h.now(w, r)
}

func (h *Handler) refuse(w http.ResponseWriter, r *http.Request, what string, err error) {
	if errors.Is(err, ErrUnknownBackup) {
		problem.Write(w, problem.New("not-found"))
		return
	}
	h.Log.WarnContext(r.Context(), what, "error", err.Error())
	problem.Write(w, detailed("unavailable", err.Error()))
}

// step is one of a sequence that a deployment goes through while nobody is at work.
type step struct {
	what string
	do   func(context.Context) error
}

// bringAllBack empties the deployment of everything but statistics and fills it from a backup. After a fault the gate stays
// shut, and a reset begins from the start.
func (h *Handler) bringAllBack(ctx context.Context, id string) error {
	return h.apart(ctx, func(time.Time) []step {
		return []step{
			{"set keys and ledger aside", h.Backups.SetAside},
			{"empty the services", func(ctx context.Context) error { return h.Instances.wipeBut(ctx, stays) }},
			{"empty the streams", h.Streams.renewCore},
			{"go on at the same time", func(ctx context.Context) error { return h.Clock.Reset(ctx, h.Clock.Now().Now) }},
			{"bring the backup back", func(ctx context.Context) error { return h.Backups.Load(ctx, id) }},
		}
	})
}

// apart ends the lives of all services, does something, and begins new ones.
func (h *Handler) apart(ctx context.Context, between func(since time.Time) []step) error {
	ctx, cancel := context.WithTimeout(ctx, restoreTimeout)
	defer cancel()
	since := clock.PaceNow()
	h.Instances.gate.close(since)
	steps := slices.Concat([]step{
		{"bring back who was killed", h.bringBack},
		{"stop the services", func(ctx context.Context) error { return h.Instances.stop(ctx, since, h.Clock.Instances()) }},
	}, between(since), []step{{"start the services", h.begin}})
	for _, s := range steps {
		began := clock.PaceNow()
		if err := s.do(ctx); err != nil {
			return fmt.Errorf("%s: %w", s.what, err)
		}
		h.Log.InfoContext(ctx, "restore", "step", s.what, "took", clock.PaceNow().Sub(began).String())
	}
	return nil
}
