package trace

import (
	"context"
	"encoding/hex"

	"go.opentelemetry.io/otel/propagation"
	"go.opentelemetry.io/otel/trace"
)

// Header is the name under which a trace is passed on, in HTTP, in NATS and as an attribute of an event.
const Header = "traceparent"

type tracerKey struct{}

// With has all that runs under the returned context traced by a provider.
func With(ctx context.Context, provider trace.TracerProvider) context.Context {
	return context.WithValue(ctx, tracerKey{}, provider.Tracer("gallra.se/libs/trace"))
}

// From continues the trace that a traceparent names; what is none leaves ctx as it is. A tracestate is not taken over:
// it is free text of whoever sent it.
func From(ctx context.Context, traceparent string) context.Context {
	if traceparent == "" {
		return ctx
	}
	return propagation.TraceContext{}.Extract(ctx, received(traceparent))
}

// Traceparent is what others continue the trace of ctx by, "" where there is none.
func Traceparent(ctx context.Context) string {
	of := trace.SpanContextFromContext(ctx)
	if !of.IsValid() {
		return ""
	}
	trace, span := of.TraceID(), of.SpanID()
	var said [Length]byte
	copy(said[:], "00-00000000000000000000000000000000-0000000000000000-00")
	hex.Encode(said[3:], trace[:])
	hex.Encode(said[36:], span[:])
	if of.IsSampled() {
		said[Length-1] = '1'
	}
	return string(said[:])
}

// Length of every traceparent that this package makes.
const Length = 55

// Detached leaves the trace that ctx is part of: for work that is done on behalf of several.
func Detached(ctx context.Context) context.Context {
	if !trace.SpanContextFromContext(ctx).IsValid() {
		return ctx
	}
	return trace.ContextWithSpan(ctx, nil)
}

// ID is the trace that ctx is part of, "" where there is none: what a log line names.
func ID(ctx context.Context) string {
	of := trace.SpanContextFromContext(ctx)
	if !of.HasTraceID() {
		return ""
	}
	return of.TraceID().String()
}

// received is a carrier that bears one traceparent.
type received string

func (r received) Get(key string) string {
	if key == Header {
		return string(r)
	}
	return ""
}
func (received) Set(string, string) {}
func (received) Keys() []string     { return []string{Header} }
