package acceptance

import (
	"testing"

	"gallra.se/services/gallra/internal/launch"
)

// rotated has an operator replace the keys.
func rotated(t *testing.T, system *launch.System) {
	t.Helper()
	if status, out, errs := gallraFor(t, system, "keys", "rotate"); status != 0 {
		t.Logf("keys rotate: %d %s %s", status, out, errs)
	}
}
