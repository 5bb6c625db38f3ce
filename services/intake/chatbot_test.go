package intake_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"strings"
	"testing"
	"time"

	"gallra.se/libs/bearer"
	"gallra.se/libs/clock"
	"gallra.se/services/intake/internal/store"
)

// as calls with these roles, as staff who may see personal data.
func (w *world) as(role, authority, method, path, body string) (int, []byte) {
	w.t.Helper()
	response, raw := w.asking(role, authority, method, path, body)
	return response.StatusCode, raw
}

func (w *world) asking(role, authority, method, path, body string) (*http.Response, []byte) {
	w.t.Helper()
	request, err := http.NewRequestWithContext(w.t.Context(), method, w.url+path, strings.NewReader(body))
	must(w.t, err)
	token, err := bearer.Sign(w.signer, bearer.Claims{Authority: authority, Name: "olle", Roles: []string{role}, Undertaking: true, Trained: true},
		clock.PaceNow(), time.Hour)
	must(w.t, err)
	request.Header.Set("Authorization", "Bearer "+token)
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("Gallra-Purpose", map[bool]string{true: "supervision", false: "case-handling"}[role == "dpo"])
	response, err := http.DefaultClient.Do(request)
	must(w.t, err)
	defer response.Body.Close()
	raw, err := io.ReadAll(response.Body)
	must(w.t, err)
	return response, raw
}

func (w *world) counter(name string) (n int64) {
	w.t.Helper()
	must(w.t, w.db.QueryRow(w.t.Context(), `SELECT coalesce(sum(n), 0)::bigint FROM counter WHERE name LIKE '%' || $1`, name).Scan(&n))
	return n
}

const askS1 = "/v1/chatbot/sessions/s1/ask"

// AFC-24, AFC-26, AFC-28
func TestTheChatbotAnswersAlikeWhoeverAsksAndLeavesOnlyACounter(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	before := w.rows()
	status, plain := w.as("channel", af, "POST", askS1, `{"text":"How do I register as a job-seeker?","ipAddress":"192.0.2.51"}`)
	if status != http.StatusOK || !bytes.Contains(plain, []byte(`"answerId":"register"`)) || !bytes.Contains(plain, []byte(`"noticeVersion":"`)) || !bytes.Contains(plain, []byte(`"noticeUrl":"https://`)) {
		t.Fatalf("%d %s", status, plain)
	}
	if _, told := w.as("channel", af, "POST", askS1, `{"text":"How do I register as a job-seeker? 197602102381"}`); !bytes.Equal(told, plain) {
		t.Errorf("the number changes the answer: %s", told)
	}
	for range 2 {
		if status, raw := w.as("channel", af, "DELETE", "/v1/chatbot/sessions/s1", ""); status != http.StatusNoContent {
			t.Errorf("closed: %d %s", status, raw)
		}
	}
	if n := w.counter("chatbot/2024-01"); n != 1 {
		t.Errorf("%d sessions are counted", n)
	}
	after := w.rows()
	after["counter"] -= 1
	if fmt.Sprint(before) != fmt.Sprint(after) {
		t.Errorf("rows before %v, after %v", before, after)
	}
}

func TestWhatTheChatbotIsNotForIsRefused(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	long := strings.Repeat("x", 5000)
	for what, c := range map[string]struct {
		role, authority, method, path, body string
		status                              int
		reason                              string
	}{
		"an officer":             {"case-officer", af, "POST", askS1, `{"text":"hej"}`, 403, "forbidden"},
		"the supplier":           {"processor", af, "POST", askS1, `{"text":"hej"}`, 403, "forbidden"},
		"the supplier closes":    {"processor", af, "DELETE", "/v1/chatbot/sessions/s1", ``, 403, "forbidden"},
		"no chatbot there":       {"channel", "te-services", "POST", askS1, `{"text":"hej"}`, 422, "unknown-channel"},
		"too large":              {"channel", af, "POST", askS1, `{"text":"` + long + `"}`, 413, "too-large"},
		"far too large":          {"channel", af, "POST", askS1, `{"text":"` + strings.Repeat(long, 300) + `"}`, 413, "too-large"},
		"a name in a name":       {"channel", af, "POST", askS1, `{"text":"hej","Disa":"x"}`, 422, "unknown-field"},
		"no text":                {"channel", af, "POST", askS1, `{}`, 422, "missing-field"},
		"no JSON":                {"channel", af, "POST", askS1, `hej`, 400, "not-json"},
		"a number for a session": {"channel", af, "POST", "/v1/chatbot/sessions/197602102381/ask", `{"text":"hej"}`, 422, "invalid-field"},
		"a path for a session":   {"channel", af, "POST", "/v1/chatbot/sessions/..%2F..%2Fx/ask", `{"text":"hej"}`, 422, "invalid-field"},
		"a header in a session":  {"channel", af, "DELETE", "/v1/chatbot/sessions/a%0d%0aX-Y:z", ``, 422, "invalid-field"},
	} {
		status, raw := w.as(c.role, c.authority, c.method, c.path, c.body)
		if status != c.status || !bytes.Contains(raw, []byte(`"reason":"`+c.reason+`"`)) {
			t.Errorf("%s: %d %.200s", what, status, raw)
		}
		if bytes.Contains(raw, []byte("hej")) || bytes.Contains(raw, []byte("19760210")) || bytes.Contains(raw, []byte("xxxx")) {
			t.Errorf("%s: the answer repeats it: %.200s", what, raw)
		}
	}
	if n := w.counter("chatbot/2024-01"); n != 0 {
		t.Errorf("%d sessions are counted", n)
	}
}

