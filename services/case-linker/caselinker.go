// Package caselinker holds persons, registrations, cases and notes, and sees to it that what is relevant reaches the
// right case. It gives up nothing by itself: when a unit's time has come retention-timer says so, and this service has
// the last word against it.
package caselinker

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"net/http"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/nats-io/nats.go"

	"gallra.se/libs/access"
	"gallra.se/libs/bearer"
	"gallra.se/libs/bus"
	"gallra.se/libs/clock"
	"gallra.se/libs/door"
	"gallra.se/libs/keyring"
	"gallra.se/libs/outbox"
	"gallra.se/libs/pg"
	"gallra.se/libs/policy"
	"gallra.se/libs/policy/follow"
	"gallra.se/libs/restored"
	"gallra.se/libs/serve"
	"gallra.se/libs/transport"
	"gallra.se/services/case-linker/internal/accesslog"
	"gallra.se/services/case-linker/internal/api"
	"gallra.se/services/case-linker/internal/casework"
	"gallra.se/services/case-linker/internal/consume"
	"gallra.se/services/case-linker/internal/disposal"
	"gallra.se/services/case-linker/internal/line"
	"gallra.se/services/case-linker/internal/peers"
	"gallra.se/services/case-linker/internal/rekey"
	"gallra.se/services/case-linker/internal/store"
)

// Name of the service, in events, subjects and logs.
const Name = "case-linker"

// Deps is what the composition gives.
type Deps struct {
	Instance  string
	Listener  net.Listener
	DB        *pgxpool.Pool
	Keys      *keyring.Ring
	NC        *nats.Conn
	Clock     clock.Business
	Policy    *policy.Set
	Bearer    *bearer.Verifier
	Log       *slog.Logger
	Simulated bool
}

// Service is one instance.
type Service struct {
	deps     Deps
	relay    *outbox.Relay
	consumer *bus.Consumer
	follower *follow.Follower
	worker   *disposal.Worker
	reviews  *clock.Agenda
	received *transport.Receiver
	sent     *transport.Sender
	api      *api.API
	mux      *http.ServeMux
	pages    http.Handler
}

// Migrations are run on the service's database before Run.
func Migrations() []pg.Migration {
	return []pg.Migration{
		{FS: outbox.Migrations, Dir: "migrations", Table: "outbox_version"},
		{FS: bus.Migrations, Dir: "migrations", Table: "bus_version"},
		{FS: store.Migrations, Dir: "migrations", Table: "case_linker_version"},
		{FS: follow.Migrations, Dir: "migrations", Table: "policy_version"},
		pg.Dividing,
		restored.Migration,
	}
}

// New puts an instance together; nothing runs yet.
func New(d Deps) (*Service, error) {
	if d.Listener == nil || d.DB == nil || d.Keys == nil || d.NC == nil || d.Clock == nil || d.Policy == nil || d.Bearer == nil || d.Log == nil {
		return nil, errors.New("make case-linker: a dependency is missing")
	}
	packs := d.Policy.Clone() // kept on the newest activations by the follower
	follower := &follow.Follower{Set: packs, DB: d.DB, Log: d.Log}
	sealing := peers.New(d.NC, d.DB)
	box := outbox.New(outbox.Config{Service: Name, Context: "case", Stream: bus.StreamOf("case"), Business: d.Clock, Watermarks: true, KeyClosed: sealing.Forget})
	desk := &casework.Desk{DB: d.DB, Keys: d.Keys, Box: box, Peers: sealing, Clock: d.Clock,
		Rules: line.Rules{Packs: packs, Simulated: d.Simulated}}
	reads := &accesslog.Log{DB: d.DB, Keys: d.Keys, Box: box, Clock: d.Clock, Packs: packs}
	heard := &consume.Events{Desk: desk, Box: box, Packs: packs, Policy: follower, Access: reads}
	received := &transport.Receiver{Service: Name, Senders: []string{peers.Intake}, Receivers: []string{peers.Intake, peers.Statistics}, Keys: d.Keys,
		DB: d.DB, NC: d.NC, Business: d.Clock, AAD: consume.AAD, Log: d.Log}
	worker := &disposal.Worker{DB: d.DB, Keys: d.Keys, Box: box, Clock: d.Clock, Holder: Name, Log: d.Log, Endings: keyring.NewEndings(), Transport: received,
		Partings: &rekey.Desk{DB: d.DB, Keys: d.Keys}}
	s := &Service{deps: d, worker: worker, follower: follower, relay: outbox.NewRelay(box, d.DB, d.NC, d.Log), mux: http.NewServeMux(),
		reviews: reads.Agenda(), received: received,
		sent: &transport.Sender{Service: Name, Receivers: []string{peers.Intake, peers.Statistics}, DB: d.DB, NC: d.NC, Closed: sealing.Forget},
		api:  &api.API{Desk: desk, Clock: d.Clock, Lines: door.Lines(), Access: access.Decider{Packs: packs}, Read: reads, Log: d.Log}}
	look := func() { box.Committed(); worker.Wake(); reads.Look() }
	s.consumer = bus.NewConsumer(bus.ConsumerConfig{Service: Name, DB: d.DB, NC: d.NC, Log: d.Log,
		Streams:  []string{bus.StreamOf("contact"), bus.StreamOf("retention")},
		Handlers: heard.Handlers(), Prepare: heard.Prepare(), Lock: heard.Together,
		Applied: look, Shared: look})
	s.api.Routes(s.mux, d.Bearer)
	metrics := serve.Registry(clock.Metrics(d.Clock), s.relay.Metrics(), s.consumer.Metrics(), worker.Endings, received.Metrics(), s.api.Lines)
	s.pages = serve.Observe(metrics, s.mux)
	serve.Health(s.mux, metrics, d.Log, serve.Check{Name: "database", Ask: d.DB.Ping}, serve.Check{Name: "nats", Ask: s.connected})
	return s, nil
}

// Run serves, relays, listens and disposes until ctx ends.
func (s *Service) Run(ctx context.Context) error {
	if err := s.api.Answer(ctx, s.deps.NC); err != nil {
		return err
	}
	if err := s.received.Answer(ctx); err != nil {
		return err
	}
	if err := s.sent.Answer(ctx); err != nil {
		return err
	}
	if _, err := clock.Join(ctx, s.deps.NC, clock.NodeConfig{Service: Name, Instance: s.deps.Instance, Business: s.deps.Clock,
		Parts: []clock.Reporting{s.relay, s.consumer, s.worker, s.follower, s.reviews}}); err != nil {
		return err
	}
	return serve.Group(ctx,
		func(ctx context.Context) error { return serve.Run(ctx, s.deps.Listener, s.pages, s.deps.Log) },
		s.relay.Run, s.consumer.Run, s.worker.Run, s.follower.Run, s.received.Run,
		func(ctx context.Context) error { return s.reviews.Loop(ctx, s.deps.Clock) },
		func(ctx context.Context) error { return s.deps.Keys.Tend(ctx, store.Alive(s.deps.DB), s.deps.Log) })
}

func (s *Service) connected(context.Context) error {
	if !s.deps.NC.IsConnected() {
		return errors.New("not connected to NATS")
	}
	return nil
}
