package bench_test

import (
	"context"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"gallra.se/libs/pg"
	"gallra.se/services/gallra/internal/client"
	"gallra.se/services/gallra/internal/embedded"
	"gallra.se/services/gallra/internal/launch"
)

// world is a whole system in one process, its operator, and the superuser's view of its PostgreSQL, which looks and does
// not touch.
type world struct {
	*launch.System
	api    *client.Client
	server *url.URL
}

func newWorld(b *testing.B, args ...string) world {
	b.Helper()
	dir, err := os.MkdirTemp("", "gallra-bench-")
	must(b, err)
	b.Cleanup(func() { _ = os.RemoveAll(dir) })
	must(b, os.Chmod(dir, 0o755))
	system, err := launch.Start(b.Context(), launch.Options{Dir: filepath.Join(dir, "data"), Args: append([]string{"--empty"}, args...)})
	must(b, err)
	b.Cleanup(system.Stop)
	api, err := system.Client()
	must(b, err)
	layout := embedded.Layout{Dir: system.Dir}
	address, err := layout.Running()
	must(b, err)
	server, err := url.Parse(address)
	must(b, err)
	secret, err := os.ReadFile(filepath.Join(layout.Postgres(), "superuser"))
	must(b, err)
	server.User = url.UserPassword("gallra", string(secret))
	return world{System: system, api: api, server: server}
}

// database opens one of the system's databases.
func (w world) database(b *testing.B, name string) *pgxpool.Pool {
	b.Helper()
	address := *w.server
	address.Path = "/" + name
	pool, err := pg.Open(b.Context(), address.String(), pg.MaxConns(4))
	must(b, err)
	b.Cleanup(pool.Close)
	return pool
}

// newDatabase makes a database of the floor's own on the same server.
func (w world) newDatabase(b *testing.B, name string, tables ...string) *pgxpool.Pool {
	b.Helper()
	exec(b, w.database(b, "postgres"), "CREATE DATABASE "+name)
	pool := w.database(b, name)
	for _, sql := range tables {
		exec(b, pool, sql)
	}
	return pool
}

// size asks PostgreSQL for one number.
func size(ctx context.Context, pool *pgxpool.Pool, sql string) (n int64, err error) {
	err = pool.QueryRow(ctx, sql).Scan(&n)
	return n, err
}

// resident is the memory of the system's process without its PostgreSQL, in MB.
func (w world) resident() float64 {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", w.Pid()))
	if err != nil {
		return 0
	}
	for line := range strings.Lines(string(text)) {
		if rest, ok := strings.CutPrefix(line, "VmRSS:"); ok {
			kB, _ := strconv.ParseFloat(strings.TrimSpace(strings.TrimSuffix(strings.TrimSpace(rest), "kB")), 64)
			return kB / 1024
		}
	}
	return 0
}

// used is the processor time that the system and its PostgreSQL have had: other work on the machine does not show in it.
func (w world) used() time.Duration {
	postmaster := 0
	if text, err := os.ReadFile(filepath.Join(embedded.Layout{Dir: w.Dir}.Postgres(), "data", "postmaster.pid")); err == nil {
		first, _, _ := strings.Cut(string(text), "\n")
		postmaster, _ = strconv.Atoi(first)
	}
	total := ticks(w.Pid(), 2) + ticks(postmaster, 4)
	children, _ := os.ReadFile(fmt.Sprintf("/proc/%d/task/%d/children", postmaster, postmaster))
	for _, child := range strings.Fields(string(children)) {
		pid, _ := strconv.Atoi(child)
		total += ticks(pid, 2)
	}
	return time.Duration(total) * 10 * time.Millisecond
}

// ticks sums utime and stime of a process and, of four fields, those of its children that have ended.
func ticks(pid, fields int) (sum int) {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return 0
	}
	_, rest, _ := strings.Cut(string(text), ") ")
	for _, field := range strings.Fields(rest)[11 : 11+fields] {
		n, _ := strconv.Atoi(field)
		sum += n
	}
	return sum
}

// ownTime is the processor time that this process has had.
func ownTime() time.Duration {
	return time.Duration(ticks(os.Getpid(), 2)) * 10 * time.Millisecond
}

// fromEnvironment is a number that a quick look may make smaller.
func fromEnvironment(name string, usual int) int {
	if n, err := strconv.Atoi(os.Getenv(name)); err == nil && n > 0 {
		return n
	}
	return usual
}
