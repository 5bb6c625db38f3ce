package bus_test

import (
	"context"
	"encoding/json"
	"strings"
	"sync"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
	sdk "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/sdk/trace/tracetest"

	"gallra.se/libs/bus"
	"gallra.se/libs/clock"
	"gallra.se/libs/outbox"
	"gallra.se/libs/pg"
	"gallra.se/libs/trace"
)

const (
	counted = "se.gallra.statistics.recorded.v1"
	sender  = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
)

// traced is a world whose spans are kept.
func traced(t *testing.T) (*world, *tracetest.InMemoryExporter) {
	w, kept := newWorld(t, clock.Real()), tracetest.NewInMemoryExporter()
	w.ctx = trace.With(w.ctx, sdk.NewTracerProvider(sdk.WithSyncer(kept)))
	return w, kept
}

// told appends drafts in the context of a request.
func (w *world) told(ctx context.Context, drafts ...outbox.Draft) {
	w.t.Helper()
	w.must(pg.Tx(ctx, w.producer, func(tx pgx.Tx) error { return w.box.Append(ctx, tx, drafts...) }))
	w.box.Committed()
}

// heard starts a consumer of both kinds of event and returns what traces they are applied in, when all have been.
func (w *world) heard(events int) map[string]string {
	var mu sync.Mutex
	in, all := map[string]string{}, make(chan struct{}, events)
	note := func(ctx context.Context, _ pgx.Tx, ev bus.Event) error {
		mu.Lock()
		defer mu.Unlock()
		in[ev.Type+" "+ev.Key] = trace.Traceparent(ctx)
		all <- struct{}{}
		return nil
	}
	c := bus.NewConsumer(bus.ConsumerConfig{Service: "case-linker", DB: w.consumer, NC: w.nc, Streams: []string{"EV_CONTACT"},
		Handlers: map[string]bus.Handler{noted: note, counted: note}, Log: w.log})
	defer w.start(c.Run)()
	for range events {
		select {
		case <-all:
		case <-w.ctx.Done():
			w.t.Fatal("the events were not applied")
		}
	}
	mu.Lock()
	defer mu.Unlock()
	return in
}

// messages are those of the stream, by the type of their event.
func (w *world) messages() map[string]*jetstream.RawStreamMsg {
	w.t.Helper()
	js, err := jetstream.New(w.nc)
	w.must(err)
	stream, err := js.Stream(w.ctx, "EV_CONTACT")
	w.must(err)
	info, err := stream.Info(w.ctx)
	w.must(err)
	found := map[string]*jetstream.RawStreamMsg{}
	for seq := range info.State.LastSeq {
		m, err := stream.GetMsg(w.ctx, seq+1)
		w.must(err)
		var said struct{ Type string }
		w.must(json.Unmarshal(m.Data, &said))
		found[said.Type] = m
	}
	return found
}

func TestAnEventIsAppliedAsPartOfTheTraceThatItWasWrittenIn(t *testing.T) {
	w, kept := traced(t)
	w.relay()
	ctx, span := trace.Begin(trace.From(w.ctx, sender), trace.Server, "POST ", "/v1/contacts")
	w.told(ctx, outbox.Draft{Authority: "a", Type: noted, Subject: "s", Key: "k", Data: map[string]string{}})
	span.End(nil)
	in := w.heard(1)[noted+" k"]
	message := w.messages()[noted]
	parent := message.Header.Get("traceparent")
	if !strings.Contains(string(message.Data), `"traceparent":"`+parent+`"`) {
		t.Errorf("header %s, payload %s", parent, message.Data)
	}
	spans := map[string]tracetest.SpanStub{}
	for _, s := range kept.GetSpans() {
		spans[s.Name] = s
		if s.SpanContext.TraceID().String() != sender[3:35] {
			t.Errorf("%s is not part of the sender's trace", s.Name)
		}
	}
	appended, applied := spans["append EV_CONTACT"], spans["apply "+noted]
	if applied.Parent.SpanID() != appended.SpanContext.SpanID() || appended.Parent.SpanID() != spans["POST /v1/contacts"].SpanContext.SpanID() ||
		!strings.Contains(parent, appended.SpanContext.SpanID().String()) || !strings.Contains(in, applied.SpanContext.SpanID().String()) {
		t.Errorf("%+v\nparent %s, applied in %s", spans, parent, in)
	}
}