// AFC-25: neither the address nor a word is in a metric.
func TestNoMetricHasAWordOrAnAddressOfAChat(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.as("channel", af, "POST", "/v1/chatbot/sessions/kanariesession/ask", `{"text":"kanarieord 197602102381","ipAddress":"192.0.2.51"}`)
	_, metrics := w.send("GET", "/metrics", af, nil, "")
	for _, canary := range []string{"kanarie", "19760210", "192.0.2.51"} {
		if bytes.Contains(metrics, []byte(canary)) {
			t.Errorf("%s is in a metric", canary)
		}
	}
	if !bytes.Contains(metrics, []byte(`route="POST /v1/chatbot/sessions/{session}/ask"`)) {
		t.Error("the route is not counted at all")
	}
}

func TestAnIdleSessionEndsOnTheBusinessClock(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.as("channel", af, "POST", askS1, `{"text":"hej"}`)
	w.clock.set("2024-01-31T14:26:59+01:00")
	w.settle()
	if n := w.counter("chatbot/2024-01"); n != 0 {
		t.Fatalf("%d are counted after 14 minutes and 59 seconds", n)
	}
	w.clock.set("2024-01-31T14:27:00+01:00")
	w.eventually("the idle session is not counted", func() bool { return w.counter("chatbot/2024-01") == 1 })
	w.as("channel", af, "POST", askS1, `{"text":"hej"}`)
	w.stop() // a service that stops ends what is open
	if n := w.counter("chatbot/2024-01"); n != 2 {
		t.Errorf("%d are counted", n)
	}
}

func (w *world) eventually(otherwise string, holds func() bool) {
	w.t.Helper()
	for give := clock.PaceNow().Add(20 * time.Second); !holds(); {
		if clock.PaceNow().After(give) {
			w.t.Fatal(otherwise)
		}
		must(w.t, clock.Sleep(w.t.Context(), 20*time.Millisecond))
	}
}

// AFC-27, AFC-29: nothing in this code sends a question anywhere: what is imported cannot.
func TestTheChatbotCannotSendOrWriteAnything(t *testing.T) {
	t.Parallel()
	files, err := os.ReadDir("internal/chatbot")
	must(t, err)
	for _, file := range files {
		if !strings.HasSuffix(file.Name(), ".go") || strings.HasSuffix(file.Name(), "_test.go") {
			continue
		}
		text, err := os.ReadFile("internal/chatbot/" + file.Name())
		must(t, err)
		for _, way := range []string{`"os"`, `"net"`, `"net/http"`, `"log`, `"fmt.Print`, "nats", "pgx", "libs/outbox", "libs/trace", "prometheus"} {
			if bytes.Contains(text, []byte(way)) {
				t.Errorf("%s knows %s", file.Name(), way)
			}
		}
	}
}

// AFC-28: a count whose answer was lost is found again by the transaction that made it.
func TestWhatBecameOfACountIsToldByItsTransaction(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	tally := store.Tally{DB: w.db}
	done, err := tally.Count(t.Context(), map[string]int64{"chatbot/2024-01": 2})
	if err != nil || done == "" || w.counter("chatbot/2024-01") != 2 {
		t.Fatalf("%q %v", done, err)
	}
	if yes, err := tally.Done(t.Context(), done); err != nil || !yes {
		t.Errorf("a count that was committed: %v %v", yes, err)
	}
	tx, err := w.db.Begin(t.Context())
	must(t, err)
	var open string
	must(t, tx.QueryRow(t.Context(), `SELECT pg_current_xact_id()::text`).Scan(&open))
	if _, err := tally.Done(t.Context(), open); !errors.Is(err, store.ErrUndecided) {
		t.Errorf("one that is still open: %v", err)
	}
	must(t, tx.Rollback(t.Context()))
	if yes, err := tally.Done(t.Context(), open); err != nil || yes {
		t.Errorf("one that was rolled back: %v %v", yes, err)
	}
	ended, end := context.WithCancel(t.Context())
	end()
	if _, err := tally.Count(ended, map[string]int64{"chatbot/2024-01": 1}); err == nil || w.counter("chatbot/2024-01") != 2 {
		t.Errorf("a count that could not be: %v", err)
	}
}
