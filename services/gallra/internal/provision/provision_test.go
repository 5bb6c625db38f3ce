package provision_test

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/nats-io/nats.go/jetstream"

	"gallra.se/libs/pg"
	"gallra.se/libs/pg/pgtest"
	"gallra.se/services/gallra/internal/assembly"
	"gallra.se/services/gallra/internal/credentials"
	"gallra.se/services/gallra/internal/embedded"
	"gallra.se/services/gallra/internal/provision"
)

// place is a deployment in small: two database servers, a nats-server, and a folder of secrets.
type place struct {
	servers map[string]*pg.Server
	layout  embedded.Layout
	config  provision.Config
}

func opened(t *testing.T) place {
	t.Helper()
	p := placed(t)
	for name := range p.config.Servers {
		server := pgtest.Launch(t)
		super, err := url.Parse(server.SuperuserURL("postgres"))
		if err != nil {
			t.Fatal(err)
		}
		password, _ := super.User.Password()
		if err := os.WriteFile(filepath.Join(string(p.config.Passwords), credentials.Superuser(name)), []byte(password), 0o600); err != nil {
			t.Fatal(err)
		}
		p.servers[name] = server
		p.config.Servers[name] = fmt.Sprintf("postgres://%s@127.0.0.1:%d/postgres?sslmode=disable", super.User.Username(), server.Port())
	}
	return p
}

// placed is the same before any server has been started.
func placed(t *testing.T) place {
	t.Helper()
	layout, err := embedded.Open(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	secrets := layout.Credentials()
	p := place{layout: layout, servers: map[string]*pg.Server{},
		config: provision.Config{Servers: map[string]string{}, Passwords: secrets.Passwords(), Log: slog.New(slog.DiscardHandler)}}
	for _, name := range []string{credentials.Operations, credentials.Keys} {
		p.config.Servers[name] = "postgres://postgres@127.0.0.1:1/postgres"
		for _, role := range append(credentials.Databases(name), credentials.Superuser(name)) {
			if _, err := secrets.Role(role); err != nil {
				t.Fatal(err)
			}
		}
	}
	p.config.Nats = assembly.Nats{User: provision.CoreUser, SeedFile: secrets.Seed(provision.CoreUser)}
	return p
}

func (p *place) startNats(t *testing.T, listen string) {
	t.Helper()
	server, err := embedded.StartNats(p.layout, listen)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(server.Stop)
	p.config.Nats.URL = server.URL()
}

func (p place) enters(t *testing.T, server *pg.Server, role, database string) bool {
	t.Helper()
	password, err := p.config.Passwords.Read(role)
	if err != nil {
		t.Fatal(err)
	}
	conn, err := pgx.Connect(t.Context(), server.URL(database, role, password))
	if err != nil {
		return false
	}
	defer conn.Close(t.Context())
	return true
}

func TestEveryRoleEntersItsOwnDatabaseOnItsOwnServerAlone(t *testing.T) {
	t.Parallel()
	p := opened(t)
	p.startNats(t, "127.0.0.1:0")
	for range 2 { // the second time all is there
		if err := provision.Core(t.Context(), p.config); err != nil {
			t.Fatal(err)
		}
	}
	for home, server := range p.servers {
		databases := append(credentials.Databases(home), "postgres", "template1")
		for of := range p.servers {
			for _, role := range credentials.Databases(of) {
				for _, database := range databases {
					if got, want := p.enters(t, server, role, database), role == database; got != want {
						t.Errorf("%s enters %s on %s: %v", role, database, home, got)
					}
				}
			}
		}
	}
	nc, err := assembly.Connect(assembly.Nats{URL: p.config.Nats.URL, SeedFile: p.layout.Seed("intake"), User: "intake"}, "test", p.config.Log)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(nc.Close)
	js, err := jetstream.New(nc)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := js.Stream(t.Context(), "EV_CASE"); err != nil {
		t.Errorf("the stream: %v", err)
	}
}

func TestAWrongSuperuserPasswordIsSaidAtOnceAndWithoutThePassword(t *testing.T) {
	t.Parallel()
	p := opened(t)
	const wrong = "not-the-password-of-this-server"
	if err := os.WriteFile(filepath.Join(string(p.config.Passwords), credentials.Superuser(credentials.Keys)), []byte(wrong), 0o600); err != nil {
		t.Fatal(err)
	}
	err := provision.Core(t.Context(), p.config)
	if err == nil || !strings.Contains(err.Error(), "superuser-keys") || !strings.Contains(err.Error(), "first started with") || strings.Contains(err.Error(), wrong) {
		t.Error(err)
	}
}

func TestAMissingPasswordIsNamedWithWhatMakesIt(t *testing.T) {
	t.Parallel()
	p := placed(t)
	if err := os.Remove(filepath.Join(string(p.config.Passwords), "intake")); err != nil {
		t.Fatal(err)
	}
	if err := provision.Core(t.Context(), p.config); err == nil || !strings.Contains(err.Error(), "password of intake is missing") || !strings.Contains(err.Error(), "gallra deploy secrets") {
		t.Error(err)
	}
}

// told is a log that says when something is written.
type told struct {
	mu    sync.Mutex
	lines bytes.Buffer
	line  chan struct{}
}

func (w *told) Write(p []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.lines.Write(p)
	if bytes.Contains(p, []byte("waiting")) {
		w.line <- struct{}{}
	}
	return len(p), nil
}

func TestAServerThatComesLateIsWaitedForAndThatIsSaidOnce(t *testing.T) {
	t.Parallel()
	p := opened(t)
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	at := listener.Addr().String()
	listener.Close()
	if _, err := p.layout.Credentials().WriteAccounts(); err != nil { // the seeds
		t.Fatal(err)
	}
	log := &told{line: make(chan struct{}, 100)}
	p.config.Nats.URL, p.config.Log = "nats://"+at, slog.New(slog.NewTextHandler(log, nil))
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	done := make(chan error, 1)
	go func() { done <- provision.Core(ctx, p.config) }()
	select {
	case <-log.line:
	case err := <-done:
		t.Fatalf("it did not wait: %v", err)
	}
	p.startNats(t, at)
	if err := <-done; err != nil {
		t.Fatal(err)
	}
	if n := strings.Count(log.lines.String(), "waiting"); n != 1 {
		t.Errorf("it said %d times that it waits:\n%s", n, log.lines.String())
	}
}

func TestAnAddressWithoutAHostIsRefusedBeforeAnythingIsTried(t *testing.T) {
	t.Parallel()
	p := placed(t)
	p.config.Servers[credentials.Operations] = ""
	if err := provision.Core(t.Context(), p.config); err == nil || !strings.Contains(err.Error(), "postgres://SUPERUSER@HOST/postgres") {
		t.Error(err)
	}
}
