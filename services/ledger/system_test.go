package ledger_test

import (
	"context"
	"crypto/ed25519"
	"encoding/json"
	"io"
	"log/slog"
	"net"
	"net/http"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/nats-io/nats.go"

	"gallra.se/events"
	"gallra.se/libs/bearer"
	"gallra.se/libs/bus/bustest"
	"gallra.se/libs/clock"
	"gallra.se/libs/pg"
	"gallra.se/libs/pg/pgtest"
	"gallra.se/services/ledger"
)

// system is a ledger on a real bus and a real database.
type system struct {
	t       *testing.T
	nc      *nats.Conn
	db      *pgxpool.Pool
	keyFile string
	witness string // file of a witness's key; empty for none
	token   ed25519.PrivateKey
	url     string
	stop    func()
	signed  chan int64 // sizes of checkpoints told on the bus
}

func start(t *testing.T) *system {
	t.Helper()
	s := &system{t: t, nc: bustest.Server(t, "contact", "case", "disclosure", "ledger"),
		keyFile: filepath.Join(t.TempDir(), "ledger.key"), signed: make(chan int64, 1000)}
	s.db = database(t)
	_, s.token, _ = ed25519.GenerateKey(nil)
	_, err := s.nc.Subscribe("ev.*.ledger.*.ledger.checkpointed.v1", s.heard)
	if err != nil {
		t.Fatal(err)
	}
	s.run()
	return s
}

func database(t *testing.T) *pgxpool.Pool {
	t.Helper()
	url := pgtest.From(t, "ledger", func(ctx context.Context, url string) error {
		return pg.MigrateAll(ctx, url, ledger.Migrations()...)
	})
	db, err := pg.Open(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(db.Close)
	return db
}

func (s *system) deps(l net.Listener) ledger.Deps {
	return ledger.Deps{
		Config: ledger.Config{KeyFile: s.keyFile, WitnessKeyFile: s.witness}, Instance: "one", Listener: l, DB: s.db, NC: s.nc, Clock: clock.Real(),
		Bearer: bearer.NewVerifier(s.token.Public().(ed25519.PublicKey)), Log: slog.New(slog.NewTextHandler(io.Discard, nil)),
	}
}

// run starts the service; it is stopped with the test, or by stop.
func (s *system) run() {
	s.t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		s.t.Fatal(err)
	}
	service, err := ledger.New(s.deps(l))
	if err != nil {
		s.t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- service.Run(ctx) }()
	stopped := false
	s.url = "http://" + l.Addr().String()
	s.stop = func() {
		if stopped {
			return
		}
		stopped = true
		cancel()
		if err := <-ended; err != nil {
			s.t.Errorf("ledger ended with %v", err)
		}
	}
	s.t.Cleanup(s.stop)
}

func (s *system) heard(m *nats.Msg) {
	var e struct{ Data events.LedgerCheckpointed }
	if json.Unmarshal(m.Data, &e) == nil {
		s.signed <- e.Data.Size
	}
}

// awaitSigned returns when a checkpoint of at least this size was told.
func (s *system) awaitSigned(size int64) {
	s.t.Helper()
	tooLate := time.After(20 * time.Second)
	for {
		select {
		case got := <-s.signed:
			if got >= size {
				return
			}
		case <-tooLate:
			s.t.Fatalf("no checkpoint of size %d", size)
		}
	}
}

func (s *system) get(path string, claims *bearer.Claims) (int, string) {
	s.t.Helper()
	r, err := http.NewRequestWithContext(s.t.Context(), http.MethodGet, s.url+path, nil)
	if err != nil {
		s.t.Fatal(err)
	}
	if claims != nil {
		token, err := bearer.Sign(s.token, *claims, clock.PaceNow(), time.Hour)
		if err != nil {
			s.t.Fatal(err)
		}
		r.Header.Set("Authorization", "Bearer "+token)
	}
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		s.t.Fatal(err)
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	if err != nil {
		s.t.Fatal(err)
	}
	return answer.StatusCode, string(body)
}

func (s *system) ask(subject string, into any) {
	s.t.Helper()
	m, err := s.nc.Request(subject, nil, 20*time.Second)
	if err != nil {
		s.t.Fatalf("ask %s: %v", subject, err)
	}
	if err := json.Unmarshal(m.Data, into); err != nil {
		s.t.Fatal(err)
	}
}

// disposed is the payload of a disposal of n records.
func disposed(rule string, n int) events.RecordDisposed {
	due := time.Date(2025, 4, 30, 22, 0, 0, 0, time.UTC)
	unit := events.DisposedUnit{Unit: uuid.New(), Rule: rule, Trigger: events.TriggerContactEnded,
		DueOn: "2025-05-01", DueAt: due, PolicyVersion: "2024-1"}
	for range n {
		unit.Records = append(unit.Records, events.DisposedRecord{Record: uuid.New(), Category: "contact.phone-log", Commitment: make([]byte, 32)})
	}
	return events.RecordDisposed{Holder: "intake", Units: []events.DisposedUnit{unit},
		RemovedAt: due.Add(time.Second), UnrecoverableAt: due.Add(2 * time.Second)}
}
