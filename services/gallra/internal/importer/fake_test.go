package importer

import (
	"bufio"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"

	"gallra.se/services/gallra/internal/client"
	"gallra.se/services/ledger/receipt"
)

// system is a stand-in that keeps ids and answers as the services promise to.
type system struct {
	*httptest.Server
	mu       sync.Mutex
	now      time.Time
	advances []time.Time
	stored   map[string]string // id → content
	routes   []string          // "path content-type" of each line handed in
	receipts []string
	key      string
	faults   map[string]int // id → how often it is not carried out
}

func newSystem(t *testing.T) *system {
	t.Helper()
	s := &system{now: time.Date(2021, 1, 1, 0, 0, 0, 0, time.UTC), stored: map[string]string{}}
	mux := http.NewServeMux()
	for _, path := range []string{"/v1/contacts", "/v1/persons", "/v1/cases"} {
		mux.HandleFunc("POST "+path, s.take)
	}
	mux.HandleFunc("/sim/clock", s.clock)
	mux.HandleFunc("GET /v1/summary", s.summary)
	mux.HandleFunc("GET /v1/ledger/receipts", s.hand)
	mux.HandleFunc("GET /v1/ledger/key", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprintln(w, s.key) })
	s.Server = httptest.NewServer(mux)
	t.Cleanup(s.Close)
	return s
}

func (s *system) client() *client.Client { return client.With(s.URL) }

func (s *system) take(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	body, err := io.ReadAll(r.Body)
	if err != nil {
		panic(err)
	}
	kind, _, _ := strings.Cut(r.Header.Get("Content-Type"), ";")
	if kind != "application/x-ndjson" {
		s.routes = append(s.routes, r.URL.Path+" "+kind)
		status, answer := s.line(unwrap(kind, body))
		if strings.Contains(answer, `"duplicate":true`) {
			w.Header().Set(client.DuplicateHeader, "true")
		}
		w.WriteHeader(status)
		_, _ = io.WriteString(w, answer)
		return
	}
	lines := bufio.NewScanner(strings.NewReader(string(body)))
	for lines.Scan() {
		s.routes = append(s.routes, r.URL.Path+" "+kind)
		_, answer := s.line(lines.Bytes())
		fmt.Fprintln(w, answer)
	}
}

func unwrap(kind string, body []byte) []byte {
	if kind != "application/cloudevents+json" {
		return body
	}
	var event struct{ Data json.RawMessage }
	if err := json.Unmarshal(body, &event); err != nil {
		panic(err)
	}
	return event.Data
}

func (s *system) line(raw []byte) (status int, answer string) {
	var keys struct{ ID, Kind string }
	if json.Unmarshal(raw, &keys) != nil {
		return 400, `{"status":400,"reason":"not-json"}`
	}
	if s.faults[keys.ID] > 0 {
		if s.faults[keys.ID]--; s.faults[keys.ID] == 0 {
			delete(s.faults, keys.ID)
		}
		return 503, `{"status":503,"reason":"unavailable"}`
	}
	if keys.Kind == "nonsense" {
		return 422, `{"status":422,"reason":"unknown-kind"}`
	}
	if before, ok := s.stored[keys.ID]; ok {
		if before != string(raw) {
			return 409, `{"status":409,"reason":"conflicting-duplicate"}`
		}
		return 201, `{"id":"x","duplicate":true}`
	}
	s.stored[keys.ID] = string(raw)
	return 201, `{"id":"x"}`
}

func (s *system) clock(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if r.Method == http.MethodPost {
		var ask struct{ To time.Time }
		if err := json.NewDecoder(r.Body).Decode(&ask); err != nil || ask.To.Before(s.now) {
			w.WriteHeader(http.StatusConflict)
			return
		}
		s.now = ask.To
		s.advances = append(s.advances, ask.To)
	}
	_ = json.NewEncoder(w).Encode(map[string]any{"now": s.now, "version": len(s.advances)})
}

func (s *system) summary(w http.ResponseWriter, _ *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	_ = json.NewEncoder(w).Encode(map[string]any{
		"stored": map[string]int{"contact.chat": len(s.stored), "contact.email": 0},
		"living": map[string]int{"contact.chat": 0}, "disposed": map[string]int{"AFC-21": len(s.receipts)},
		"statistics": map[string]int{"separated": 2, "present": 1, "disposed": 1},
	})
}

func (s *system) hand(w http.ResponseWriter, r *http.Request) {
	after, limit := int64(-1), int64(0)
	_, _ = fmt.Sscan(r.URL.Query().Get("after"), &after)
	_, _ = fmt.Sscan(r.URL.Query().Get("limit"), &limit)
	for i, text := range s.receipts {
		if int64(i) > after && limit > 0 {
			limit--
			_ = json.NewEncoder(w).Encode(client.Receipt{Index: int64(i), Receipt: text})
		}
	}
}

// dispose adds genuine receipts, each in a log of its own, signed with one key.
func (s *system) dispose(t *testing.T, leaves ...receipt.Leaf) {
	t.Helper()
	secret, public, err := note.GenerateKey(rand.Reader, "gallra.se/ledger")
	if err != nil {
		t.Fatal(err)
	}
	signer, err := note.NewSigner(secret)
	if err != nil {
		t.Fatal(err)
	}
	s.key = public
	for _, leaf := range leaves {
		s.receipts = append(s.receipts, signed(t, signer, leaf))
	}
}

func signed(t *testing.T, signer note.Signer, leaf receipt.Leaf) string {
	t.Helper()
	text, err := leaf.Text()
	if err != nil {
		t.Fatal(err)
	}
	root := tlog.RecordHash([]byte(text))
	checkpoint, err := note.Sign(&note.Note{Text: fmt.Sprintf("%s\n1\n%s\n", signer.Name(), root)}, signer)
	if err != nil {
		t.Fatal(err)
	}
	return "gallra receipt v1\n" + text + "index: 0\n\n" + string(checkpoint)
}

func leaf(category, dueOn, rule string) receipt.Leaf {
	at := time.Date(2022, 3, 1, 23, 0, 0, 0, time.UTC)
	return receipt.Leaf{Kind: receipt.Disposed, Record: "2f0c1c9e-0000-4000-8000-000000000001", Authority: "arbetsformedlingen",
		Rule: rule, Policy: "2024-1", Category: category, Trigger: "contact-ended", DueOn: dueOn, DueAt: at, RemovedAt: at,
		UnrecoverableAt: at, Commitment: make([]byte, 32)}
}
