package assembly

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"github.com/nats-io/nats.go"

	"gallra.se/libs/bearer"
	"gallra.se/libs/bus/bustest"
	"gallra.se/libs/clock"
	"gallra.se/libs/keyring"
	"gallra.se/libs/pg"
	"gallra.se/libs/pg/pgtest"
	"gallra.se/libs/serve"
	"gallra.se/services/gallra/internal/sim"
)

var quiet = slog.New(slog.DiscardHandler)

// world is a simulated deployment of instances that do nothing but keep a table and a key.
type world struct {
	t       *testing.T
	nc      *nats.Conn
	handler *sim.Handler
	call    func(path, body string) int

	mu     sync.Mutex
	living map[string]int // service/instance → lives begun
	ready  map[string]bool
	dying  map[string]func() // what an instance does when its life is to end
}

func newWorld(t *testing.T, services ...string) *world {
	t.Helper()
	w := &world{t: t, nc: bustest.Server(t, Contexts()...), living: map[string]int{}, ready: map[string]bool{}}
	url := pgtest.New(t)
	pool, setting, err := sim.Prepare(t.Context(), url, sim.Setting{Simulated: true, Start: time.Date(2024, 1, 31, 0, 0, 0, 0, time.UTC)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(pool.Close)
	coordinator, err := sim.Coordinate(t.Context(), pool, w.nc, setting.Start, nil, quiet)
	if err != nil {
		t.Fatal(err)
	}
	instances, err := sim.NewInstances(w.nc, services, quiet)
	if err != nil {
		t.Fatal(err)
	}
	w.handler = &sim.Handler{Clock: coordinator, NC: w.nc, Instances: instances, Log: quiet, NotReady: w.notReady(services),
		Services: sim.Containers{Instances: instances}, Scan: http.NotFoundHandler(),
		Streams: sim.Streams{Core: w.nc, Stats: w.nc, Contexts: Contexts()}}
	w.call = asOperator(t, w.handler)
	return w
}

func (w *world) notReady(services []string) func(context.Context) []string {
	return func(context.Context) []string {
		w.mu.Lock()
		defer w.mu.Unlock()
		return slices.DeleteFunc(slices.Clone(services), func(s string) bool { return w.ready[s] })
	}
}

func asOperator(t *testing.T, h *sim.Handler) func(path, body string) int {
	t.Helper()
	public, private, err := ed25519.GenerateKey(nil)
	if err != nil {
		t.Fatal(err)
	}
	token, err := bearer.Sign(private, bearer.Claims{Authority: "arbetsformedlingen", Name: "test", Roles: []string{sim.Role}}, clock.PaceNow(), time.Hour)
	if err != nil {
		t.Fatal(err)
	}
	routes := h.Routes(bearer.NewVerifier(public))
	return func(path, body string) int {
		request := httptest.NewRequest(http.MethodPost, path, bytes.NewReader([]byte(body)))
		request.Header.Set("Authorization", "Bearer "+token)
		answer := httptest.NewRecorder()
		routes.ServeHTTP(answer, request)
		if answer.Code != http.StatusOK {
			t.Logf("%s: %s", path, answer.Body)
		}
		return answer.Code
	}
}

// instance runs lives that keep a table and a key, until the returned function is called
// or something kills it; killed is closed then.
func (w *world) instance(c Config) (killed <-chan struct{}) {
	return w.instanceUntil(w.t.Context(), c)
}

func (w *world) instanceUntil(ctx context.Context, c Config) (killed <-chan struct{}) {
	w.t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		w.t.Fatal(err)
	}
	c.Listener, c.Log = listener, quiet
	ctx, cancel := context.WithCancel(ctx)
	gone := make(chan struct{})
	l := &lives{config: c, nc: bustest.Connect(w.t, w.nc.ConnectedUrl()), door: newDoorway(listener), live: w.live, crash: cancel}
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		if err := l.run(ctx); err != nil {
			w.t.Errorf("%s/%s: %v", c.Service, c.Instance, err)
		}
		l.nc.Close() // as the end of a process does
		close(gone)
	}()
	w.t.Cleanup(func() { cancel(); <-ended; listener.Close() })
	return gone
}

func (w *world) live(ctx context.Context, c Config) error {
	if c.Database != "" {
		if err := keepSomething(ctx, c); err != nil {
			return err
		}
	}
	w.set(c, 1, true)
	defer w.set(c, 0, false)
	err := serve.Run(ctx, c.Listener, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "alive") }), quiet)
	if die := w.dying[c.Service+"/"+c.Instance]; die != nil {
		die()
	}
	return err
}

