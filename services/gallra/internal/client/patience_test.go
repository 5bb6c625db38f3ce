package client

import (
	"errors"
	"net"
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"syscall"
	"testing"
	"time"
)

func TestAPatientClientAsksAgainUntilItIsAnswered(t *testing.T) {
	t.Parallel()
	var calls atomic.Int64
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		switch calls.Add(1) {
		case 2:
			w.WriteHeader(http.StatusBadGateway)
		case 3:
			panic(http.ErrAbortHandler) // the connection is reset
		case 4:
			w.WriteHeader(http.StatusInternalServerError)
		}
	}))
	defer server.Close()
	c := With(server.URL).Patient(NewPatience(func(string) {}))
	for range 2 {
		answer, err := c.Do(t.Context(), Call{Method: http.MethodPost, Path: "/"})
		if err != nil || answer.Status != http.StatusOK {
			t.Errorf("%d %v after %d calls", answer.Status, err, calls.Load())
		}
	}
	if calls.Load() != 5 {
		t.Errorf("%d calls", calls.Load())
	}
}

func TestASystemThatWentAwayIsWaitedForAndOneThatNeverAnsweredIsNot(t *testing.T) {
	t.Parallel()
	var calls int
	gone := map[int]bool{2: true, 3: true}
	c := With("http://127.0.0.1:1").Patient(NewPatience(func(string) {}))
	c.http.Transport = transportThat(func(*http.Request) (*http.Response, error) {
		if calls++; gone[calls] {
			return nil, &net.OpError{Op: "dial", Err: syscall.ECONNREFUSED}
		}
		return &http.Response{StatusCode: http.StatusNoContent, Body: http.NoBody, Header: http.Header{}}, nil
	})
	for range 2 {
		if answer, err := c.Do(t.Context(), Call{Method: http.MethodGet, Path: "/"}); err != nil || answer.Status != http.StatusNoContent {
			t.Errorf("%d %v", answer.Status, err)
		}
	}
	calls, gone[1] = 0, true
	c.patience = NewPatience(func(string) {})
	if _, err := c.Do(t.Context(), Call{Method: http.MethodGet, Path: "/"}); !errors.Is(err, ErrNoSystem) || calls != 1 {
		t.Errorf("%v after %d calls", err, calls)
	}
}

type transportThat func(*http.Request) (*http.Response, error)

func (f transportThat) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

func TestARefusalIsNotAskedForTwice(t *testing.T) {
	t.Parallel()
	var calls atomic.Int64
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		calls.Add(1)
		w.WriteHeader(http.StatusConflict)
	}))
	defer server.Close()
	answer, err := With(server.URL).Patient(NewPatience(func(string) {})).Do(t.Context(), Call{Method: http.MethodPost, Path: "/"})
	if err != nil || answer.Status != http.StatusConflict || calls.Load() != 1 {
		t.Errorf("%d %v after %d calls", answer.Status, err, calls.Load())
	}
}

func TestPatienceEndsAfterTwoMinutesWithoutAnySuccessAndSaysThatItWaits(t *testing.T) {
	t.Parallel()
	var notes []string
	p := NewPatience(func(text string) { notes = append(notes, text) })
	p.succeeded()
	if !p.goesOn("away") || len(notes) != 0 {
		t.Error("the first failure is the last, or worth a word")
	}
	p.since = p.since.Add(-2 * time.Second)
	if !p.goesOn("away") || len(notes) != 1 || notes[0] != "away: trying again for 1m58s more" {
		t.Errorf("%q", notes)
	}
	p.succeeded()
	if len(notes) != 2 || notes[1] != "the system answers again" {
		t.Errorf("%q", notes)
	}
	if !p.goesOn("away") {
		t.Error("a success does not begin a new wait")
	}
	p.since = p.since.Add(-patienceEnds - time.Second)
	if p.goesOn("away") {
		t.Error("it goes on after two minutes")
	}
}
