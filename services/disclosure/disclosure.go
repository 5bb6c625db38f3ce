// Package disclosure decides what a recipient outside gets about a person, delivers it, and writes down that it did.
//
// It promises that a recipient gets only the fields that the policy pack lists for it, that a delivery has one effect
// however often it was tried, and that nothing about the person stays here but an opaque id and the names of fields.
// It does not know who a person is (case-linker does) and keeps no data for later.
package disclosure

import (
	"context"
	"log/slog"
	"net"
	"net/http"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/nats-io/nats.go"

	"gallra.se/libs/bearer"
	"gallra.se/libs/bus"
	"gallra.se/libs/clock"
	"gallra.se/libs/outbox"
	"gallra.se/libs/outside"
	"gallra.se/libs/pg"
	"gallra.se/libs/policy"
	"gallra.se/libs/restored"
	"gallra.se/libs/serve"

	"gallra.se/services/disclosure/internal/api"
	"gallra.se/services/disclosure/internal/caselinker"
	"gallra.se/services/disclosure/internal/consume"
	"gallra.se/services/disclosure/internal/courier"
	"gallra.se/services/disclosure/internal/store"
)

// Name of the service, in events, subjects and logs.
const Name = "disclosure"

// Deps is what the composition gives.
type Deps struct {
	Instance  string
	Listener  net.Listener
	DB        *pgxpool.Pool
	NC        *nats.Conn
	Clock     clock.Business
	Policy    *policy.Set
	Bearer    *bearer.Verifier
	Log       *slog.Logger
	Simulated bool

	Endpoints map[string]string // recipient → URL that takes its deliveries
	Breaker   outside.Config    // limits of every endpoint's breaker; zero values: the defaults
}

// Service is one instance.
type Service struct {
	deps     Deps
	relay    *outbox.Relay
	consumer *bus.Consumer
	agenda   *clock.Agenda
	doors    *courier.Doors
	mux      *http.ServeMux
	pages    http.Handler
}

// Migrations are run by the composition before Run.
func Migrations() []pg.Migration {
	return []pg.Migration{
		{FS: outbox.Migrations, Dir: "migrations", Table: "outbox_version"},
		{FS: bus.Migrations, Dir: "migrations", Table: "bus_version"},
		{FS: store.Migrations, Dir: "migrations", Table: "disclosure_version"},
		restored.Migration,
	}
}

// simulatedPause: days pass in milliseconds under a simulated clock, and a breaker that paused for real seconds would
// sleep through them.
const simulatedPause = time.Millisecond

// New puts an instance together; nothing runs yet.
func New(d Deps) (*Service, error) {
	if d.Simulated && d.Breaker.Pause == 0 {
		d.Breaker.Pause = simulatedPause
	}
	box := outbox.New(outbox.Config{Service: Name, Context: "disclosure", Stream: "EV_DISCLOSURE", Business: d.Clock})
	persons := caselinker.New(d.NC)
	doors := courier.NewDoors(d.Endpoints, d.Breaker, d.Log)
	agenda := (&courier.Courier{DB: d.DB, Box: box, Holder: persons, Doors: doors, Log: d.Log}).Agenda()
	s := &Service{deps: d, relay: outbox.NewRelay(box, d.DB, d.NC, d.Log), agenda: agenda, doors: doors, mux: http.NewServeMux()}
	s.consumer = bus.NewConsumer(bus.ConsumerConfig{Service: Name, DB: d.DB, NC: d.NC, Streams: consume.Streams, Handlers: consume.Handlers(), Log: d.Log})
	(&api.API{DB: d.DB, Box: box, Policy: d.Policy, Persons: persons, Clock: d.Clock, Log: d.Log,
		Simulated: d.Simulated, Decided: agenda.Poke}).Routes(s.mux, d.Bearer)
	metrics := serve.Registry(clock.Metrics(d.Clock), s.relay.Metrics(), s.consumer.Metrics(), s.doors, waiting(d.DB))
	s.pages = serve.Observe(metrics, s.mux)
	serve.Health(s.mux, metrics, d.Log, serve.Check{Name: "database", Ask: d.DB.Ping}, serve.Check{Name: "nats", Ask: s.connected})
	return s, nil
}

// Run serves, relays and delivers until ctx ends.
func (s *Service) Run(ctx context.Context) error {
	if err := s.answerSummary(ctx); err != nil {
		return err
	}
	if _, err := clock.Join(ctx, s.deps.NC, clock.NodeConfig{Service: Name, Instance: s.deps.Instance, Business: s.deps.Clock,
		Parts: []clock.Reporting{s.relay, s.consumer, courier.Reporting(s.agenda)}}); err != nil {
		return err
	}
	return serve.Group(ctx,
		func(ctx context.Context) error { return serve.Run(ctx, s.deps.Listener, s.pages, s.deps.Log) },
		s.relay.Run, s.consumer.Run,
		func(ctx context.Context) error { return s.agenda.Loop(ctx, s.deps.Clock) })
}
