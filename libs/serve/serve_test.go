package serve_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"gallra.se/libs/logs"
	"gallra.se/libs/serve"
)

func TestAStopFinishesTheRequestInFlight(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	l, err := serve.Listen(ctx, "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	h := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		cancel()
		_, _ = io.WriteString(w, "whole")
	})
	ended := make(chan error, 1)
	go func() { ended <- serve.Run(ctx, l, h, logs.New(io.Discard, "test")) }()
	resp, err := http.Get("http://" + l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	if body, _ := io.ReadAll(resp.Body); string(body) != "whole" {
		t.Errorf("%q", body)
	}
	if err := <-ended; err != nil {
		t.Error(err)
	}
}

func TestOneFailingLoopStopsTheOthersAndIsTheGroupsError(t *testing.T) {
	t.Parallel()
	broken := errors.New("broken")
	err := serve.Group(t.Context(),
		func(ctx context.Context) error { <-ctx.Done(); return ctx.Err() },
		func(context.Context) error { return broken })
	if !errors.Is(err, broken) {
		t.Error(err)
	}
}

func TestAStopFromOutsideIsNoError(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := serve.Group(ctx, func(ctx context.Context) error { return ctx.Err() }); err != nil {
		t.Error(err)
	}
}

func TestReadyNamesTheCheckThatFailsAndKeepsTheCauseInside(t *testing.T) {
	t.Parallel()
	mux := http.NewServeMux()
	var log bytes.Buffer
	serve.Health(mux, serve.Registry(), logs.New(&log, "test"),
		serve.Check{Name: "database", Ask: func(context.Context) error { return errors.New("cause") }})
	if code, body := get(mux, "/readyz"); code != 503 || body != "not ready: database\n" || !strings.Contains(log.String(), "cause") {
		t.Errorf("%d %q %s", code, body, log.String())
	}
	if code, _ := get(mux, "/livez"); code != 200 {
		t.Errorf("livez: %d", code)
	}
	if code, body := get(mux, "/metrics"); code != 200 || !strings.Contains(body, "go_goroutines") {
		t.Errorf("metrics: %d", code)
	}
}

func TestABodyOverTheLimitIsCutOff(t *testing.T) {
	t.Parallel()
	var cut *http.MaxBytesError
	h := serve.Limit(3, http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		if _, err := io.ReadAll(r.Body); !errors.As(err, &cut) {
			t.Error(err)
		}
	}))
	h.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest(http.MethodPost, "/", strings.NewReader("four")))
}

func get(h http.Handler, path string) (int, string) {
	w := httptest.NewRecorder()
	h.ServeHTTP(w, httptest.NewRequest(http.MethodGet, path, nil))
	return w.Code, w.Body.String()
}
