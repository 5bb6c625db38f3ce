package acceptance

import (
	"fmt"
	"net/http"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"gallra.se/services/gallra/internal/client"
	"gallra.se/services/gallra/internal/launch"
)

// imported hands the beginning of the small journal in, which leaves something everywhere.
func imported(t *testing.T, api *client.Client) {
	t.Helper()
	run := importing{journal: beginningOf(t, journals+"small.jsonl", 60), sender: overHTTP}
	if _, err := run.run(t.Context(), api); err != nil {
		t.Fatal(err)
	}
}

// holdsNothing asks the services for what they hold.
func holdsNothing(t *testing.T, api *client.Client) {
	t.Helper()
	summary, err := api.Summary(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if held := len(summary.Stored) + len(summary.Living) + len(summary.Disposed); held > 0 {
		t.Errorf("after a reset the services hold %+v", summary)
	}
	err = api.Receipts(t.Context(), -1, 0, "", func(r client.Receipt) error { return fmt.Errorf("receipt %d", r.Index) })
	if err != nil {
		t.Errorf("the ledger is not empty: %v", err)
	}
}

// TestScenariosPassOneAfterAnotherOnOneSystem takes those that leave most for a reset to take away: statistics, another
// policy in force, notes of two persons. The tests against containers run every one so.
func TestScenariosPassOneAfterAnotherOnOneSystem(t *testing.T) {
	t.Parallel()
	var paths []string
	for _, id := range []string{"02", "29", "102", "03"} {
		found, err := filepath.Glob(root + "/scenarios/SC-" + id + "-*.yaml")
		if err != nil || len(found) != 1 {
			t.Fatalf("%v %v", found, err)
		}
		paths = append(paths, found...)
	}
	system, api := up(t, dataDir(t), begin)
	imported(t, api)
	status, out, errs := gallraFor(t, system, append([]string{"scenario", "run"}, paths...)...)
	if want := fmt.Sprintf("%d passed, 0 failed, 0 skipped", len(paths)); status != 0 || !strings.Contains(out, want) {
		t.Fatalf("%d %s %s", status, out, errs)
	}
	reconciles(t, system)
	if status, _, errs := gallraFor(t, system, "scenario", "run", paths[0], "--ca", "/dev/null"); status != 1 || !strings.Contains(errs, "holds no certificate") {
		t.Errorf("%d %s", status, errs)
	}
}

func TestAResetEmptiesASystemAndBeginsAtAnEarlierTime(t *testing.T) {
	t.Parallel()
	for _, mode := range [][]string{{begin}, {begin, "--processes"}} {
		t.Run(strings.Join(mode[1:], ""), func(t *testing.T) {
			t.Parallel()
			system, api := up(t, dataDir(t), mode...)
			imported(t, api)
			if len(mode) > 1 {
				if err := api.Kill(t.Context(), "retention-timer"); err != nil {
					t.Fatal(err)
				}
			}
			earlier := time.Date(2019, 3, 1, 8, 0, 0, 0, time.UTC)
			if err := api.Reset(t.Context(), earlier); err != nil {
				t.Fatal(err)
			}
			now, err := api.Clock(t.Context())
			if err != nil || !now.Now.Equal(earlier) {
				t.Errorf("the clock shows %s: %v", now.Now, err)
			}
			holdsNothing(t, api)
			imported(t, api)
			reconciles(t, system)
		})
	}
}

func TestASystemWhoseClockIsRealHasNothingUnderSim(t *testing.T) {
	t.Parallel()
	flags, server := inProduction(t)
	system, api := up(t, dataDir(t), flags...)
	for _, holder := range standing(t, system).Holders {
		if holder.Status.Provider != "openbao" || !slices.Contains(server.Names(), "|test-"+holder.Service+"-1") {
			t.Errorf("the root key of %s is not at the key server: %+v", holder.Service, holder.Status)
		}
	}
	for _, call := range [][2]string{{"GET", "/sim/clock"}, {"POST", "/sim/reset"}, {"POST", "/sim/scan"}, {"POST", "/sim/kill"}} {
		answer, err := api.Do(t.Context(), client.Call{Method: call[0], Path: call[1], Header: client.JSON(), Body: []byte(`{"clock":"2021-01-01T00:00:00Z"}`)})
		if err != nil || answer.Status != http.StatusNotFound && answer.Status != http.StatusMethodNotAllowed {
			t.Errorf("%v: %d %v", call, answer.Status, err)
		}
	}
	status, _, errs := gallraFor(t, system, "scenario", "run", root+"/scenarios/SC-01-anonymous-call.yaml")
	if status != 1 || !strings.Contains(errs, "this system runs on real time") {
		t.Errorf("%d %s", status, errs)
	}
}

func TestInProductionNobodyMayMoveTheClock(t *testing.T) {
	t.Parallel()
	_, err := launch.Start(t.Context(), launch.Options{Dir: dataDir(t), Args: []string{begin, "--production"}})
	if err == nil || !strings.Contains(err.Error(), "a clock that can be moved has no place there") {
		t.Error(err)
	}
}
