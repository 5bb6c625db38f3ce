package sim

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"strings"

	"gallra.se/libs/problem"
)

// BackupsPath is where another process's Backups are reached; nothing outside of a deployment leads there.
const BackupsPath = "/sim/backups/"

// A process beside the databases answers for Backups; whoever plays the simulation passes each call on with its caller's
// token, and keeps none of its own.
type (
	backupAsk struct {
		Backup string `json:"backup,omitempty"`
		From   uint64 `json:"from,omitempty"`
	}
	backupSaid struct {
		Backup string `json:"backup,omitempty"`
		Known  bool   `json:"known,omitempty"`
	}
)

// ServeBackups answers under BackupsPath.
func ServeBackups(b Backups, log *slog.Logger) http.Handler {
	mux := http.NewServeMux()
	for verb, do := range map[string]func(context.Context, backupAsk) (backupSaid, error){
		"take": func(ctx context.Context, _ backupAsk) (said backupSaid, err error) {
			said.Backup, err = b.Take(ctx)
			return said, err
		},
		"set-aside": func(ctx context.Context, _ backupAsk) (backupSaid, error) { return backupSaid{}, b.SetAside(ctx) },
		"known": func(ctx context.Context, ask backupAsk) (said backupSaid, err error) {
			said.Known, err = b.Known(ctx, ask.Backup)
			return said, err
		},
		"load": func(ctx context.Context, ask backupAsk) (backupSaid, error) {
			return backupSaid{}, b.Load(ctx, ask.Backup)
		},
		"rewind": func(ctx context.Context, ask backupAsk) (backupSaid, error) {
			return backupSaid{}, b.Rewind(ctx, ask.From)
		},
	} {
		mux.HandleFunc("POST "+BackupsPath+verb, func(w http.ResponseWriter, r *http.Request) {
			var ask backupAsk
			if !read(w, r, &ask) {
				return
			}
			said, err := do(context.WithoutCancel(r.Context()), ask)
			switch {
			case errors.Is(err, ErrUnknownBackup):
				problem.Write(w, problem.New("not-found"))
			case err != nil:
				log.WarnContext(r.Context(), "backup", "what", verb, "error", err.Error())
				problem.Write(w, detailed("unavailable", err.Error()))
			default:
				answer(w, said)
			}
		})
	}
	return mux
}

// RemoteBackups are those of another process.
type RemoteBackups struct {
	URL  string
	HTTP *http.Client
}

// Take asks for a backup.
func (r RemoteBackups) Take(ctx context.Context) (string, error) {
	said, err := r.call(ctx, "take", "{}")
	return said.Backup, err
}

// SetAside asks that keys and ledger be kept.
func (r RemoteBackups) SetAside(ctx context.Context) error {
	_, err := r.call(ctx, "set-aside", "{}")
	return err
}

// Known asks for a copy.
func (r RemoteBackups) Known(ctx context.Context, id string) (bool, error) {
	said, err := r.call(ctx, "known", encoded(backupAsk{Backup: id}))
	return said.Known, err
}

// Load asks that a copy be brought back.
func (r RemoteBackups) Load(ctx context.Context, id string) error {
	_, err := r.call(ctx, "load", encoded(backupAsk{Backup: id}))
	return err
}

// Rewind asks that positions be set back.
func (r RemoteBackups) Rewind(ctx context.Context, from uint64) error {
	_, err := r.call(ctx, "rewind", encoded(backupAsk{From: from}))
	return err
}

func (r RemoteBackups) call(ctx context.Context, verb, body string) (said backupSaid, err error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, strings.TrimSuffix(r.URL, "/")+BackupsPath+verb, strings.NewReader(body))
	if err != nil {
		return said, err
	}
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("Authorization", tokenOf(ctx))
	response, err := r.HTTP.Do(request)
	if err != nil {
		return said, fmt.Errorf("%s backups: %w", verb, err)
	}
	defer response.Body.Close()
	raw, err := io.ReadAll(io.LimitReader(response.Body, maxAsk))
	if err != nil {
		return said, fmt.Errorf("%s backups: %w", verb, err)
	}
	if response.StatusCode != http.StatusOK {
		return said, fmt.Errorf("%s backups: status %d: %s", verb, response.StatusCode, detailOf(raw))
	}
	return said, decode(raw, &said)
}

func encoded(ask backupAsk) string {
	text, _ := json.Marshal(ask) // a text and a number
	return string(text)
}

func decode(raw []byte, said *backupSaid) error {
	if err := json.Unmarshal(raw, said); err != nil {
		return fmt.Errorf("read what was said of backups: %w", err)
	}
	return nil
}

// detailOf is what a problem document says to a person.
func detailOf(raw []byte) string {
	var p struct {
		Detail string `json:"detail"`
	}
	_ = json.Unmarshal(raw, &p)
	return p.Detail
}

type tokenKey struct{}

// withToken carries the caller's own right along.
func withToken(r *http.Request) *http.Request {
	return r.WithContext(context.WithValue(r.Context(), tokenKey{}, r.Header.Get("Authorization")))
}

func tokenOf(ctx context.Context) string {
	token, _ := ctx.Value(tokenKey{}).(string)
	return token
}
