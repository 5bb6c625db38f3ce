package serve_test

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/testutil"
	sdk "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/sdk/trace/tracetest"

	"gallra.se/libs/logs"
	"gallra.se/libs/serve"
	"gallra.se/libs/trace"
)

// observed is a service with a route that has an id in its path.
func observed(metrics *prometheus.Registry) http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /v1/contacts/{id}", func(w http.ResponseWriter, r *http.Request) {
		switch r.PathValue("id") {
		case "gone":
			w.WriteHeader(http.StatusGone)
		case "broken":
			panic(http.ErrAbortHandler)
		case "flushed":
			if err := http.NewResponseController(w).Flush(); err != nil {
				w.WriteHeader(http.StatusInternalServerError)
			}
		}
	})
	serve.Health(mux, metrics, logs.New(io.Discard, "test"))
	return serve.Observe(metrics, mux)
}

func ask(h http.Handler, ctx context.Context, path, traceparent string) {
	defer func() { _ = recover() }()
	r := httptest.NewRequest(http.MethodGet, path, nil).WithContext(ctx)
	r.Header.Set("Traceparent", traceparent)
	h.ServeHTTP(httptest.NewRecorder(), r)
}

func TestRequestsAreCountedByRouteAndNeverByPath(t *testing.T) {
	t.Parallel()
	metrics := serve.Registry()
	h := observed(metrics)
	for _, path := range []string{"/v1/contacts/0190", "/v1/contacts/flushed", "/v1/contacts/gone", "/v1/contacts/broken", "/191212121212", "/livez"} {
		ask(h, t.Context(), path, "")
	}
	err := testutil.GatherAndCompare(metrics, strings.NewReader(`
# HELP gallra_http_in_flight HTTP requests that are being worked on.
# TYPE gallra_http_in_flight gauge
gallra_http_in_flight 0
# HELP gallra_http_requests_total HTTP requests answered, by route and class of status.
# TYPE gallra_http_requests_total counter
gallra_http_requests_total{route="GET /livez",status="2xx"} 1
gallra_http_requests_total{route="GET /v1/contacts/{id}",status="2xx"} 2
gallra_http_requests_total{route="GET /v1/contacts/{id}",status="4xx"} 1
gallra_http_requests_total{route="GET /v1/contacts/{id}",status="5xx"} 1
gallra_http_requests_total{route="none",status="4xx"} 1
`), "gallra_http_requests_total", "gallra_http_in_flight")
	if err != nil {
		t.Error(err)
	}
	if n, err := testutil.GatherAndCount(metrics, "gallra_http_request_duration_seconds"); n != 3 || err != nil {
		t.Errorf("%d routes are timed: %v", n, err)
	}
}

func TestARequestIsASpanOfItsRouteAndAHealthCheckIsNone(t *testing.T) {
	t.Parallel()
	kept := tracetest.NewInMemoryExporter()
	ctx := trace.With(t.Context(), sdk.NewTracerProvider(sdk.WithSyncer(kept)))
	h := observed(serve.Registry())
	for _, path := range []string{"/livez", "/readyz", "/metrics"} {
		ask(h, ctx, path, "")
	}
	ask(h, ctx, "/v1/contacts/gone", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01")
	spans := kept.GetSpans()
	if len(spans) != 1 || spans[0].Name != "GET /v1/contacts/{id}" || spans[0].Parent.SpanID().String() != "b7ad6b7169203331" {
		t.Fatalf("%+v", spans)
	}
	for _, a := range spans[0].Attributes {
		if said := a.Value.Emit(); said != "GET /v1/contacts/{id}" && said != "410" {
			t.Errorf("%s is %s", a.Key, said)
		}
	}
}

func TestARequestThatIsOneTooManyIsCounted(t *testing.T) {
	t.Parallel()
	metrics := serve.Registry()
	ask(serve.Admit(0, observed(metrics)), t.Context(), "/v1/contacts/gone", "")
	if err := testutil.GatherAndCompare(metrics, strings.NewReader(`
# HELP gallra_http_overload_refused_total HTTP requests that were one too many and were told to come again.
# TYPE gallra_http_overload_refused_total counter
gallra_http_overload_refused_total 1
`), "gallra_http_overload_refused_total"); err != nil {
		t.Error(err)
	}
}

// unreadable is a part that cannot be measured.
type unreadable struct{}

var unreadableDesc = prometheus.NewDesc("gallra_unreadable", "Cannot be read.", nil, nil)

func (unreadable) Describe(out chan<- *prometheus.Desc) { out <- unreadableDesc }
func (unreadable) Collect(out chan<- prometheus.Metric) {
	out <- prometheus.NewInvalidMetric(unreadableDesc, context.DeadlineExceeded)
}

func TestWhatCannotBeMeasuredHidesNothingElse(t *testing.T) {
	t.Parallel()
	h := observed(serve.Registry(unreadable{}))
	get(h, "/metrics")
	code, body := get(h, "/metrics")
	if code != http.StatusOK || !strings.Contains(body, `gallra_build_info{`) || !strings.Contains(body, `promhttp_metric_handler_errors_total{cause="gathering"} 1`) {
		t.Errorf("%d %s", code, body)
	}
}
