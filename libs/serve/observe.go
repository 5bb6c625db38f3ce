package serve

import (
	"net/http"
	"strconv"

	"github.com/prometheus/client_golang/prometheus"

	"gallra.se/libs/trace"
)

// Observe counts and times a service's requests by the route that answered them, and follows those that others ask for
// as spans. What operators ask (/livez, /readyz, /metrics) is counted and not followed. A path never gets into a metric
// or a span: a route has names where a path has ids.
func Observe(metrics prometheus.Registerer, next http.Handler) http.Handler {
	o := &observed{
		next:     next,
		requests: prometheus.NewCounterVec(prometheus.CounterOpts{Name: "gallra_http_requests_total", Help: "HTTP requests answered, by route and class of status."}, []string{"route", "status"}),
		lasted: prometheus.NewHistogramVec(prometheus.HistogramOpts{Name: "gallra_http_request_duration_seconds", Help: "From the end of a request's header to the end of its answer, by route.",
			Buckets: []float64{.001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10}}, []string{"route"}),
		inFlight: prometheus.NewGauge(prometheus.GaugeOpts{Name: "gallra_http_in_flight", Help: "HTTP requests that are being worked on."}),
		refused:  prometheus.NewCounter(prometheus.CounterOpts{Name: "gallra_http_overload_refused_total", Help: "HTTP requests that were one too many and were told to come again."}),
	}
	metrics.MustRegister(o.requests, o.lasted, o.inFlight, o.refused)
	return o
}

type observed struct {
	next     http.Handler
	requests *prometheus.CounterVec
	lasted   *prometheus.HistogramVec
	inFlight prometheus.Gauge
	refused  prometheus.Counter
}

// Refused hears of a request that was not let in.
func (o *observed) Refused() { o.refused.Inc() }

func (o *observed) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	ctx, span := r.Context(), trace.Span{}
	if !operational(r.URL.Path) {
		ctx, span = trace.Begin(trace.From(ctx, r.Header.Get(trace.Header)), trace.Server, "", unrouted)
	}
	if ctx != r.Context() {
		r = r.WithContext(ctx)
	}
	said, timer := &answering{ResponseWriter: w, status: http.StatusInternalServerError}, prometheus.NewTimer(nil)
	o.inFlight.Inc()
	defer func() {
		o.inFlight.Dec()
		route := routeOf(r)
		o.requests.WithLabelValues(route, class(said.status)).Inc()
		o.lasted.WithLabelValues(route).Observe(timer.ObserveDuration().Seconds())
		span.Name(route)
		span.Text("http.route", route)
		span.Number("http.response.status_code", said.status)
		span.End(nil)
	}()
	o.next.ServeHTTP(said, r)
	said.begin(http.StatusOK) // said nothing; one that panicked stays a 500
}

// unrouted is the route of a path that no handler has.
const unrouted = "none"

// routeOf is the pattern that the mux found, such as "GET /v1/contacts/{id}".
func routeOf(r *http.Request) string {
	if r.Pattern == "" {
		return unrouted
	}
	return r.Pattern
}

func class(status int) string { return strconv.Itoa(status/100) + "xx" }

// answering notes the status of an answer. Flushing and the rest go through Unwrap (http.ResponseController).
type answering struct {
	http.ResponseWriter
	status int
	begun  bool
}

func (a *answering) WriteHeader(status int) {
	a.begin(status)
	a.ResponseWriter.WriteHeader(status)
}

func (a *answering) Write(b []byte) (int, error) {
	a.begin(http.StatusOK)
	return a.ResponseWriter.Write(b)
}

// begin notes the first status that is an answer; 1xx is none yet.
func (a *answering) begin(status int) {
	if !a.begun && status >= http.StatusOK {
		a.status, a.begun = status, true
	}
}

func (a *answering) Unwrap() http.ResponseWriter { return a.ResponseWriter }
