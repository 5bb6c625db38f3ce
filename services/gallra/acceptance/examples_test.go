package acceptance

import (
	"os/exec"
	"strings"
	"testing"

	"gallra.se/services/gallra/internal/embedded"
	"gallra.se/services/gallra/internal/launch"
)

// examplesRun runs the examples of the documentation as an outsider would.
func examplesRun(t *testing.T, system *launch.System) {
	t.Helper()
	layout := embedded.Layout{Dir: system.Dir}
	url := natsURL(t, system)
	for example, seed := range map[string]string{"publisher": layout.Seed("outside"), "subscriber": layout.Seed("analyst")} {
		out, err := exec.CommandContext(t.Context(), "go", "run", root+"/docs/examples/"+example+"/main.go", url, seed).CombinedOutput()
		if err != nil {
			t.Errorf("%s: %v: %s", example, err, out)
		}
		if example == "publisher" && !strings.Contains(string(out), `"id"`) {
			t.Errorf("the publisher's contact was answered %s", out)
		}
	}
}
