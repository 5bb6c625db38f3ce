package pg_test

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"

	"gallra.se/libs/pg"
	"github.com/jackc/pgx/v5/pgxpool"
)

func TestLaunchReusesWhatAnEarlierRunLeftBehind(t *testing.T) {
	t.Parallel()
	for name, end := range map[string]func(t *testing.T, s *pg.Server){
		"stopped": func(t *testing.T, s *pg.Server) { must(t, s.Stop()) },
		"killed":  func(t *testing.T, s *pg.Server) { kill(t, s); must(t, s.Stop()) },
		"killed, with a stale pid that is somebody else's now": func(t *testing.T, s *pg.Server) {
			kill(t, s)
			must(t, s.Stop())
			must(t, os.WriteFile(filepath.Join(dirOf(t, s), "postmaster.pid"), []byte("1\n"), 0o600))
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := shared(t)
			first := launch(t, dir, nil)
			exec(t, first.SuperuserURL("postgres"), `CREATE TABLE kept (n int); INSERT INTO kept VALUES (7)`)
			end(t, first)

			second := launch(t, dir, nil)
			var n int
			must(t, connect(t, second.SuperuserURL("postgres")).QueryRow(t.Context(), `SELECT n FROM kept`).Scan(&n))
			if n != 7 {
				t.Fatalf("kept %d, want 7", n)
			}
		})
	}
}

func TestASecondProcessIsKeptOutOfTheDirectory(t *testing.T) {
	t.Parallel()
	dir := shared(t)
	launch(t, dir, nil)
	if _, err := pg.Launch(t.Context(), pg.LaunchConfig{Dir: dir}); err == nil || !strings.Contains(err.Error(), "another process") {
		t.Fatalf("second launch: %v", err)
	}
}

func TestTheDirectoryMayLieWhereTheServersUserCannotGo(t *testing.T) {
	t.Parallel()
	parent := shared(t)
	must(t, os.Chmod(parent, 0o700))
	dir := filepath.Join(parent, strings.Repeat("a-long-name", 9))
	must(t, os.Mkdir(dir, 0o700))
	server := launch(t, dir, nil)
	exec(t, server.SuperuserURL("postgres"), `SELECT 1`)
}

func TestTheServersLogQuotesNoStatementAndNoParameter(t *testing.T) {
	t.Parallel()
	var log safeBuffer
	server := launch(t, shared(t), &log)
	conn := connect(t, server.SuperuserURL("postgres"))
	conn.Exec(t.Context(), `CREATE TABLE person (name text PRIMARY KEY)`)
	for range 2 {
		conn.Exec(t.Context(), `INSERT INTO person VALUES ($1)`, "Kanarie")
	}
	conn.Exec(t.Context(), `SELECT 'Kanarie'::int`)
	conn.Exec(t.Context(), `SELECT Kanarie FROM person`)
	must(t, server.Stop())
	if strings.Contains(strings.ToLower(log.String()), "kanarie") {
		t.Fatalf("the log quotes a value:\n%s", log.String())
	}
	if !strings.Contains(log.String(), "ready to accept connections") {
		t.Fatalf("there is no log:\n%s", log.String())
	}
}

// shared is a directory whose parents the server's user may enter.
func shared(t *testing.T) string {
	dir, err := os.MkdirTemp("", "gallra-pg-test-")
	must(t, err)
	must(t, os.Chmod(dir, 0o755))
	t.Cleanup(func() { os.RemoveAll(dir) })
	return dir
}

func launch(t *testing.T, dir string, log *safeBuffer) *pg.Server {
	t.Helper()
	config := pg.LaunchConfig{Dir: dir, Settings: map[string]string{"fsync": "off", "shared_buffers": "16MB"}}
	if log != nil {
		config.Log = log
	}
	server, err := pg.Launch(t.Context(), config)
	must(t, err)
	t.Cleanup(func() { server.Stop() })
	return server
}

// kill ends the postmaster as the kernel would.
func kill(t *testing.T, s *pg.Server) {
	var pid int
	must(t, connect(t, s.SuperuserURL("postgres")).QueryRow(t.Context(),
		`SELECT split_part(pg_read_file('postmaster.pid'), E'\n', 1)::int`).Scan(&pid))
	must(t, syscall.Kill(pid, syscall.SIGKILL))
	<-s.Exited()
}

func dirOf(t *testing.T, s *pg.Server) string { return filepath.Join(s.Dir(), "data") }

func connect(t *testing.T, url string) *pgxpool.Pool {
	t.Helper()
	pool, err := pg.Open(t.Context(), url, pg.MaxConns(2))
	must(t, err)
	t.Cleanup(pool.Close)
	return pool
}

func exec(t *testing.T, url, statement string) {
	t.Helper()
	_, err := connect(t, url).Exec(t.Context(), statement)
	must(t, err)
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

type safeBuffer struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (b *safeBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buf.Write(p)
}

func (b *safeBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buf.String()
}
