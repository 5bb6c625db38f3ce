package serve_test

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"gallra.se/libs/serve"
)

func TestWhoIsOneTooManyIsToldWhenToComeAgain(t *testing.T) {
	t.Parallel()
	inside, leave := make(chan struct{}), make(chan struct{})
	door := serve.Admit(1, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/slow" {
			close(inside)
			<-leave
		}
	}))
	ask := func(path string) *httptest.ResponseRecorder {
		w := httptest.NewRecorder()
		door.ServeHTTP(w, httptest.NewRequest(http.MethodGet, path, nil))
		return w
	}
	done := make(chan struct{})
	go func() { ask("/slow"); close(done) }()
	<-inside
	if w := ask("/v1/contacts"); w.Code != http.StatusServiceUnavailable || w.Header().Get("Retry-After") != "1" {
		t.Errorf("%d %v", w.Code, w.Header())
	}
	for _, path := range []string{"/livez", "/readyz", "/metrics"} {
		if w := ask(path); w.Code != http.StatusOK {
			t.Errorf("%s: %d", path, w.Code)
		}
	}
	close(leave)
	<-done
	if w := ask("/v1/contacts"); w.Code != http.StatusOK {
		t.Errorf("a place that was left is not given again: %d", w.Code)
	}
}
