package bus

import (
	"context"

	"github.com/jackc/pgx/v5"
	"github.com/nats-io/nats.go"

	"gallra.se/libs/trace"
)

// followed answers a request as part of the sender's trace.
func followed(ctx context.Context, m *nats.Msg, subject string, f func(ctx context.Context, m *nats.Msg) *nats.Msg) *nats.Msg {
	ctx, span := trace.Begin(trace.From(ctx, m.Header.Get(trace.Header)), trace.Server, "answer ", subject)
	reply := f(ctx, m)
	if reason := reply.Header.Get(HeaderProblem); reason != "" {
		span.Text("problem", reason)
	}
	span.End(nil)
	return reply
}

// Question is a request that names the trace of ctx, for nats.Conn's
// RequestMsgWithContext.
func Question(ctx context.Context, subject string, data []byte) *nats.Msg {
	m := nats.NewMsg(subject)
	m.Data = data
	if parent := trace.Traceparent(ctx); parent != "" {
		m.Header.Set(trace.Header, parent)
	}
	return m
}

// apply gives the event to its handler as part of the producer's trace.
func (d delivery) apply(ctx context.Context, tx pgx.Tx) error {
	ctx, span := trace.Begin(trace.From(ctx, d.ev.trace), trace.Consumer, "apply ", d.ev.Type)
	err := d.handler(ctx, tx, d.ev)
	span.End(err)
	return err
}
