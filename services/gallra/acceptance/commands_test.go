package acceptance

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"gallra.se/services/gallra/internal/launch"
)

// gallraFor runs a command as a process of its own that finds the system's tokens where
// the system left them.
func gallraFor(t *testing.T, system *launch.System, args ...string) (status int, out, errs string) {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	var stdout, stderr bytes.Buffer
	cmd := exec.CommandContext(t.Context(), self, append(args, "--url", system.URL)...)
	cmd.Env = append(os.Environ(), "XDG_STATE_HOME="+filepath.Join(system.Dir, "state"))
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	if err := cmd.Run(); err != nil && cmd.ProcessState == nil {
		t.Fatal(err)
	}
	return cmd.ProcessState.ExitCode(), stdout.String(), stderr.String()
}
