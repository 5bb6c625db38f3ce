package console_test

import (
	"context"
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"gallra.se/libs/clock"
)

func (s *system) bearing(path string) (int, string) {
	s.t.Helper()
	resp, body := s.call(path, http.Header{"Authorization": {"Bearer " + s.token}})
	return resp.StatusCode, body
}

func TestTheSummaryIsWhatTheServicesSay(t *testing.T) {
	t.Parallel()
	s := start(t, boardRows, said)
	status, body := s.bearing("/v1/summary")
	var found map[string]map[string]int64
	if err := json.Unmarshal([]byte(body), &found); err != nil || status != 200 {
		t.Fatalf("%d %s", status, body)
	}
	if diff := cmp.Diff(map[string]int64{"separated": 64, "present": 60, "disposed": 4}, found["statistics"]); diff != "" ||
		found["disposed"]["AFC-13"] != 208 || found["living"]["case.file"] != 20 || found["counters"]["calls/2025-04"] != 7 {
		t.Errorf("%s %s", body, diff)
	}
}

func TestASummaryWithoutAServiceIsRefusedRatherThanTooSmall(t *testing.T) {
	t.Parallel()
	s := start(t, boardRows, map[string]string{"intake": said["intake"]})
	if status, body := s.bearing("/v1/summary"); status != 503 || !strings.Contains(body, "ledger") {
		t.Errorf("%d %s", status, body)
	}
}

func TestTheMachineReadableSideNeedsAToken(t *testing.T) {
	t.Parallel()
	s := start(t, boardRows, said)
	for _, path := range []string{"/v1/summary", "/v1/status"} {
		if resp, _ := s.get(path, ""); resp.StatusCode != 401 {
			t.Errorf("%s: %d", path, resp.StatusCode)
		}
	}
}

func TestTheStatusHasEveryInstanceAndTheClock(t *testing.T) {
	t.Parallel()
	s := start(t, boardRows, said)
	for _, name := range []string{"intake", "case-linker"} {
		if _, err := clock.Join(t.Context(), s.nc, clock.NodeConfig{Service: name, Instance: "1", Business: standing{}, Parts: []clock.Reporting{poisoned{}}}); err != nil {
			t.Fatal(err)
		}
	}
	status, body := s.bearing("/v1/status")
	var found struct {
		Clock     struct{ Version int64 }
		Instances []clock.Report
		Parked    int
	}
	if err := json.Unmarshal([]byte(body), &found); err != nil || status != 200 {
		t.Fatalf("%d %s", status, body)
	}
	if found.Clock.Version != 7 || len(found.Instances) != 2 || found.Instances[0].Service != "case-linker" || found.Parked != 2 {
		t.Error(body)
	}
}

type poisoned struct{}

func (poisoned) Report(context.Context) (clock.State, error) { return clock.State{Parked: 1}, nil }
