package trace

import (
	"context"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/trace"
)

// Kinds of spans.
const (
	Inside   = trace.SpanKindInternal
	Server   = trace.SpanKindServer   // answers somebody
	Client   = trace.SpanKindClient   // calls somebody
	Producer = trace.SpanKindProducer // leaves an event
	Consumer = trace.SpanKindConsumer // applies one
)

// Span is a piece of work under way. The zero Span is one that nobody records.
type Span struct{ of trace.Span }

// Begin starts a span under that of ctx, or a trace. Its name is verb and object, joined only where somebody records it.
// End it.
func Begin(ctx context.Context, kind trace.SpanKind, verb, object string) (context.Context, Span) {
	tracer, ok := ctx.Value(tracerKey{}).(trace.Tracer)
	if !ok {
		return ctx, Span{}
	}
	ctx, span := tracer.Start(ctx, verb+object, trace.WithSpanKind(kind))
	if !span.IsRecording() {
		return ctx, Span{} // a sender said "not sampled"; its word is passed on with ctx
	}
	return ctx, Span{span}
}

// Name replaces the name, where it is known only at the end.
func (s Span) Name(name string) {
	if s.of != nil {
		s.of.SetName(name)
	}
}

// Text adds a code: a route, a type, a reason.
func (s Span) Text(key, code string) {
	if s.of != nil {
		s.of.SetAttributes(attribute.String(key, code))
	}
}

// Number adds a number: a count, a status.
func (s Span) Number(key string, n int) {
	if s.of != nil {
		s.of.SetAttributes(attribute.Int(key, n))
	}
}

// Concerns says that the span is work for another trace too; its own is passed over.
func (s Span) Concerns(traceparent string) {
	if s.of == nil || traceparent == "" {
		return
	}
	of := trace.SpanContextFromContext(From(context.Background(), traceparent))
	if of.IsValid() && of.TraceID() != s.of.SpanContext().TraceID() {
		s.of.AddLink(trace.Link{SpanContext: of})
	}
}

// End ends the span. An error marks it as failed; its text stays where it is, for it may quote what was sent.
func (s Span) End(err error) {
	if s.of == nil {
		return
	}
	if err != nil {
		s.of.SetStatus(codes.Error, "")
	}
	s.of.End()
}
