package trace_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	sdk "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/sdk/trace/tracetest"

	"gallra.se/libs/trace"
)

const (
	sampled   = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
	unsampled = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00"
)

// recorded is a context whose spans are kept.
func recorded(t *testing.T) (context.Context, *tracetest.InMemoryExporter) {
	kept := tracetest.NewInMemoryExporter()
	return trace.With(t.Context(), sdk.NewTracerProvider(sdk.WithSyncer(kept))), kept
}

func TestWithoutARecorderATraceparentIsPassedOnAsItCame(t *testing.T) {
	t.Parallel()
	for _, came := range []string{sampled, unsampled} {
		ctx, span := trace.Begin(trace.From(t.Context(), came), trace.Server, "POST ", "/v1/contacts")
		if got := trace.Traceparent(ctx); got != came {
			t.Errorf("%s is passed on as %s", came, got)
		}
		span.End(nil)
	}
	ctx, _ := trace.Begin(t.Context(), trace.Server, "POST ", "/v1/contacts")
	if got := trace.Traceparent(ctx) + trace.ID(ctx); got != "" {
		t.Errorf("a trace that nobody began: %s", got)
	}
}

func TestASpanIsAChildOfItsSenderAndItsEventsAreItsChildren(t *testing.T) {
	t.Parallel()
	ctx, kept := recorded(t)
	ctx, span := trace.Begin(trace.From(ctx, sampled), trace.Server, "POST ", "/v1/contacts")
	passed := trace.Traceparent(ctx)
	span.End(errors.New("frida kanarie"))
	spans := kept.GetSpans()
	if len(spans) != 1 || spans[0].Name != "POST /v1/contacts" || spans[0].Parent.SpanID().String() != "b7ad6b7169203331" {
		t.Fatalf("%+v", spans)
	}
	if want := "00-0af7651916cd43dd8448eb211c80319c-" + spans[0].SpanContext.SpanID().String() + "-01"; passed != want {
		t.Errorf("passed on: %s, want %s", passed, want)
	}
	if status := spans[0].Status; status.Description != "" || len(spans[0].Events) > 0 {
		t.Errorf("the error's text is in the span: %+v", spans[0])
	}
}

func TestTheDecisionNotToSampleIsKept(t *testing.T) {
	t.Parallel()
	ctx, kept := recorded(t)
	ctx, span := trace.Begin(trace.From(ctx, unsampled), trace.Server, "POST ", "/v1/contacts")
	span.Text("http.route", "/v1/contacts")
	span.End(nil)
	passed := trace.Traceparent(ctx)
	if len(kept.GetSpans()) != 0 || !strings.HasPrefix(passed, unsampled[:36]) || !strings.HasSuffix(passed, "-00") {
		t.Errorf("%d spans, passed on: %s", len(kept.GetSpans()), passed)
	}
}

func TestWhatIsNoTraceparentBeginsATraceOfItsOwn(t *testing.T) {
	t.Parallel()
	for _, came := range []string{"", "00-", "19121212-1212", strings.Repeat("0", trace.Length), "00-" + strings.Repeat("0", 32) + "-b7ad6b7169203331-01"} {
		ctx, kept := recorded(t)
		ctx, span := trace.Begin(trace.From(ctx, came), trace.Server, "POST ", "/v1/contacts")
		span.End(nil)
		if spans := kept.GetSpans(); len(spans) != 1 || spans[0].Parent.IsValid() || trace.ID(ctx) != spans[0].SpanContext.TraceID().String() {
			t.Errorf("%q: %+v", came, spans)
		}
	}
}

func TestWhatIsDoneForSeveralIsATraceThatNamesThemAll(t *testing.T) {
	t.Parallel()
	ctx, kept := recorded(t)
	ctx, span := trace.Begin(trace.Detached(trace.From(ctx, sampled)), trace.Producer, "append ", "EV_CONTACT")
	span.Concerns(sampled)
	span.Concerns("")
	span.End(nil)
	spans := kept.GetSpans()
	if trace.ID(ctx) == sampled[3:35] || len(spans[0].Links) != 1 || spans[0].Links[0].SpanContext.TraceID().String() != sampled[3:35] {
		t.Errorf("%+v", spans)
	}
}

func TestWhereNobodyRecordsASpanCostsNoMemory(t *testing.T) {
	ctx := trace.From(t.Context(), sampled)
	work := func() {
		_, span := trace.Begin(ctx, trace.Consumer, "apply ", "se.gallra.contact.recorded.v1")
		span.Text("stream", "EV_CONTACT")
		span.Number("events", 7)
		span.End(nil)
	}
	if n := testing.AllocsPerRun(100, work); n != 0 {
		t.Errorf("%v allocations", n)
	}
}
