package statistics

import (
	"context"
	"net/http"

	"gallra.se/events"
	"gallra.se/libs/bus"
	"gallra.se/libs/clock"
	"gallra.se/libs/serve"
	"gallra.se/libs/transport"
	"gallra.se/services/statistics-pseudonymiser/internal/consume"
	"gallra.se/services/statistics-pseudonymiser/internal/ending"
	"gallra.se/services/statistics-pseudonymiser/internal/keys"
	"gallra.se/services/statistics-pseudonymiser/internal/publish"
	"gallra.se/services/statistics-pseudonymiser/internal/register"
	"gallra.se/services/statistics-pseudonymiser/internal/store"
)

// read is the stream that case-linker writes.
const read = "EV_CASE"

// parts is a running instance.
type parts struct {
	Deps
	consumer   *bus.Consumer
	publishing *clock.Agenda
	ending     *clock.Agenda
	received   *transport.Receiver
}

func (s *Service) assemble() *parts {
	d := s.deps
	k := keys.New(d.DB, d.Keys)
	publishing := (&publish.Publisher{DB: d.DB, Stats: d.Stats, Keys: k, Policy: d.Policy}).Agenda()
	received := &transport.Receiver{Service: Name, Senders: []string{events.CaseLinker}, Keys: d.Keys, DB: d.DB, NC: d.NC, Business: d.Clock,
		AAD: consume.AAD, Log: d.Log}
	ends := (&ending.Ending{DB: d.DB, Ring: d.Keys, Transport: received, Keys: k, Policy: d.Policy, Business: d.Clock, Purge: publishing.Poke}).Agenda()
	rows := &register.Register{Keys: k, Policy: d.Policy, Business: d.Clock}
	handlers := (&consume.Consumer{Register: rows}).Handlers()
	before := (&consume.Preparer{Ring: d.Keys, Register: rows}).Prepare()
	look := func() { publishing.Poke(); ends.Poke() }
	return &parts{
		Deps:       d,
		publishing: publishing,
		ending:     ends,
		received:   received,
		consumer: bus.NewConsumer(bus.ConsumerConfig{Service: Name, DB: d.DB, NC: d.NC, Streams: []string{read},
			Handlers: handlers, Prepare: before, Applied: look, Shared: look, Log: d.Log}),
	}
}

func (p *parts) run(ctx context.Context) error {
	if err := p.answer(ctx); err != nil {
		return err
	}
	_, err := clock.Join(ctx, p.NC, clock.NodeConfig{Service: Name, Instance: p.Instance, Business: p.Clock,
		Parts: []clock.Reporting{p.consumer, p.publishing, p.ending}})
	if err != nil {
		return err
	}
	return serve.Group(ctx,
		func(ctx context.Context) error { return serve.Run(ctx, p.Listener, p.pages(), p.Log) },
		p.consumer.Run,
		p.received.Run,
		func(ctx context.Context) error { return p.publishing.Loop(ctx, p.Clock) },
		func(ctx context.Context) error { return p.ending.Loop(ctx, p.Clock) },
		func(ctx context.Context) error { return p.Keys.Tend(ctx, store.Alive(p.DB), p.Log) },
	)
}

func (p *parts) pages() http.Handler {
	mux, metrics := http.NewServeMux(), serve.Registry(clock.Metrics(p.Clock), p.consumer.Metrics(), p.received.Metrics(), p.ends())
	serve.Health(mux, metrics, p.Log, serve.Check{Name: "database", Ask: p.DB.Ping})
	return serve.Observe(metrics, mux)
}
