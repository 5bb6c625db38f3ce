package client

import (
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
)

func TestOnlyAnAnswerThatAsksForItIsTriedAgain(t *testing.T) {
	t.Parallel()
	var calls atomic.Int64
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if calls.Add(1) == 1 && r.URL.Path == "/later" {
			w.Header().Set("Retry-After", "0")
			w.WriteHeader(http.StatusServiceUnavailable)
			return
		}
		if r.URL.Path == "/never" {
			w.WriteHeader(http.StatusServiceUnavailable)
			return
		}
		fmt.Fprint(w, "{}")
	}))
	defer server.Close()
	c := With(server.URL)
	if err := c.Get(t.Context(), "", "/later", nil); err != nil || calls.Load() != 2 {
		t.Errorf("%v after %d calls", err, calls.Load())
	}
	calls.Store(1)
	if err := c.Get(t.Context(), "", "/never", nil); err == nil || calls.Load() != 2 {
		t.Errorf("%v after %d calls", err, calls.Load()-1)
	}
}

func TestARefusalIsItsReasonAndField(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(http.StatusUnprocessableEntity)
		fmt.Fprint(w, `{"status":422,"reason":"unknown-field","field":"shoeSize","title":"Unknown field"}`)
	}))
	defer server.Close()
	err := With(server.URL).Get(t.Context(), "", "/", nil)
	var refusal *Refusal
	if !errors.As(err, &refusal) || refusal.Reason != "unknown-field" || refusal.Field != "shoeSize" {
		t.Fatalf("%v", err)
	}
}

func TestNobodyAtTheAddressIsSaidInWords(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(nil)
	server.Close()
	err := With(server.URL).Get(t.Context(), "", "/", nil)
	if !errors.Is(err, ErrNoSystem) || !strings.Contains(err.Error(), "gallra up") {
		t.Errorf("%v", err)
	}
}

func TestWhatASystemLeavesIsFoundByItsAddress(t *testing.T) {
	t.Setenv("XDG_STATE_HOME", t.TempDir())
	left := Found{URL: "http://127.0.0.1:18080", DataDir: "/somewhere", TokenKey: "/somewhere/tokens.pem"}
	remove, err := left.Leave()
	if err != nil {
		t.Fatal(err)
	}
	found, ok, err := Find("http://127.0.0.1:18080/")
	if err != nil || !ok || found != left {
		t.Fatalf("%+v %v %v", found, ok, err)
	}
	if _, ok, err := Find("http://127.0.0.1:18081"); ok || err != nil {
		t.Errorf("another system's place is found: %v", err)
	}
	remove()
	if _, ok, err := Find("http://127.0.0.1:18080"); ok || err != nil {
		t.Errorf("the place stays behind: %v", err)
	}
}

func TestAUserWithoutAHomeFindsNothing(t *testing.T) {
	t.Setenv("XDG_STATE_HOME", "")
	t.Setenv("HOME", "")
	if _, ok, err := Find("https://127.0.0.1:8080"); ok || err != nil {
		t.Errorf("%v %v", ok, err)
	}
}