func (w *world) set(c Config, begun int, ready bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.living[c.Service+"/"+c.Instance] += begun
	w.ready[c.Service] = ready
}

// lives waits until an instance has begun so many lives.
func (w *world) lives(name string, n int) {
	w.t.Helper()
	for {
		w.mu.Lock()
		begun := w.living[name]
		w.mu.Unlock()
		if begun == n {
			return
		}
		if err := clock.Sleep(w.t.Context(), 5*time.Millisecond); err != nil || begun > n {
			w.t.Fatalf("%s has begun %d lives, want %d", name, begun, n)
		}
	}
}

// keepSomething fails on what a wipe has left behind but for other instances of one world.
func keepSomething(ctx context.Context, c Config) error {
	pool, err := pg.Open(ctx, c.Database)
	if err != nil {
		return err
	}
	defer pool.Close()
	table := fstest.MapFS{"migrations/1_kept.sql": {Data: []byte("-- +goose Up\nCREATE TABLE kept (n int);")}}
	if err := pg.Migrate(ctx, c.Database, table, "migrations", "kept_version"); err != nil {
		return err
	}
	if _, err := pool.Exec(ctx, `INSERT INTO kept VALUES (1)`); err != nil {
		return err
	}
	keys, err := pg.Open(ctx, c.KeyDatabase)
	if err != nil {
		return err
	}
	defer keys.Close()
	if err := pg.MigrateAll(ctx, c.KeyDatabase, keyring.Migration()); err != nil {
		return err
	}
	store, err := keyring.FileStore(c.Keystore.At)
	if err != nil {
		return err
	}
	_, err = keyring.Open(ctx, keys, store)
	return err
}

func keeping(t *testing.T, service, instance string) Config {
	t.Helper()
	return Config{Service: service, Instance: instance, Database: pgtest.New(t), KeyDatabase: pgtest.New(t),
		Keystore: Keystore{At: filepath.Join(t.TempDir(), "keystore"), CopyDir: filepath.Join(t.TempDir(), "copy")}}
}

func kept(t *testing.T, c Config) (rows int) {
	t.Helper()
	pool, err := pg.Open(t.Context(), c.Database)
	if err != nil {
		t.Fatal(err)
	}
	defer pool.Close()
	if err := pool.QueryRow(t.Context(), `SELECT count(*) FROM kept`).Scan(&rows); err != nil {
		t.Fatal(err)
	}
	return rows
}

func rootKey(t *testing.T, c Config) string {
	t.Helper()
	key, err := os.ReadFile(filepath.Join(c.Keystore.At, "1.root"))
	if err != nil {
		t.Fatal(err)
	}
	return string(key)
}

func TestAResetEmptiesWhatServicesKeepAndGivesEveryInstanceAnotherLife(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "intake", "console")
	first := keeping(t, "intake", "1")
	second := first
	second.Instance = "2"
	w.instance(first)
	w.lives("intake/1", 1)
	w.instance(second)
	w.instance(Config{Service: "console", Instance: "1"})
	w.lives("intake/2", 1)
	w.lives("console/1", 1)
	before := rootKey(t, first)
	if rows := kept(t, first); rows != 2 {
		t.Fatalf("two instances keep %d rows", rows)
	}
	for n := range 2 { // an earlier time, twice
		if status := w.call("/sim/reset", `{"clock":"2021-01-01T08:00:00Z"}`); status != http.StatusOK {
			t.Fatal(status)
		}
		for _, name := range []string{"intake/1", "intake/2", "console/1"} {
			w.lives(name, n+2)
		}
		if rows := kept(t, first); rows != 2 {
			t.Errorf("after a new beginning %d rows are kept", rows)
		}
		if now := w.handler.Clock.Now().Now; !now.Equal(time.Date(2021, 1, 1, 8, 0, 0, 0, time.UTC)) {
			t.Errorf("the clock shows %s", now)
		}
	}
	if rootKey(t, first) == before {
		t.Error("the keystore holds the old key")
	}
}

