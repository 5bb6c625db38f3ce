//go:build !faults

package acceptance

import (
	"testing"

	"gallra.se/services/gallra/internal/launch"
)

// startRestored starts a restored system. In a build for faults it dies at every step of its replay.
func startRestored(t *testing.T, dir, address string) *launch.System {
	t.Helper()
	system, err := launch.Start(t.Context(), launch.Options{Dir: dir, HTTP: address})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(system.Stop)
	return system
}
