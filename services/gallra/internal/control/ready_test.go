package control

import (
	"context"
	"net/http"
	"net/http/httptest"
	"slices"
	"testing"

	"github.com/nats-io/nats.go"

	"gallra.se/libs/bus/bustest"
	"gallra.se/libs/clock"
	"gallra.se/services/gallra/internal/client"
)

// shared is a part of an instance that applies a share of the partitions.
type shared struct{ rank, of int }

func (s shared) Report(context.Context) (clock.State, error) {
	return clock.State{Share: clock.Share{Rank: s.rank, Of: s.of}}, nil
}

// answers lets an instance speak for as long as the test lasts.
func answers(t *testing.T, nc *nats.Conn, service, instance string, share shared) {
	t.Helper()
	_, err := clock.Join(t.Context(), nc, clock.NodeConfig{Service: service, Instance: instance, Business: clock.Real(), Parts: []clock.Reporting{share}})
	if err != nil {
		t.Fatal(err)
	}
}

func says(t *testing.T, r ready) (int, string) {
	t.Helper()
	answer := httptest.NewRecorder()
	r.ServeHTTP(answer, httptest.NewRequest(http.MethodGet, "/readyz", nil).WithContext(t.Context()))
	return answer.Code, answer.Body.String()
}

func TestADeploymentIsReadyWhenEveryServiceAnswersWhole(t *testing.T) {
	t.Parallel()
	nc := bustest.Server(t)
	console := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {}))
	r := ready{nc: nc, awaited: []string{"intake", "ledger"}, console: client.With(console.URL)}
	answers(t, nc, "ledger", "1", shared{})
	if status, said := says(t, r); status != http.StatusServiceUnavailable || said != "not ready: intake\n" {
		t.Errorf("without intake: %d %s", status, said)
	}
	answers(t, nc, "intake", "a", shared{0, 2})
	if status, said := says(t, r); status != http.StatusServiceUnavailable || said != "not ready: intake\n" {
		t.Errorf("with half of intake: %d %s", status, said)
	}
	answers(t, nc, "intake", "b", shared{1, 2})
	if status, said := says(t, r); status != http.StatusOK || said != "ok\n" {
		t.Errorf("with all: %d %s", status, said)
	}
	console.Close()
	if status, said := says(t, r); status != http.StatusServiceUnavailable || said != "not ready: console\n" {
		t.Errorf("without the console: %d %s", status, said)
	}
}

func TestWhoIsMissingIsNamed(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		reports []clock.Report
		missing []string
	}{
		"nobody answers":       {nil, []string{"intake", "ledger"}},
		"one answers":          {[]clock.Report{{Service: "ledger"}}, []string{"intake"}},
		"all answer":           {[]clock.Report{{Service: "ledger"}, {Service: "intake"}}, nil},
		"somebody else does":   {[]clock.Report{{Service: "ledger"}, {Service: "intake"}, {Service: "more"}}, nil},
		"a share is not taken": {[]clock.Report{{Service: "ledger"}, {Service: "intake", State: clock.State{Share: clock.Share{Rank: 1, Of: 2}}}}, []string{"intake"}},
	} {
		if got := incomplete([]string{"intake", "ledger"}, c.reports); !slices.Equal(got, c.missing) {
			t.Errorf("%s: %v, want %v", name, got, c.missing)
		}
	}
}
