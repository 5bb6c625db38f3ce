package disclosure_test

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"

	"gallra.se/libs/clock"
)

// recipient is an endpoint that can be down, and does each idempotency key once.
type recipient struct {
	*httptest.Server
	mu       sync.Mutex
	down     bool
	calls    int
	accepted map[string][]byte
}

func newRecipient(t *testing.T) *recipient {
	r := &recipient{accepted: map[string][]byte{}}
	r.Server = httptest.NewServer(r)
	t.Cleanup(r.Close)
	return r
}

func (r *recipient) ServeHTTP(w http.ResponseWriter, req *http.Request) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.calls++
	body, _ := io.ReadAll(req.Body)
	if r.down {
		w.WriteHeader(http.StatusServiceUnavailable)
		return
	}
	r.accepted[req.Header.Get("Idempotency-Key")] = body
	w.WriteHeader(http.StatusNoContent)
}

func (r *recipient) set(down bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.down = down
}

func (r *recipient) deliveries() (calls int, bodies [][]byte) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, b := range r.accepted {
		bodies = append(bodies, b)
	}
	return r.calls, bodies
}

// memory keeps the simulated time.
type memory struct{ r *clock.Reading }

func (m *memory) Load(context.Context) (clock.Reading, bool, error) {
	if m.r == nil {
		return clock.Reading{}, false, nil
	}
	return *m.r, true, nil
}

func (m *memory) Save(_ context.Context, r clock.Reading) error { m.r = &r; return nil }

// lines collects log lines.
type lines struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *lines) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *lines) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}
