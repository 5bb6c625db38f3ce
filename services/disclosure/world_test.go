package disclosure_test

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"encoding/json"
	"io"
	"net/http"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/nats-io/nats.go"

	"gallra.se/libs/bearer"
	"gallra.se/libs/bus/bustest"
	"gallra.se/libs/clock"
	"gallra.se/libs/logs"
	"gallra.se/libs/outside"
	"gallra.se/libs/pg"
	"gallra.se/libs/pg/pgtest"
	"gallra.se/libs/policy"
	"gallra.se/libs/serve"

	"gallra.se/services/disclosure"
)

const (
	authority  = "arbetsformedlingen"
	anna       = "199001012385"
	nobody     = "199001022392"
	annasName  = "Anna Kanarie"
	firstOfMay = "2025-05-01T08:00:00Z"
)

// world is the service with a database, a bus, a simulated clock, a stand-in for case-linker and one recipient.
type world struct {
	t     *testing.T
	clock *clock.Coordinator
	db    *pgxpool.Pool
	nc    *nats.Conn
	url   string
	token string
	sign  ed25519.PrivateKey
	kfm   *recipient
	log   *lines

	mu      sync.Mutex
	persons map[string]uuid.UUID
	hidden  map[uuid.UUID]bool     // protected
	agreed  map[uuid.UUID][]string // what protected persons have signed
}

func start(t *testing.T) *world {
	t.Helper()
	w := &world{t: t, kfm: newRecipient(t), log: &lines{}, persons: map[string]uuid.UUID{anna: uuid.New()}}
	w.nc = bustest.Server(t, "disclosure", "case")
	w.db = database(t)
	w.answerAsCaseLinker()
	w.startClock()
	w.startService()
	w.settle()
	return w
}

func database(t *testing.T) *pgxpool.Pool {
	t.Helper()
	url := pgtest.From(t, "disclosure", func(ctx context.Context, url string) error {
		return pg.MigrateAll(ctx, url, disclosure.Migrations()...)
	})
	db, err := pg.Open(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(db.Close)
	return db
}

func (w *world) startClock() {
	first, err := time.Parse(time.RFC3339, firstOfMay)
	if err != nil {
		w.t.Fatal(err)
	}
	w.clock, err = clock.NewCoordinator(w.t.Context(), w.nc, &memory{}, first, []string{disclosure.Name}, logs.New(w.log, "clock"))
	if err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) startService() {
	pub, key, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		w.t.Fatal(err)
	}
	w.sign = key
	w.token, err = bearer.Sign(key, bearer.Claims{Authority: authority, Name: "SE-KFM", Roles: []string{"case-officer"}}, clock.PaceNow(), time.Hour)
	if err != nil {
		w.t.Fatal(err)
	}
	follower, err := clock.Follow(w.t.Context(), w.nc)
	if err != nil {
		w.t.Fatal(err)
	}
	listener, err := serve.Listen(w.t.Context(), "127.0.0.1:0")
	if err != nil {
		w.t.Fatal(err)
	}
	set, err := policy.Load(policy.Packs())
	if err != nil {
		w.t.Fatal(err)
	}
	s, err := disclosure.New(disclosure.Deps{Instance: "1", Listener: listener, DB: w.db, NC: w.nc, Clock: follower, Policy: set,
		Bearer: bearer.NewVerifier(pub), Log: logs.New(w.log, disclosure.Name), Simulated: true,
		Endpoints: map[string]string{"SE-KFM": w.kfm.URL}, Breaker: outside.Config{Failures: 3}})
	if err != nil {
		w.t.Fatal(err)
	}
	w.url = "http://" + listener.Addr().String()
	run(w.t, s.Run)
}

// run stops with the test, before the database is dropped.
func run(t *testing.T, f func(context.Context) error) {
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- f(ctx) }()
	t.Cleanup(func() {
		cancel()
		if err := <-ended; err != nil {
			t.Errorf("the service ended with %v", err)
		}
	})
}

// dispose makes Anna a person who is not there any more.
func (w *world) dispose() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.persons = map[string]uuid.UUID{}
}

func (w *world) settle() { w.advance(0) }

func (w *world) advance(d time.Duration) {
	w.t.Helper()
	if _, err := w.clock.Advance(w.t.Context(), w.clock.Now().Now.Add(d)); err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) ask(body string) (int, string) {
	return w.call(http.MethodPost, "/v1/disclosures", body)
}

func (w *world) call(method, path, body string) (int, string) {
	w.t.Helper()
	r, err := http.NewRequestWithContext(w.t.Context(), method, w.url+path, bytes.NewReader([]byte(body)))
	if err != nil {
		w.t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+w.token)
	r.Header.Set("Content-Type", "application/json")
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		w.t.Fatal(err)
	}
	defer resp.Body.Close()
	data, err := io.ReadAll(resp.Body)
	if err != nil {
		w.t.Fatal(err)
	}
	return resp.StatusCode, string(data)
}

type entry struct {
	Kind, Recipient string
	At              time.Time
	Fields          []string
}

func (w *world) entries() (kinds []string, all []entry) {
	w.t.Helper()
	_, body := w.call(http.MethodGet, "/v1/disclosures", "")
	var list struct{ Log []entry }
	if err := json.Unmarshal([]byte(body), &list); err != nil {
		w.t.Fatal(err)
	}
	for _, e := range list.Log {
		kinds = append(kinds, e.Kind)
	}
	return kinds, list.Log
}