func TestAnUnlinkableEventBreaksTheTrace(t *testing.T) {
	w, kept := traced(t)
	w.relay()
	ctx, span := trace.Begin(trace.From(w.ctx, sender), trace.Server, "POST ", "/v1/cases")
	w.told(ctx,
		outbox.Draft{Authority: "a", Type: noted, Subject: "s", Key: "k", Data: map[string]string{}},
		outbox.Draft{Authority: "a", Type: counted, Unlinkable: true, Trace: sender, Data: map[string]string{}})
	span.End(nil)
	w.heard(2)
	message := w.messages()[counted]
	if said := string(message.Data); strings.Contains(said, "traceparent") || strings.Contains(said, sender[3:35]) || message.Header.Get("traceparent") != "" {
		t.Errorf("%v %s", message.Header, message.Data)
	}
	for _, s := range kept.GetSpans() {
		if s.Name == "apply "+counted && (s.Parent.IsValid() || len(s.Links) > 0 || s.SpanContext.TraceID().String() == sender[3:35]) {
			t.Errorf("it can be joined: %+v", s)
		}
	}
}

func TestEachOfSeveralRequestsInOneTransactionKeepsItsTrace(t *testing.T) {
	w, kept := traced(t)
	w.relay()
	other := "00-11111111111111111111111111111111-2222222222222222-01"
	w.told(w.ctx,
		outbox.Draft{Authority: "a", Type: noted, Subject: "s", Key: "k1", Data: map[string]string{}, Trace: sender},
		outbox.Draft{Authority: "a", Type: noted, Subject: "s", Key: "k2", Data: map[string]string{}, Trace: other})
	in := w.heard(2)
	if in[noted+" k1"][:35] != sender[:35] || in[noted+" k2"][:35] != other[:35] {
		t.Errorf("%v", in)
	}
	for _, s := range kept.GetSpans() {
		if s.Name == "append EV_CONTACT" && (len(s.Links) != 2 || s.Parent.IsValid()) {
			t.Errorf("the transaction's span names %d of them: %+v", len(s.Links), s)
		}
	}
}

func TestAWatermarkAndAnEventOutsideARequestNameNoTraceThatNobodyRecords(t *testing.T) {
	w := newWorld(t, clock.Real())
	w.relay()
	w.until("the watermark is published", func() bool {
		js, err := jetstream.New(w.nc)
		w.must(err)
		stream, err := js.Stream(w.ctx, "EV_CONTACT")
		w.must(err)
		info, err := stream.Info(w.ctx)
		return err == nil && info.State.LastSeq > 0
	})
	w.must(w.say("k"))
	w.heard(1)
	for name, m := range w.messages() {
		if m.Header.Get("traceparent") != "" || strings.Contains(string(m.Data), "traceparent") {
			t.Errorf("%s: %v %s", name, m.Header, m.Data)
		}
	}
}

func TestAQuestionIsAnsweredAsPartOfItsTrace(t *testing.T) {
	w, kept := traced(t)
	w.must(bus.Respond(w.ctx, w.nc, "ask.a.summary", "a", func(ctx context.Context, _ *nats.Msg) *nats.Msg {
		reply := nats.NewMsg("")
		reply.Data = []byte(trace.ID(ctx))
		return reply
	}))
	reply, err := w.nc.RequestMsgWithContext(w.ctx, bus.Question(trace.From(w.ctx, sender), "ask.a.summary", nil))
	w.must(err)
	w.until("the span has ended", func() bool { return len(kept.GetSpans()) == 1 })
	if s := kept.GetSpans()[0]; string(reply.Data) != sender[3:35] || s.Name != "answer ask.a.summary" || s.Parent.SpanID().String() != sender[36:52] {
		t.Errorf("%s %+v", reply.Data, s)
	}
}
