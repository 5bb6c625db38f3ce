package sim

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"gallra.se/libs/bearer"
	"gallra.se/libs/bus/bustest"
	"gallra.se/libs/clock"
)

// memory keeps a reading as a database would.
type memory struct{ reading clock.Reading }

func (m *memory) Load(context.Context) (clock.Reading, bool, error) {
	return m.reading, m.reading.Version > 0, nil
}
func (m *memory) Save(_ context.Context, r clock.Reading) error { m.reading = r; return nil }

func caller(t *testing.T, roles ...string) func(method, path, body string) int {
	t.Helper()
	public, private, err := ed25519.GenerateKey(nil)
	if err != nil {
		t.Fatal(err)
	}
	nc := bustest.Server(t, "bench")
	coordinator, err := clock.NewCoordinator(t.Context(), nc, &memory{}, time.Date(2024, 1, 1, 0, 0, 0, 0, time.UTC), nil, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	handler := (&Handler{Clock: coordinator, NC: nc, Log: slog.New(slog.DiscardHandler), Scan: Scan{Root: t.TempDir()}}).Routes(bearer.NewVerifier(public))
	token, err := bearer.Sign(private, bearer.Claims{Authority: "arbetsformedlingen", Name: "test", Roles: roles}, clock.PaceNow(), time.Hour)
	if err != nil {
		t.Fatal(err)
	}
	return func(method, path, body string) int {
		request := httptest.NewRequest(method, path, bytes.NewReader([]byte(body)))
		request.Header.Set("Authorization", "Bearer "+token)
		answer := httptest.NewRecorder()
		handler.ServeHTTP(answer, request)
		return answer.Code
	}
}

func TestOnlyAnOperatorTouchesTheClock(t *testing.T) {
	t.Parallel()
	officer := caller(t, "case-officer")
	for _, call := range [][2]string{{"GET", "/sim/clock"}, {"POST", "/sim/clock"}, {"GET", "/sim/statistics"}, {"POST", "/sim/kill"},
		{"POST", "/sim/start"}, {"POST", "/sim/reset"}, {"POST", "/sim/scan"},
		{"POST", "/sim/backup"}, {"POST", "/sim/restore"}, {"POST", "/sim/replay"}} {
		if status := officer(call[0], call[1], "{}"); status != http.StatusForbidden {
			t.Errorf("%v: %d", call, status)
		}
	}
}

func TestTheClockMovesForwardOnly(t *testing.T) {
	t.Parallel()
	operator := caller(t, Role)
	for _, c := range []struct {
		body   string
		status int
	}{
		{`{"to":"2024-02-01T00:00:00Z"}`, http.StatusOK},
		{`{"to":"2024-02-01T00:00:00Z"}`, http.StatusOK},
		{`{"to":"2024-01-31T00:00:00Z"}`, http.StatusConflict},
		{`{"to":"soon"}`, http.StatusBadRequest},
		{`{"until":"2025-01-01T00:00:00Z"}`, http.StatusBadRequest},
		{`{}`, http.StatusUnprocessableEntity},
	} {
		if status := operator("POST", "/sim/clock", c.body); status != c.status {
			t.Errorf("%s: %d, want %d", c.body, status, c.status)
		}
	}
}

func TestAResetNeedsATime(t *testing.T) {
	t.Parallel()
	operator := caller(t, Role)
	for body, status := range map[string]int{
		`{}`: http.StatusUnprocessableEntity, `{"clock":"soon"}`: http.StatusBadRequest, `{"to":"2021-01-01T00:00:00Z"}`: http.StatusBadRequest,
	} {
		if got := operator("POST", "/sim/reset", body); got != status {
			t.Errorf("%s: %d, want %d", body, got, status)
		}
	}
}

func TestServicesThatShareAProcessCannotBeKilledOneByOne(t *testing.T) {
	t.Parallel()
	if status := caller(t, Role)("POST", "/sim/kill", `{"service":"intake"}`); status != http.StatusConflict {
		t.Error(status)
	}
}
