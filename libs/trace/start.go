package trace

import (
	"context"
	"fmt"
	"log/slog"
	"os"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/exporters/otlp/otlptrace/otlptracehttp"
	"go.opentelemetry.io/otel/sdk/resource"
	sdk "go.opentelemetry.io/otel/sdk/trace"
)

// Start makes the tracer of one service in this process. All that runs under the returned context is traced as that
// service; stop sends what is not sent yet. Where no endpoint is configured both do nothing.
//
// Endpoint, certificates, headers, sampler and batch sizes come from the standard environment (OTEL_…). A collector that
// cannot be reached is told in the log and costs spans, never work.
func Start(ctx context.Context, service, instance string, log *slog.Logger) (traced context.Context, stop func(context.Context) error, err error) {
	if !wanted() {
		return ctx, func(context.Context) error { return nil }, nil
	}
	exporter, err := otlptracehttp.New(ctx)
	if err != nil {
		return ctx, nil, fmt.Errorf("make the exporter of traces: %w", err)
	}
	provider := sdk.NewTracerProvider(
		sdk.WithBatcher(telling{exporter, log}),
		sdk.WithResource(resource.NewSchemaless(
			attribute.String("service.namespace", "gallra"),
			attribute.String("service.name", service),
			attribute.String("service.instance.id", instance),
		)))
	return With(ctx, provider), provider.Shutdown, nil
}

// wanted says whether anybody is to get spans.
func wanted() bool {
	said := os.Getenv("OTEL_EXPORTER_OTLP_ENDPOINT") + os.Getenv("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT")
	return said != "" && os.Getenv("OTEL_SDK_DISABLED") != "true"
}

// telling puts an exporter's faults in the service's own log, as a line like every other. The SDK's way would be a
// handler that the whole process shares.
type telling struct {
	sdk.SpanExporter
	log *slog.Logger
}

func (t telling) ExportSpans(ctx context.Context, spans []sdk.ReadOnlySpan) error {
	if err := t.SpanExporter.ExportSpans(ctx, spans); err != nil {
		t.log.Warn("spans not exported", "spans", len(spans), "error", err.Error())
	}
	return nil
}
