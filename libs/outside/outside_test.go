package outside_test

import (
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"gallra.se/libs/outside"
)

func TestTheBreakerOpensAfterThreeFailuresAndThenCallsNobody(t *testing.T) {
	t.Parallel()
	e := endpoint(t, http.StatusServiceUnavailable)
	b := outside.New(outside.Config{Name: "e", Failures: 3})
	for range 3 {
		if status, err := b.Post(t.Context(), e.URL, "text/plain", nil); status != 503 || err == nil || errors.Is(err, outside.ErrOpen) {
			t.Errorf("%d %v", status, err)
		}
	}
	if _, err := b.Post(t.Context(), e.URL, "text/plain", nil); !errors.Is(err, outside.ErrOpen) {
		t.Error(err)
	}
	if calls, failed := b.Counts(); b.State() != "open" || b.Opened() != 1 || e.calls.Load() != 3 || calls != 3 || failed != 3 {
		t.Errorf("%s, %d calls, counted %d and %d", b.State(), e.calls.Load(), calls, failed)
	}
}

func TestAfterThePauseOneTrialIsLetThroughAndClosesIt(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := outside.New(outside.Config{Name: "e", Failures: 1, Pause: time.Minute})
		up := false
		restore := b.Through(func(*http.Request) (*http.Response, error) {
			if !up {
				return nil, errors.New("down")
			}
			return &http.Response{StatusCode: 201, Body: io.NopCloser(strings.NewReader(""))}, nil
		})
		defer restore()
		_, _ = b.Post(t.Context(), "http://e", "text/plain", nil)
		time.Sleep(59 * time.Second)
		if _, err := b.Post(t.Context(), "http://e", "text/plain", nil); !errors.Is(err, outside.ErrOpen) {
			t.Errorf("before the pause is over: %v", err)
		}
		time.Sleep(2 * time.Second)
		up = true
		if status, err := b.Post(t.Context(), "http://e", "text/plain", nil); status != 201 || err != nil || b.State() != "closed" {
			t.Errorf("%d %v %s", status, err, b.State())
		}
	})
}

func TestARefusalIsTheCallersFaultAndDoesNotOpenTheBreaker(t *testing.T) {
	t.Parallel()
	e := endpoint(t, http.StatusBadRequest)
	b := outside.New(outside.Config{Name: "e", Failures: 1})
	for range 3 {
		if status, err := b.Post(t.Context(), e.URL, "text/plain", nil); status != 400 || err == nil {
			t.Errorf("%d %v", status, err)
		}
	}
	if b.State() != "closed" {
		t.Error(b.State())
	}
}

func TestARedirectIsNotFollowed(t *testing.T) {
	t.Parallel()
	e := endpoint(t, http.StatusTemporaryRedirect)
	b := outside.New(outside.Config{Name: "e"})
	if status, err := b.Post(t.Context(), e.URL, "text/plain", []byte("x")); status != 307 || err == nil || e.calls.Load() != 1 {
		t.Errorf("%d %v %d", status, err, e.calls.Load())
	}
}

func TestAnErrorDoesNotHoldTheAddress(t *testing.T) {
	t.Parallel()
	b := outside.New(outside.Config{Name: "e"})
	_, err := b.Post(t.Context(), "http://127.0.0.1:1/about/199001012385", "text/plain", nil)
	if err == nil || strings.Contains(err.Error(), "199001012385") {
		t.Error(err)
	}
}

func TestBodyAndHeadersArriveAsTheyAre(t *testing.T) {
	t.Parallel()
	var seen string
	s := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		seen = r.Header.Get("Content-Type") + "|" + r.Header.Get("Idempotency-Key") + "|" + string(body)
	}))
	t.Cleanup(s.Close)
	b := outside.New(outside.Config{Name: "e"})
	_, err := b.Post(t.Context(), s.URL, "application/json", []byte("{}"), outside.Header{Name: "Idempotency-Key", Value: "k"})
	if err != nil || seen != "application/json|k|{}" {
		t.Errorf("%v %s", err, seen)
	}
}

type stub struct {
	*httptest.Server
	calls atomic.Int64
}

func endpoint(t *testing.T, status int) *stub {
	t.Helper()
	s := &stub{}
	s.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		s.calls.Add(1)
		w.Header().Set("Location", "/elsewhere")
		w.WriteHeader(status)
	}))
	t.Cleanup(s.Close)
	return s
}
