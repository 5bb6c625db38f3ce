package pgtest

import (
	"os"
	"testing"

	"gallra.se/libs/pg"
)

// Launch is a server of its own for one test, in a directory that the server's own user
// can enter: for what New's databases, which share one, cannot show.
func Launch(t testing.TB) *pg.Server {
	t.Helper()
	dir, err := os.MkdirTemp("", "gallra-postgres-") // not New's prefix: what bears that and has no owner is removed
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	if err := os.Chmod(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	server, err := pg.Launch(t.Context(), pg.LaunchConfig{Dir: dir, Settings: map[string]string{"fsync": "off", "shared_buffers": "16MB"}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = server.Stop() })
	return server
}
