package trace_test

import (
	"bytes"
	"context"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"gallra.se/libs/trace"
)

// configured sets the environment, which no parallel test may do.
func configured(t *testing.T, name, value string) {
	t.Helper()
	for _, other := range []string{"OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "OTEL_SDK_DISABLED", "OTEL_SERVICE_NAME"} {
		t.Setenv(other, "")
	}
	t.Setenv(name, value)
}

func begun(t *testing.T, service string, log *slog.Logger) (context.Context, func(context.Context) error) {
	t.Helper()
	ctx, stop, err := trace.Start(t.Context(), service, "1", log)
	if err != nil {
		t.Fatal(err)
	}
	return ctx, stop
}

func TestWithoutAnEndpointNothingIsTraced(t *testing.T) {
	configured(t, "OTEL_SDK_DISABLED", "true")
	for _, endpoint := range []string{"", "http://127.0.0.1:1"} {
		t.Setenv("OTEL_EXPORTER_OTLP_ENDPOINT", endpoint)
		ctx, stop := begun(t, "intake", slog.New(slog.DiscardHandler))
		followed, span := trace.Begin(ctx, trace.Server, "POST ", "/v1/contacts")
		span.End(nil)
		if trace.ID(followed) != "" {
			t.Errorf("%q begins a trace", endpoint)
		}
		if err := stop(t.Context()); err != nil {
			t.Error(err)
		}
	}
}

func TestEachServiceOfAProcessSendsItsSpansInItsOwnName(t *testing.T) {
	var sent bytes.Buffer
	collector := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { _, _ = io.Copy(&sent, r.Body) }))
	defer collector.Close()
	configured(t, "OTEL_EXPORTER_OTLP_ENDPOINT", collector.URL)
	t.Setenv("OTEL_SERVICE_NAME", "something-else")
	for _, service := range []string{"intake", "case-linker"} {
		ctx, stop := begun(t, service, slog.New(slog.DiscardHandler))
		_, span := trace.Begin(ctx, trace.Server, "span of ", service)
		span.End(nil)
		if err := stop(t.Context()); err != nil {
			t.Error(err)
		}
		if said := sent.String(); !strings.Contains(said, "span of "+service) || strings.Count(said, service) != 2 || strings.Contains(said, "something-else") {
			t.Errorf("%q", said)
		}
		sent.Reset()
	}
}

func TestACollectorThatRefusesIsALogLineAndNoFault(t *testing.T) {
	collector := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusBadRequest) }))
	defer collector.Close()
	configured(t, "OTEL_EXPORTER_OTLP_ENDPOINT", collector.URL)
	var log bytes.Buffer
	ctx, stop := begun(t, "intake", slog.New(slog.NewTextHandler(&log, nil)))
	_, span := trace.Begin(ctx, trace.Server, "POST ", "/v1/contacts")
	span.End(nil)
	if err := stop(t.Context()); err != nil || !strings.Contains(log.String(), `msg="spans not exported" spans=1`) {
		t.Errorf("%v %s", err, log.String())
	}
}