func TestAResetThatBrokeOffLetsNobodyBeginAndTheNextOneRepairsIt(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "intake")
	c := keeping(t, "intake", "1")
	w.instance(c)
	w.lives("intake/1", 1)
	away := bustest.Connect(t, w.nc.ConnectedUrl())
	away.Close()
	whole := w.handler.Streams
	w.handler.Streams.Stats = away
	if status := w.call("/sim/reset", `{"clock":"2021-01-01T08:00:00Z"}`); status != http.StatusServiceUnavailable {
		t.Fatal(status)
	}
	if w.ready["intake"] || w.living["intake/1"] != 1 {
		t.Error("an instance works in a world that is half empty")
	}
	w.handler.Streams = whole
	if status := w.call("/sim/reset", `{"clock":"2021-01-01T08:00:00Z"}`); status != http.StatusOK {
		t.Fatal(status)
	}
	w.lives("intake/1", 2)
}

func TestAKilledServiceStaysAwayUntilItIsStartedOrTheWorldBeginsAnew(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "intake")
	c := keeping(t, "intake", "1")
	killed := w.instance(c)
	w.lives("intake/1", 1)
	for n, again := range []string{"/sim/start", "/sim/reset"} {
		if status := w.call("/sim/kill", `{"service":"intake"}`); status != http.StatusOK {
			t.Fatal(status)
		}
		<-killed
		killed = w.instance(c) // as a container's restart policy does
		if w.living["intake/1"] != n+1 {
			t.Error("it begins without leave")
		}
		if status := w.call(again, map[string]string{"/sim/start": `{"service":"intake"}`, "/sim/reset": `{"clock":"2021-01-01T08:00:00Z"}`}[again]); status != http.StatusOK {
			t.Fatal(status)
		}
		w.lives("intake/1", n+2)
	}
	if status := w.call("/sim/kill", `{"service":"nobody"}`); status != http.StatusNotFound {
		t.Error(status)
	}
}

func TestAResetGoesOnWithoutAnInstanceThatDiesOverIt(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "intake")
	c := keeping(t, "intake", "dies")
	var killed <-chan struct{}
	ctx, cancel := context.WithCancel(t.Context())
	w.dying = map[string]func(){"intake/dies": func() { cancel(); <-ctx.Done() }}
	killed = w.instanceUntil(ctx, c)
	w.lives("intake/dies", 1)
	go func() {
		<-killed
		c.Instance = "follows"
		w.instance(c)
	}()
	if status := w.call("/sim/reset", `{"clock":"2021-01-01T08:00:00Z"}`); status != http.StatusOK {
		t.Fatal(status)
	}
	w.lives("intake/follows", 1)
	if rows := kept(t, c); rows != 1 {
		t.Errorf("%d rows are kept", rows)
	}
}

func TestAWipeThatBrokeOffIsFinishedBeforeTheNextLife(t *testing.T) {
	t.Parallel()
	c := keeping(t, "intake", "1")
	if err := keepSomething(t.Context(), c); err != nil {
		t.Fatal(err)
	}
	if err := mark(c); err != nil {
		t.Fatal(err)
	}
	if err := os.Remove(filepath.Join(c.Keystore.At, "1.root")); err != nil {
		t.Fatal(err)
	}
	if err := keepSomething(t.Context(), c); err == nil {
		t.Fatal("a key database without its keystore opens: nothing would have to be finished")
	}
	if err := finishWipe(t.Context(), c); err != nil {
		t.Fatal(err)
	}
	if err := keepSomething(t.Context(), c); err != nil {
		t.Errorf("it does not begin after the wipe: %v", err)
	}
	if marked(c) || kept(t, c) != 1 {
		t.Error("something is left of before")
	}
}

func TestWhoMissedTheEndOfItsWorldEndsWhenItHearsOfIt(t *testing.T) {
	t.Parallel()
	born := time.Date(2024, 1, 1, 0, 0, 0, 0, time.UTC)
	l := &lives{config: Config{Service: "intake", Instance: "1"}}
	ctx, end := context.WithCancel(t.Context())
	if !l.begin(born, end) {
		t.Fatal("a first life does not begin")
	}
	if l.obey(born); ctx.Err() != nil {
		t.Error("a life ends in its own world")
	}
	if l.obey(time.Time{}); ctx.Err() != nil {
		t.Error("a control that was started anew ends a life")
	}
	if life := l.obey(born.Add(time.Second)); ctx.Err() == nil || !life.Living {
		t.Error("a life of an older world goes on, or is over before it has ended")
	}
	l.over()
	if l.begin(born, end) {
		t.Error("leave for an older world is used")
	}
}
