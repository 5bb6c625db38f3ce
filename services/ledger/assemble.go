package ledger

import (
	"context"
	"net/http"

	"golang.org/x/mod/sumdb/note"

	"gallra.se/libs/bus"
	"gallra.se/libs/clock"
	"gallra.se/libs/fault"
	"gallra.se/libs/outbox"
	"gallra.se/libs/serve"
	"gallra.se/services/ledger/internal/api"
	"gallra.se/services/ledger/internal/checkpoint"
	"gallra.se/services/ledger/internal/consume"
	"gallra.se/services/ledger/internal/key"
)

const (
	ownContext = "ledger"
	ownStream  = "EV_LEDGER"
)

// read is the streams whose events become leaves.
var read = []string{"EV_CONTACT", "EV_CASE", "EV_DISCLOSURE"}

// parts is a running instance.
type parts struct {
	Deps
	public   string
	relay    *outbox.Relay
	signing  *clock.Agenda
	consumer *bus.Consumer
	pages    http.Handler
}

func (s *Service) assemble(signer key.Key, witness note.Signer) *parts {
	d := s.deps
	box := outbox.New(outbox.Config{Service: Name, Context: ownContext, Stream: ownStream, Business: d.Clock})
	signing := (&checkpoint.Signing{DB: d.DB, Signer: signer, PublicKey: signer.Public, Witness: witness, Box: box}).Agenda()
	p := &parts{
		Deps:    d,
		public:  signer.Public,
		relay:   outbox.NewRelay(box, d.DB, d.NC, d.Log),
		signing: signing,
		consumer: bus.NewConsumer(bus.ConsumerConfig{Service: Name, DB: d.DB, NC: d.NC, Streams: read,
			Handlers: consume.Handlers(), Prepare: consume.Prepare(), Lock: consume.Together, Applied: func() { fault.Point("ledger.committed"); signing.Poke() },
			Shared: func() { signing.Poke(); box.Committed() }, Log: d.Log}),
	}
	p.pages = p.routes()
	return p
}

func (p *parts) routes() http.Handler {
	mux, metrics := http.NewServeMux(), serve.Registry(clock.Metrics(p.Clock), p.relay.Metrics(), p.consumer.Metrics())
	(&api.API{DB: p.DB, Bearer: p.Bearer, PublicKey: p.public}).Routes(mux)
	serve.Health(mux, metrics, p.Log, serve.Check{Name: "database", Ask: p.DB.Ping})
	return serve.Observe(metrics, mux)
}

func (p *parts) run(ctx context.Context) error {
	if err := p.answer(ctx); err != nil {
		return err
	}
	_, err := clock.Join(ctx, p.NC, clock.NodeConfig{Service: Name, Instance: p.Instance, Business: p.Clock,
		Parts: []clock.Reporting{p.consumer, p.signing, p.relay}})
	if err != nil {
		return err
	}
	return serve.Group(ctx,
		func(ctx context.Context) error { return serve.Run(ctx, p.Listener, p.pages, p.Log) },
		p.relay.Run,
		p.consumer.Run,
		func(ctx context.Context) error { return p.signing.Loop(ctx, p.Clock) },
	)
}
