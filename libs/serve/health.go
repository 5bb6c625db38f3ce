package serve

import (
	"context"
	"log/slog"
	"net/http"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"
)

// Check says whether something that the service needs is there.
type Check struct {
	Name string
	Ask  func(context.Context) error
}

// Registry is a service's own set of metrics: what its parts measure, which program it is, and the Go runtime. Names and
// labels never hold personal data, nor an id.
func Registry(parts ...prometheus.Collector) *prometheus.Registry {
	r := prometheus.NewRegistry()
	r.MustRegister(collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}), build())
	r.MustRegister(parts...)
	return r
}

// Health adds /livez (the process answers), /readyz (every check passes) and /metrics to a mux. What cannot be measured
// just now is left out of /metrics and counted (promhttp_metric_handler_errors_total).
func Health(mux *http.ServeMux, metrics *prometheus.Registry, log *slog.Logger, checks ...Check) {
	Live(mux)
	mux.HandleFunc("GET /readyz", func(w http.ResponseWriter, r *http.Request) { ready(w, r, log, checks) })
	mux.Handle("GET /metrics", promhttp.HandlerFor(metrics, promhttp.HandlerOpts{ErrorHandling: promhttp.ContinueOnError, Registry: metrics}))
}

// Live adds /livez alone: the process answers.
func Live(mux *http.ServeMux) { mux.HandleFunc("GET /livez", alive) }

func alive(w http.ResponseWriter, _ *http.Request) { plain(w, http.StatusOK, "ok") }

const checkTimeout = 2 * time.Second

func ready(w http.ResponseWriter, r *http.Request, log *slog.Logger, checks []Check) {
	ctx, cancel := context.WithTimeout(r.Context(), checkTimeout)
	defer cancel()
	for _, c := range checks {
		if err := c.Ask(ctx); err != nil {
			log.WarnContext(ctx, "not ready", "check", c.Name, "error", err.Error())
			plain(w, http.StatusServiceUnavailable, "not ready: "+c.Name)
			return
		}
	}
	plain(w, http.StatusOK, "ok")
}

func plain(w http.ResponseWriter, status int, text string) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.WriteHeader(status)
	_, _ = w.Write([]byte(text + "\n"))
}
