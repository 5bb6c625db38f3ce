package importer

import (
	"net/http"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/google/go-cmp/cmp"

	"gallra.se/services/gallra/internal/client"
)

// failing lets some requests of a system fail: before it has heard of them, after it has
// carried them out, or in the middle of a stream.
func (s *system) failing(fail func(n int64, w http.ResponseWriter, r *http.Request, next http.Handler)) {
	var n atomic.Int64
	next := s.Config.Handler
	s.Config.Handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { fail(n.Add(1), w, r, next) })
}

// discard is an answer that nobody gets.
type discard struct{ header http.Header }

func (d discard) Header() http.Header         { return d.header }
func (d discard) Write(p []byte) (int, error) { return len(p), nil }
func (d discard) WriteHeader(int)             {}

func patient(s *system) (*client.Client, *client.Patience) {
	patience := client.NewPatience(func(string) {})
	return s.client().Patient(patience), patience
}

func TestAnImportOutlastsASystemThatComesAndGoes(t *testing.T) {
	t.Parallel()
	s := newSystem(t)
	s.failing(func(n int64, w http.ResponseWriter, r *http.Request, next http.Handler) {
		switch {
		case n%5 == 2:
			w.WriteHeader(http.StatusServiceUnavailable)
		case n%5 == 4: // carried out, and the answer is lost
			next.ServeHTTP(discard{http.Header{}}, r)
			panic(http.ErrAbortHandler)
		default:
			next.ServeHTTP(w, r)
		}
	})
	api, _ := patient(s)
	run := simulation(s, HTTP{api})
	run.Client = api
	result, err := run.Run(t.Context(), strings.NewReader(journal))
	if err != nil {
		t.Fatal(err)
	}
	if result.Lines != 7 || result.Refused != 2 || result.Accepted+result.Duplicates != 5 {
		t.Errorf("%+v", *result.Tally)
	}
	if diff := cmp.Diff(map[string]int64{"contact.chat": 4}, result.Stored); diff != "" {
		t.Error(diff)
	}
}

func TestALineOfAStreamThatWasNotCarriedOutGoesAgainWithThoseBehindIt(t *testing.T) {
	t.Parallel()
	s := newSystem(t)
	s.faults = map[string]int{"c": 2, "b": 1}
	tally, err := (&Stream{Client: s.client(), Patience: reached(t, s), Progress: Silent{}}).Run(t.Context(), strings.NewReader(journal))
	if err != nil {
		t.Fatal(err)
	}
	if tally.Lines != 7 || tally.Refused != 2 || tally.Accepted+tally.Duplicates != 5 {
		t.Errorf("%+v", *tally)
	}
	if len(s.stored) != 4 || len(s.faults) != 0 {
		t.Errorf("%d lines are stored, faults left: %v", len(s.stored), s.faults)
	}
}

// reached is the patience of somebody whom the system has answered before.
func reached(t *testing.T, s *system) *client.Patience {
	t.Helper()
	api, patience := patient(s)
	if _, err := api.Clock(t.Context()); err != nil {
		t.Fatal(err)
	}
	return patience
}

func TestAnImpatientImportEndsAtTheFirstFault(t *testing.T) {
	t.Parallel()
	s := newSystem(t)
	s.faults = map[string]int{"c": 1}
	tally, err := (&Stream{Client: s.client(), Progress: Silent{}}).Run(t.Context(), strings.NewReader(journal))
	if err == nil || !strings.Contains(err.Error(), "unavailable") || tally.Lines != 2 {
		t.Errorf("%v %+v", err, *tally)
	}
}
