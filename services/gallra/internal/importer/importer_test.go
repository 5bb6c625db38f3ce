package importer

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

const journal = `{"id":"a","kind":"person.registered","at":"2021-02-01T10:00:00+01:00","authority":"arbetsformedlingen"}
{"id":"b","kind":"case.opened","at":"2021-02-01T10:00:01+01:00","authority":"arbetsformedlingen"}
{"id":"c","kind":"contact","at":"2021-04-05T10:00:00+02:00","authority":"te-customer-service"}
{"id":"broken", "kind": "contact", "at": 
{"id":"b","kind":"case.opened","at":"2021-02-01T10:00:01+01:00","authority":"arbetsformedlingen"}
{"id":"d","kind":"nonsense","at":"2021-04-05T11:00:00+02:00","authority":"arbetsformedlingen"}
{"id":"e","kind":"contact","at":"yesterday","authority":"arbetsformedlingen"}
`

func simulation(s *system, sender Sender) *Simulation {
	return &Simulation{Client: s.client(), Sender: sender, Until: "2022-12-31", Progress: Silent{}, Note: func(string) {}}
}

func TestAnImportCountsWhatTheServicesAnswer(t *testing.T) {
	t.Parallel()
	senders := map[string]func(*system) Sender{
		"http":        func(s *system) Sender { return HTTP{s.client()} },
		"cloudevents": func(s *system) Sender { return CloudEvents{s.client()} },
	}
	for name, sender := range senders {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newSystem(t)
			s.dispose(t, leaf("contact.chat", "2022-03-02", "AFC-21"), leaf("contact.chat", "2021-12-31", "KSC-17"))
			var refused bytes.Buffer
			run := simulation(s, sender(s))
			run.Refused = &refused
			result, err := run.Run(t.Context(), strings.NewReader(journal))
			if err != nil {
				t.Fatal(err)
			}
			want := Tally{Lines: 7, Accepted: 4, Refused: 2, Duplicates: 1, Refusals: map[string]int{"not-json": 1, "unknown-kind": 1}}
			if diff := cmp.Diff(want, *result.Tally); diff != "" {
				t.Error(diff)
			}
			sum := sha256.Sum256([]byte("contact.chat|2021-12-31|KSC-17\ncontact.chat|2022-03-02|AFC-21"))
			if result.DisposedOn != hex.EncodeToString(sum[:]) {
				t.Errorf("disposedOn = %s", result.DisposedOn)
			}
			if diff := cmp.Diff(map[string]int64{"contact.chat": 4}, result.Stored); diff != "" {
				t.Error(diff)
			}
			if len(result.Living) != 0 {
				t.Errorf("living = %v, want no zero counts", result.Living)
			}
			wantRefused := `{"line":4,"reason":"not-json"}` + "\n" + `{"line":6,"id":"d","reason":"unknown-kind"}` + "\n"
			if refused.String() != wantRefused {
				t.Errorf("refused lines:\n%s", refused.String())
			}
		})
	}
}

func TestTheClockFollowsTheLinesAndEndsAtNoon(t *testing.T) {
	t.Parallel()
	s := newSystem(t)
	run := simulation(s, HTTP{s.client()})
	run.Snapshots = []string{"2022-06-15", "2021-03-01"}
	result, err := run.Run(t.Context(), strings.NewReader(journal))
	if err != nil {
		t.Fatal(err)
	}
	for _, at := range []string{"2021-02-01T09:00:00Z", "2021-03-01T11:00:00Z", "2021-04-05T08:00:00Z", "2022-06-15T10:00:00Z"} {
		if moment, _ := time.Parse(time.RFC3339, at); !slices.ContainsFunc(s.advances, moment.Equal) {
			t.Errorf("the clock never stood at %s", at)
		}
	}
	if last := s.advances[len(s.advances)-1].UTC().Format(time.RFC3339); last != "2022-12-31T11:00:00Z" {
		t.Errorf("the clock ends at %s", last)
	}
	if result.Snapshots["2021-03-01"].Living == nil || len(result.Snapshots) != 2 {
		t.Errorf("snapshots = %+v", result.Snapshots)
	}
}

func TestTheSameImportAgainAnswersDuplicatesAndTheSameFigures(t *testing.T) {
	t.Parallel()
	s := newSystem(t)
	first, err := simulation(s, HTTP{s.client()}).Run(t.Context(), strings.NewReader(journal))
	if err != nil {
		t.Fatal(err)
	}
	moves := len(s.advances)
	again, err := simulation(s, HTTP{s.client()}).Run(t.Context(), strings.NewReader(journal))
	if err != nil {
		t.Fatal(err)
	}
	if again.Accepted != 0 || again.Duplicates != 5 || again.Refused != 2 {
		t.Errorf("second run saw %+v", *again.Tally)
	}
	if diff := cmp.Diff(first.Stored, again.Stored); diff != "" {
		t.Error(diff)
	}
	if len(s.advances) != moves+1 {
		t.Errorf("the second run moved the clock %d times, want only the settling at its start", len(s.advances)-moves)
	}
}

func TestLinesGoToTheServiceThatOwnsTheirKind(t *testing.T) {
	t.Parallel()
	s := newSystem(t)
	if _, err := simulation(s, CloudEvents{s.client()}).Run(t.Context(), strings.NewReader(journal)); err != nil {
		t.Fatal(err)
	}
	want := []string{
		"/v1/persons application/json",
		"/v1/cases application/cloudevents+json",
		"/v1/contacts application/json",
		"/v1/contacts application/json",
		"/v1/cases application/json",
		"/v1/contacts application/cloudevents+json",
		"/v1/contacts application/json",
	}
	if diff := cmp.Diff(want, s.routes); diff != "" {
		t.Error(diff)
	}
}

func TestWithoutSimulationRunsOfLinesAreStreamed(t *testing.T) {
	t.Parallel()
	s := newSystem(t)
	var refused bytes.Buffer
	tally, err := (&Stream{Client: s.client(), Refused: &refused, Progress: Silent{}}).Run(t.Context(), strings.NewReader(journal))
	if err != nil {
		t.Fatal(err)
	}
	want := Tally{Lines: 7, Accepted: 4, Refused: 2, Duplicates: 1, Refusals: map[string]int{"not-json": 1, "unknown-kind": 1}}
	if diff := cmp.Diff(want, *tally); diff != "" {
		t.Error(diff)
	}
	if len(s.advances) != 0 {
		t.Error("an import on real time moved a clock")
	}
}

func TestANotForgedReceiptIsNeededForTheDigest(t *testing.T) {
	t.Parallel()
	s := newSystem(t)
	s.dispose(t, leaf("contact.chat", "2022-03-02", "AFC-21"))
	s.receipts[0] = strings.Replace(s.receipts[0], "2022-03-02", "2022-03-03", 1)
	if _, err := Disposals(t.Context(), s.client()); err == nil {
		t.Fatal("a receipt with another date passed")
	}
}
