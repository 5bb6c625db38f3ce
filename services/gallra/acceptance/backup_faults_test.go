//go:build faults

package acceptance

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"gallra.se/libs/fault"
	"gallra.se/services/gallra/internal/launch"
)

// replays are the services that replay after a restore; points, what each passes in doing so.
var replays = []string{"intake", "case-linker", "retention-timer", "disclosure", "statistics-pseudonymiser"}

func passes(service, point string) bool {
	switch point {
	case "restored.intended":
		return service == "intake" || service == "case-linker"
	case "restored.heard":
		return service != "statistics-pseudonymiser"
	}
	return true
}

// startRestored starts a restored system in which every service dies at every step of its replay, one after the other.
func startRestored(t *testing.T, dir, address string) *launch.System {
	t.Helper()
	faults, laid := t.TempDir(), 0
	for _, point := range append(pointsIn(t, "libs/restored"), "restored.intended") {
		for _, service := range replays {
			if !passes(service, point) {
				continue
			}
			laid++
			place := filepath.Join(faults, service)
			if err := os.MkdirAll(place, 0o755); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(filepath.Join(place, point), []byte("self 1"), 0o600); err != nil {
				t.Fatal(err)
			}
		}
	}
	system, err := launch.Start(t.Context(), launch.Options{Dir: dir, HTTP: address, Args: []string{"--processes"}, Env: []string{fault.Folder + "=" + faults}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(system.Stop)
	left, err := filepath.Glob(filepath.Join(faults, "*", "restored.*"))
	if err != nil || len(left) > 0 || laid < 12 {
		t.Errorf("%d blows were prepared, and these have not fallen: %s (%v)", laid, strings.Join(left, ", "), err)
	}
	return system
}
