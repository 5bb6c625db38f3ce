package sim

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// shelf is where one backup lies.
type shelf struct {
	did   []string
	fault error
}

func (s *shelf) Take(context.Context) (string, error) { return "taken", s.note("take") }
func (s *shelf) SetAside(context.Context) error       { return s.note("aside") }
func (s *shelf) Known(_ context.Context, id string) (bool, error) {
	return id == "taken", s.note("known " + id)
}
func (s *shelf) Rewind(_ context.Context, from uint64) error {
	return s.note("rewind " + string(rune('0'+from)))
}
func (s *shelf) Load(_ context.Context, id string) error {
	if id != "taken" {
		return ErrUnknownBackup
	}
	return s.note("load " + id)
}

func (s *shelf) note(what string) error {
	s.did = append(s.did, what)
	return s.fault
}

// TestBackupsOfAnotherProcessAreReachedWithTheCallersOwnToken: what is asked here is done there, and refused there too.
func TestBackupsOfAnotherProcessAreReachedWithTheCallersOwnToken(t *testing.T) {
	t.Parallel()
	there, token := &shelf{}, ""
	served := ServeBackups(there, slog.New(slog.DiscardHandler))
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		token = r.Header.Get("Authorization")
		served.ServeHTTP(w, r)
	}))
	t.Cleanup(server.Close)
	request := httptest.NewRequest(http.MethodPost, "/sim/restore", nil)
	request.Header.Set("Authorization", "Bearer of the caller")
	ctx, remote := withToken(request).Context(), RemoteBackups{URL: server.URL, HTTP: server.Client()}
	id, err := remote.Take(ctx)
	known, knownErr := remote.Known(ctx, "taken")
	unknown, unknownErr := remote.Known(ctx, "../taken")
	err = errors.Join(err, knownErr, unknownErr, remote.SetAside(ctx), remote.Load(ctx, id), remote.Rewind(ctx, 7))
	if err != nil || id != "taken" || !known || unknown || token != "Bearer of the caller" ||
		strings.Join(there.did, ", ") != "take, known taken, known ../taken, aside, load taken, rewind 7" {
		t.Errorf("%v %q %v %v %q %v", err, id, known, unknown, token, there.did)
	}
	if err := remote.Load(ctx, "another"); err == nil || !strings.Contains(err.Error(), "status 404") {
		t.Error(err)
	}
	there.fault = errors.New("the disk is full")
	if _, err := remote.Take(ctx); err == nil || !strings.Contains(err.Error(), "the disk is full") {
		t.Error(err)
	}
	for _, wrong := range []string{`{"more":1}`, `[]`, ``, `{"backup":"` + strings.Repeat("x", maxAsk) + `"}`} {
		answer := httptest.NewRecorder()
		served.ServeHTTP(answer, httptest.NewRequest(http.MethodPost, BackupsPath+"load", strings.NewReader(wrong)))
		if answer.Code != http.StatusBadRequest {
			t.Errorf("%.20s: %d", wrong, answer.Code)
		}
	}
}

func TestARestoreIsRefusedBeforeAnythingIsEmptied(t *testing.T) {
	t.Parallel()
	there := &shelf{}
	for _, c := range []struct {
		call, body string
		backups    Backups
		status     int
	}{
		{"restore", `{"backup":"taken","into":"empty"}`, nil, http.StatusConflict},
		{"restore", `{"backup":"another","into":"empty"}`, there, http.StatusNotFound},
		{"restore", `{"backup":"taken","into":"full"}`, there, http.StatusUnprocessableEntity},
		{"restore", `{"into":"empty"}`, there, http.StatusUnprocessableEntity},
		{"restore", `{"backup":1,"into":"empty"}`, there, http.StatusBadRequest},
		{"restore", `{"backup":"taken","into":"empty","more":1}`, there, http.StatusBadRequest},
		{"replay", `{}`, there, http.StatusUnprocessableEntity},
		{"replay", `{"from":-1}`, there, http.StatusBadRequest},
		{"replay", `{"from":"1"}`, there, http.StatusBadRequest},
		{"backup", `{"to":"elsewhere"}`, there, http.StatusBadRequest},
		{"backup", `{}`, there, http.StatusOK},
	} {
		h := &Handler{Backups: c.backups, Log: slog.New(slog.DiscardHandler)}
		doors := map[string]http.HandlerFunc{"restore": h.restore, "replay": h.replay, "backup": h.backup}
		answer := httptest.NewRecorder()
		h.withBackups(doors[c.call])(answer, httptest.NewRequest(http.MethodPost, "/sim/"+c.call, bytes.NewReader([]byte(c.body))))
		if answer.Code != c.status {
			t.Errorf("%s %s: %d, want %d", c.call, c.body, answer.Code, c.status)
		}
	}
	for _, did := range there.did {
		if strings.HasPrefix(did, "aside") || strings.HasPrefix(did, "load") {
			t.Errorf("it did %s", did)
		}
	}
}
