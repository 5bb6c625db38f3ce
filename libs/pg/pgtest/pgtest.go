// Package pgtest gives tests a real PostgreSQL: one cluster per test process,
// one fresh database per test. The cluster dies with the process (Pdeathsig);
// its directory is removed by the next test process that starts one. Nothing is
// fsynced: what these tests kill is never the machine.
package pgtest

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"

	"gallra.se/libs/pg"
	"github.com/jackc/pgx/v5"
)

var (
	cluster   = sync.OnceValues(launch)
	databases atomic.Int64
	mu        sync.Mutex // CREATE DATABASE from one template: one at a time
	templates = map[string]string{}
)

// New returns the URL of a fresh, empty database; t's end drops it.
func New(t testing.TB) string {
	t.Helper()
	return create(t, "template0")
}

// From is New with a database that was prepared once per name and process
// (migrations, as a rule) and is copied for each test.
func From(t testing.TB, name string, prepare func(ctx context.Context, url string) error) string {
	t.Helper()
	return create(t, template(t, name, prepare))
}

// Server is the process's cluster, for tests that need roles of their own.
func Server(t testing.TB) *pg.Server {
	t.Helper()
	server, err := cluster()
	if err != nil {
		t.Fatalf("start test cluster: %v", err)
	}
	return server
}

func create(t testing.TB, from string) string {
	t.Helper()
	server := Server(t)
	name := fmt.Sprintf("test_%d", databases.Add(1))
	mu.Lock()
	admin(t, server, "CREATE DATABASE "+name+" TEMPLATE "+from)
	mu.Unlock()
	t.Cleanup(func() { admin(t, server, "DROP DATABASE "+name+" WITH (FORCE)") })
	return server.SuperuserURL(name)
}

func template(t testing.TB, name string, prepare func(context.Context, string) error) string {
	t.Helper()
	server := Server(t)
	mu.Lock()
	defer mu.Unlock()
	if made, ok := templates[name]; ok {
		return made
	}
	made := fmt.Sprintf("template_%d", databases.Add(1))
	admin(t, server, "CREATE DATABASE "+made+" TEMPLATE template0")
	if err := prepare(context.Background(), server.SuperuserURL(made)); err != nil {
		t.Fatalf("prepare database %s: %v", name, err)
	}
	templates[name] = made
	return made
}

func admin(t testing.TB, server *pg.Server, statement string) {
	t.Helper()
	ctx := context.Background()
	conn, err := pgx.Connect(ctx, server.SuperuserURL("postgres"))
	if err != nil {
		t.Fatalf("connect to test cluster: %v", err)
	}
	defer conn.Close(ctx)
	if _, err := conn.Exec(ctx, statement); err != nil {
		t.Fatalf("%s: %v", statement, err)
	}
}

const prefix = "gallra-pgtest-"

func launch() (*pg.Server, error) {
	sweep()
	dir, err := os.MkdirTemp("", fmt.Sprintf("%s%d-", prefix, os.Getpid()))
	if err != nil {
		return nil, err
	}
	if err := os.Chmod(dir, 0o755); err != nil {
		return nil, err
	}
	return pg.Launch(context.Background(), pg.LaunchConfig{Dir: dir, Settings: map[string]string{
		"fsync": "off", "full_page_writes": "off", "synchronous_commit": "off",
		"shared_buffers": "32MB", "autovacuum": "off", "max_wal_size": "256MB",
	}})
}

// sweep removes the directories of test processes that are no more.
func sweep() {
	dirs, _ := filepath.Glob(filepath.Join(os.TempDir(), prefix+"*"))
	for _, dir := range dirs {
		owner, _, _ := strings.Cut(strings.TrimPrefix(filepath.Base(dir), prefix), "-")
		pid, err := strconv.Atoi(owner)
		if err == nil && errors.Is(syscall.Kill(pid, 0), syscall.ESRCH) {
			os.RemoveAll(dir)
		}
	}
}
