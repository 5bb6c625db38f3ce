package statistics_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"gallra.se/libs/bus"
	"gallra.se/libs/clock"
	"gallra.se/libs/keyring"
	"gallra.se/libs/pg"
	"gallra.se/libs/pg/pgtest"
	"gallra.se/libs/policy"
	statistics "gallra.se/services/statistics-pseudonymiser"
)

// system is the service on a real bus with two accounts, real databases and a
// simulated clock.
type system struct {
	t       *testing.T
	ops     *nats.Conn
	stats   *nats.Conn // the service's own, in the analysts' account
	analyst *nats.Conn
	db      *pgxpool.Pool
	ring    *keyring.Ring
	clock   *clock.Coordinator
	deps    statistics.Deps
	stop    func()
}

const accounts = `
listen: "127.0.0.1:-1"
jetstream: {store_dir: %q, sync_interval: always}
accounts: {
  CORE:  {jetstream: enabled, users: [{user: ops, password: ops}]}
  STATS: {jetstream: enabled, users: [
    {user: stats, password: stats}
    {user: analyst, password: analyst, permissions: {
      publish: ["$JS.API.STREAM.INFO.STATS", "$JS.API.CONSUMER.CREATE.STATS.>", "$JS.API.CONSUMER.MSG.NEXT.STATS.>", "$JS.API.CONSUMER.INFO.STATS.>"]
      subscribe: ["_INBOX.>"]}}
  ]}
}`

func start(t *testing.T, first string) *system {
	t.Helper()
	s := &system{t: t}
	url := natsServer(t)
	s.ops, s.stats, s.analyst = connect(t, url, "ops"), connect(t, url, "stats"), connect(t, url, "analyst")
	js, err := jetstream.New(s.ops)
	s.must(err)
	s.must(bus.Provision(t.Context(), js, []string{"case"}))
	s.db = database(t, "statistics", statistics.Migrations()...)
	store, err := keyring.FileStore(t.TempDir())
	s.must(err)
	s.ring, err = keyring.Open(t.Context(), database(t, "keys", keyring.Migration()), store)
	s.must(err)
	s.clock, err = clock.NewCoordinator(t.Context(), s.ops, &memory{}, at(first), []string{statistics.Name}, quiet())
	s.must(err)
	packs, err := policy.Load(policy.Packs())
	s.must(err)
	s.deps = statistics.Deps{Instance: "one", DB: s.db, Keys: s.ring, NC: s.ops, Stats: s.stats, Policy: packs, Log: quiet(), Simulated: true}
	s.run()
	return s
}

// run starts the service; stop, or the test's end, stops it.
func (s *system) run() {
	s.t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	d := s.deps
	var err error
	d.Listener, err = net.Listen("tcp", "127.0.0.1:0")
	s.must(err)
	d.Clock, err = clock.Follow(ctx, s.ops)
	s.must(err)
	service, err := statistics.New(d)
	s.must(err)
	ended := make(chan error, 1)
	go func() { ended <- service.Run(ctx) }()
	s.stop = sync.OnceFunc(func() {
		cancel()
		if err := <-ended; err != nil {
			s.t.Errorf("service ended with %v", err)
		}
	})
	s.t.Cleanup(s.stop)
}

// until moves the clock and waits until everything due by then is done.
func (s *system) until(instant string) {
	s.t.Helper()
	_, err := s.clock.Advance(s.t.Context(), at(instant))
	s.must(err)
}

func (s *system) settle() { s.t.Helper(); s.until(s.clock.Now().Now.Format(time.RFC3339Nano)) }

func (s *system) ask(question string, into any) {
	s.t.Helper()
	m, err := s.ops.Request("ask."+statistics.Name+"."+question, nil, 10*time.Second)
	s.must(err)
	s.must(json.Unmarshal(m.Data, into))
}

func (s *system) must(err error) {
	s.t.Helper()
	if err != nil {
		s.t.Fatal(err)
	}
}

func natsServer(t *testing.T) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "nats.conf")
	if err := os.WriteFile(file, fmt.Appendf(nil, accounts, t.TempDir()), 0o600); err != nil {
		t.Fatal(err)
	}
	options, err := server.ProcessConfigFile(file)
	if err != nil {
		t.Fatal(err)
	}
	options.NoLog, options.NoSigs = true, true
	n, err := server.NewServer(options)
	if err != nil {
		t.Fatal(err)
	}
	n.Start()
	t.Cleanup(func() { n.Shutdown(); n.WaitForShutdown() })
	if !n.ReadyForConnections(10 * time.Second) {
		t.Fatal("nats-server is not ready")
	}
	return n.ClientURL()
}

func connect(t *testing.T, url, user string) *nats.Conn {
	t.Helper()
	nc, err := nats.Connect(url, nats.UserInfo(user, user), nats.ErrorHandler(func(*nats.Conn, *nats.Subscription, error) {}))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(nc.Close)
	return nc
}

func database(t *testing.T, name string, migrations ...pg.Migration) *pgxpool.Pool {
	t.Helper()
	url := pgtest.From(t, name, func(ctx context.Context, url string) error { return pg.MigrateAll(ctx, url, migrations...) })
	db, err := pg.Open(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(db.Close)
	return db
}

func quiet() *slog.Logger { return slog.New(slog.NewTextHandler(io.Discard, nil)) }

func at(s string) time.Time {
	t, err := time.Parse(time.RFC3339Nano, s)
	if err != nil {
		panic(err)
	}
	return t
}

// memory is a clock's store.
type memory struct {
	mu      sync.Mutex
	reading clock.Reading
}

func (m *memory) Load(context.Context) (clock.Reading, bool, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.reading, m.reading.Version != 0, nil
}

func (m *memory) Save(_ context.Context, r clock.Reading) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.reading = r
	return nil
}
