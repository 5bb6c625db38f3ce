package trace_test

import (
	"context"
	"testing"

	sdk "go.opentelemetry.io/otel/sdk/trace"

	"gallra.se/libs/trace"
)

// What a span costs an event: nothing where nobody asked for traces, and little where only a sender's is passed on.
func BenchmarkApply(b *testing.B) {
	recording := trace.With(context.Background(), sdk.NewTracerProvider())
	for _, c := range []struct {
		name string
		ctx  context.Context
		came string
	}{{"untraced", context.Background(), ""}, {"passed on", context.Background(), sampled}, {"not sampled", recording, unsampled}, {"recorded", recording, sampled}} {
		b.Run(c.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				ctx, span := trace.Begin(trace.From(c.ctx, c.came), trace.Consumer, "apply ", "se.gallra.contact.recorded.v1")
				_ = trace.Traceparent(ctx)
				span.End(nil)
			}
		})
	}
}
