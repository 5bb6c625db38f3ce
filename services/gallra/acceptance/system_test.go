package acceptance

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"

	"gallra.se/services/gallra/internal/cli"
	"gallra.se/services/gallra/internal/client"
	"gallra.se/services/gallra/internal/launch"
)

// root is the top of the project.
const root = "../../.."

// dataDir is a directory that the database server, which may run as another user, can
// reach.
func dataDir(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "gallra-acceptance-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	if err := os.Chmod(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	return filepath.Join(dir, "data")
}

// up starts a system on a directory and stops it at the end of the test.
func up(t *testing.T, dir string, args ...string) (*launch.System, *client.Client) {
	t.Helper()
	system, err := launch.Start(t.Context(), launch.Options{Dir: dir, Args: args})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(system.Stop)
	api, err := system.Client()
	if err != nil {
		t.Fatal(err)
	}
	return system, api
}

// gallra runs a command line in this process.
func gallra(t *testing.T, args ...string) (status int, out, errs string) {
	t.Helper()
	var stdout, stderr bytes.Buffer
	status = cli.Main(args, &stdout, &stderr)
	return status, stdout.String(), stderr.String()
}
