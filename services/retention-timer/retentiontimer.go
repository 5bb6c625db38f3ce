// Package retentiontimer keeps every clock of the system and is the only place that decides that something is due.
//
// It promises that nothing stays a moment too long or goes a day too early. It owns no personal data and destroys nothing
// itself: it tells the holder, and the holder has the last word.
package retentiontimer

import (
	"context"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/nats-io/nats.go"

	"gallra.se/events"
	"gallra.se/libs/bearer"
	"gallra.se/libs/bus"
	"gallra.se/libs/clock"
	"gallra.se/libs/keyring"
	"gallra.se/libs/outbox"
	"gallra.se/libs/pg"
	"gallra.se/libs/policy"
	"gallra.se/libs/policy/follow"
	"gallra.se/libs/restored"
	"gallra.se/libs/serve"
	"gallra.se/services/retention-timer/internal/amend"
	"gallra.se/services/retention-timer/internal/api"
	"gallra.se/services/retention-timer/internal/consume"
	"gallra.se/services/retention-timer/internal/erasure"
	"gallra.se/services/retention-timer/internal/hold"
	"gallra.se/services/retention-timer/internal/review"
	"gallra.se/services/retention-timer/internal/schedule"
	"gallra.se/services/retention-timer/internal/store"
	"gallra.se/services/retention-timer/internal/sweep"
	"gallra.se/services/retention-timer/internal/watch"
)

// Deps is what the composition gives a service. Keys stays nil: this service owns no personal data.
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

// Migrations are run on DB before Run.
func Migrations() []pg.Migration {
	return []pg.Migration{
		{FS: outbox.Migrations, Dir: "migrations", Table: "outbox_version"},
		{FS: bus.Migrations, Dir: "migrations", Table: "bus_version"},
		{FS: follow.Migrations, Dir: "migrations", Table: "policy_version"},
		store.Migrations(),
		restored.Migration,
	}
}

// natsWait is how long a readiness check waits for the bus.
const natsWait = time.Second

// Service is one instance.
type Service struct {
	deps     Deps
	relay    *outbox.Relay
	consumer *bus.Consumer
	sweep    *sweep.Sweep
	due      *clock.Agenda
	bounds   *clock.Agenda
	reviews  *clock.Agenda // of holds
	anew     *clock.Agenda // units counted under a changed policy
	silence  *watch.Silence
	follow   *follow.Follower
	api      *api.API
}

// New puts the parts together; it starts nothing.
func New(d Deps) (*Service, error) {
	box := outbox.New(outbox.Config{Service: events.RetentionTimer, Context: "retention", Stream: "EV_RETENTION", Business: d.Clock})
	s := &Service{deps: d, relay: outbox.NewRelay(box, d.DB, d.NC, d.Log)}
	s.sweep = &sweep.Sweep{DB: d.DB, Out: box, Committed: box.Committed, Clock: d.Clock}
	s.due, s.bounds, s.reviews = s.sweep.Agenda(), watch.Bounds(d.DB), watch.Reviews(d.DB)
	s.silence = &watch.Silence{DB: d.DB, Clock: d.Clock, Log: d.Log}
	s.follow = &follow.Follower{Set: d.Policy, DB: d.DB, Log: d.Log}
	changed := func() {
		box.Committed()
		s.due.Poke()
		s.bounds.Poke()
		s.reviews.Poke()
		s.anew.Poke()
	}
	desk := &schedule.Desk{Policy: d.Policy, Out: box}
	amending := &amend.Desk{Desk: desk, DB: d.DB, Clock: d.Clock, Follow: s.follow, Changed: changed}
	s.anew = amending.Agenda()
	handling := consume.Desk{Desk: desk}
	first := func(ctx context.Context, tx pgx.Tx, said []bus.Event) error {
		if err := amending.Still(ctx, tx); err != nil {
			return err
		}
		return handling.Together(ctx, tx, said)
	}
	s.consumer = bus.NewConsumer(bus.ConsumerConfig{
		Service: events.RetentionTimer, DB: d.DB, NC: d.NC, Streams: consume.Streams, Lock: first, Prepare: consume.Prepare(),
		Handlers: handling.Handlers(), Watermark: consume.Watermark, Applied: changed, Shared: changed, Log: d.Log,
	})
	s.sweep.Mine = s.consumer.Partitions
	s.api = &api.API{
		DB: d.DB, Policy: d.Policy, Clock: d.Clock, Log: d.Log, Amend: amending,
		Holds:   &hold.Desk{Desk: desk, DB: d.DB, Clock: d.Clock, Changed: changed},
		Review:  &review.Desk{DB: d.DB, Changed: changed},
		Erasing: &erasure.Desk{Desk: desk, DB: d.DB, Clock: d.Clock, Changed: changed},
	}
	return s, nil
}

// Run works until ctx ends; that is no error.
func (s *Service) Run(ctx context.Context) error {
	if err := s.prepare(ctx); err != nil {
		return fmt.Errorf("start %s: %w", events.RetentionTimer, err)
	}
	loops := []func(context.Context) error{
		s.relay.Run,
		s.consumer.Run,
		s.silence.Loop,
		s.follow.Run,
		func(ctx context.Context) error { return s.due.Loop(ctx, s.deps.Clock) },
		func(ctx context.Context) error { return s.bounds.Loop(ctx, s.deps.Clock) },
		func(ctx context.Context) error { return s.reviews.Loop(ctx, s.deps.Clock) },
		func(ctx context.Context) error { return s.anew.Loop(ctx, s.deps.Clock) },
	}
	if s.deps.Listener != nil {
		loops = append(loops, func(ctx context.Context) error {
			return serve.Run(ctx, s.deps.Listener, s.handler(), s.deps.Log)
		})
	}
	return serve.Group(ctx, loops...)
}

// prepare is what must be there before the first event: rows of the awaited watermarks, answers, the voice in the barrier.
func (s *Service) prepare(ctx context.Context) error {
	err := pg.Tx(ctx, s.deps.DB, func(tx pgx.Tx) error { return store.AwaitWatermarks(ctx, tx, consume.Awaited, bus.Partitions) })
	if err != nil {
		return err
	}
	if err := s.follow.Refresh(ctx); err != nil {
		return err
	}
	if err := s.api.Answer(ctx, s.deps.NC); err != nil {
		return err
	}
	_, err = clock.Join(ctx, s.deps.NC, clock.NodeConfig{
		Service: events.RetentionTimer, Instance: s.deps.Instance, Business: s.deps.Clock,
		Parts: []clock.Reporting{s.follow, s.relay, s.consumer, s.due, s.sweep, s.bounds, s.reviews, s.anew},
	})
	return err
}

func (s *Service) handler() http.Handler {
	mux := http.NewServeMux()
	metrics := serve.Registry(clock.Metrics(s.deps.Clock), s.relay.Metrics(), s.consumer.Metrics(), s.api.Metrics())
	serve.Health(mux, metrics, s.deps.Log,
		serve.Check{Name: "database", Ask: s.deps.DB.Ping},
		serve.Check{Name: "nats", Ask: func(context.Context) error { return s.deps.NC.FlushTimeout(natsWait) }})
	s.api.Routes(mux, s.deps.Bearer.Middleware)
	return serve.Observe(metrics, serve.Limit(serve.MaxBody, mux))
}
