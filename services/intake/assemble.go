package intake

import (
	"context"
	"net/http"

	"gallra.se/events"
	"gallra.se/libs/bus"
	"gallra.se/libs/clock"
	"gallra.se/libs/door"
	"gallra.se/libs/keyring"
	"gallra.se/libs/outbox"
	"gallra.se/libs/policy/follow"
	"gallra.se/libs/serve"
	"gallra.se/libs/transport"
	"gallra.se/services/intake/internal/admission"
	"gallra.se/services/intake/internal/api"
	"gallra.se/services/intake/internal/caselinker"
	"gallra.se/services/intake/internal/chatbot"
	"gallra.se/services/intake/internal/complaint"
	"gallra.se/services/intake/internal/consume"
	"gallra.se/services/intake/internal/contact"
	"gallra.se/services/intake/internal/disposal"
	"gallra.se/services/intake/internal/group"
	"gallra.se/services/intake/internal/guard"
	"gallra.se/services/intake/internal/keeper"
	"gallra.se/services/intake/internal/login"
	"gallra.se/services/intake/internal/mailing"
	"gallra.se/services/intake/internal/recorder"
	"gallra.se/services/intake/internal/store"
)

const (
	ownContext = "contact"
	ownStream  = "EV_CONTACT"
)

// parts is a running instance.
type parts struct {
	Deps
	relay    *outbox.Relay
	follower *follow.Follower
	desk     *admission.Desk
	disposal *clock.Agenda
	calls    *clock.Agenda
	chatbot  *chatbot.Desk
	consumer *bus.Consumer
	api      *api.API
	endings  *keyring.Endings
	received *transport.Receiver
	sent     *transport.Sender
}

func (s *Service) assemble() *parts {
	d := s.deps
	packs := d.Policy.Clone() // kept on the newest activations by the follower
	follower := &follow.Follower{Set: packs, DB: d.DB, Log: d.Log}
	sealer := &caselinker.Sealer{NC: d.NC, DB: d.DB}
	box := outbox.New(outbox.Config{Service: Name, Context: ownContext, Stream: ownStream, Business: d.Clock, Watermarks: true, KeyClosed: sealer.Forget})
	received := &transport.Receiver{Service: Name, Senders: []string{events.CaseLinker}, Receivers: []string{events.CaseLinker}, Keys: d.Keys,
		DB: d.DB, NC: d.NC, Business: d.Clock, AAD: consume.AAD, Log: d.Log}
	desk := &admission.Desk{DB: d.DB, Keys: d.Keys, Box: box, Business: d.Clock, Policy: packs, Sealer: sealer, Log: d.Log}
	talks := chatbot.New(d.Clock, packs, store.Tally{DB: d.DB})
	keeps := keeper.Keeper{DB: d.DB, Keys: d.Keys, Box: box, Business: d.Clock, Policy: packs, Sealer: sealer, Log: d.Log}
	recordings := &recorder.Desk{Keeper: keeps, Simulated: d.Simulated}
	calls := recordings.Agenda()
	recordings.Changed = calls.Poke
	endings := keyring.NewEndings()
	agenda := (&disposal.Worker{DB: d.DB, Keys: d.Keys, Box: box, Business: d.Clock, Endings: endings, Transport: received}).Agenda()
	heard := &consume.Consumer{Box: box, Business: d.Clock, Policy: packs, Follower: follower}
	before := &consume.Preparer{DB: d.DB, Keys: d.Keys}
	look := func() { agenda.Poke(); box.Committed() }
	return &parts{
		Deps:     d,
		endings:  endings,
		received: received,
		sent:     &transport.Sender{Service: Name, Receivers: []string{events.CaseLinker}, DB: d.DB, NC: d.NC, Closed: sealer.Forget},
		follower: follower,
		relay:    outbox.NewRelay(box, d.DB, d.NC, d.Log),
		desk:     desk,
		disposal: agenda,
		calls:    calls,
		chatbot:  talks,
		consumer: bus.NewConsumer(bus.ConsumerConfig{Service: Name, DB: d.DB, NC: d.NC, Streams: consume.Streams,
			Handlers: heard.Handlers(), Prepare: before.Prepare(), Lock: consume.Together, Applied: look, Shared: look, Log: d.Log}),
		api: &api.API{Guard: &guard.Guard{DB: d.DB, Box: box, Clock: d.Clock, Packs: packs, Sealer: sealer}, DB: d.DB, Keys: d.Keys, Box: box, Business: d.Clock, Desk: desk, Sealer: sealer, Chatbot: talks, Identities: login.NewVerifier(d.EIDKeys, clock.PaceNow), Log: d.Log,
			Rules: contact.Rules{Packs: packs, Simulated: d.Simulated}, Lines: door.Lines(),
			Mailings: &mailing.Desk{DB: d.DB, Keys: d.Keys, Box: box, Business: d.Clock, Policy: packs},
			Recorder: recordings, Complaints: &complaint.Desk{Keeper: keeps, Recordings: recordings}, Groups: &group.Desk{Keeper: keeps, Simulated: d.Simulated}},
	}
}

func (p *parts) pages() http.Handler {
	mux := http.NewServeMux()
	p.api.Routes(mux, p.Bearer)
	metrics := serve.Registry(clock.Metrics(p.Clock), p.relay.Metrics(), p.consumer.Metrics(), p.endings, p.received.Metrics(), p.api.Lines)
	serve.Health(mux, metrics, p.Log, serve.Check{Name: "database", Ask: p.DB.Ping})
	return serve.Observe(metrics, mux)
}

func (p *parts) run(ctx context.Context) error {
	if err := p.answer(ctx); err != nil {
		return err
	}
	_, err := clock.Join(ctx, p.NC, clock.NodeConfig{Service: Name, Instance: p.Instance, Business: p.Clock,
		Parts: []clock.Reporting{p.desk, p.chatbot, p.consumer, p.disposal, p.calls, p.relay, p.follower}})
	if err != nil {
		return err
	}
	return serve.Group(ctx,
		func(ctx context.Context) error { return serve.Run(ctx, p.Listener, p.pages(), p.Log) },
		p.relay.Run,
		p.consumer.Run,
		p.follower.Run,
		p.chatbot.Loop,
		func(ctx context.Context) error { return p.disposal.Loop(ctx, p.Clock) },
		func(ctx context.Context) error { return p.calls.Loop(ctx, p.Clock) },
		p.received.Run,
		func(ctx context.Context) error { return p.Keys.Tend(ctx, store.Alive(p.DB), p.Log) },
	)
}
