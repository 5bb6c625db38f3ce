package e2e

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"
)

func TestEveryScenarioPasses(t *testing.T) {
	defer stopwatch(t, "the scenarios")()
	d := emptied(t, begin)
	paths, err := filepath.Glob(root + "/scenarios/SC-*.yaml")
	if err != nil || len(paths) == 0 {
		t.Fatalf("%v %v", paths, err)
	}
	status, out, errs := d.gallra(append([]string{"scenario", "run", "--url", d.url}, paths...)...)
	if want := fmt.Sprintf("%d passed, 0 failed, 0 skipped", len(paths)); status != 0 || !strings.Contains(out, want) {
		t.Fatalf("%d %s %s", status, out, errs)
	}
}
