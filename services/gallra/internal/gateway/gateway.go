package gateway

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"net/http/httputil"
	"time"

	"gallra.se/libs/problem"
	"gallra.se/libs/serve"
)

// Gateway routes to services by socket.
type Gateway struct {
	proxies map[string]*httputil.ReverseProxy
	sockets map[string]string
	mux     *http.ServeMux
}

// New routes to these sockets, by service. own are handlers of the gateway's process
// that come before the services, such as the simulated clock.
func New(sockets map[string]string, own map[string]http.Handler, log *slog.Logger) *Gateway {
	g := &Gateway{proxies: map[string]*httputil.ReverseProxy{}, sockets: sockets, mux: http.NewServeMux()}
	for service, socket := range sockets {
		g.proxies[service] = proxyTo(service, socket, log)
	}
	serve.Live(g.mux)
	g.mux.HandleFunc("GET /readyz", g.ready)
	g.mux.HandleFunc("GET /metrics/{service}", g.metrics)
	for pattern, handler := range own {
		g.mux.Handle(pattern, handler)
	}
	g.mux.HandleFunc("/", g.route)
	return g
}

func (g *Gateway) ServeHTTP(w http.ResponseWriter, r *http.Request) { g.mux.ServeHTTP(w, r) }

// route lets answers go out while the request still arrives: a stream is answered line by line.
func (g *Gateway) route(w http.ResponseWriter, r *http.Request) {
	_ = http.NewResponseController(w).EnableFullDuplex()
	g.proxies[Owner(r.URL.Path)].ServeHTTP(w, r)
}

func (g *Gateway) metrics(w http.ResponseWriter, r *http.Request) {
	proxy, ok := g.proxies[r.PathValue("service")]
	if !ok {
		problem.Write(w, problem.New("not-found"))
		return
	}
	r.URL.Path = "/metrics"
	proxy.ServeHTTP(w, r)
}

// proxyTo keeps streams flowing: NDJSON answers go out line by line.
func proxyTo(service, socket string, log *slog.Logger) *httputil.ReverseProxy {
	return &httputil.ReverseProxy{
		Rewrite: func(r *httputil.ProxyRequest) {
			r.Out.URL.Scheme, r.Out.URL.Host = "http", service
			r.Out.Host = r.In.Host
			r.SetXForwarded()
		},
		Transport: &http.Transport{
			DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
				return (&net.Dialer{}).DialContext(ctx, "unix", socket)
			},
			MaxIdleConnsPerHost: 64,
			IdleConnTimeout:     time.Minute,
		},
		FlushInterval: -1,
		ErrorHandler: func(w http.ResponseWriter, r *http.Request, err error) {
			if r.Context().Err() == nil {
				log.Warn("service does not answer", "to", service, "error", err.Error())
			}
			problem.Write(w, absence(err))
		},
		ErrorLog: slog.NewLogLogger(log.Handler(), slog.LevelWarn),
	}
}

// absence asks the caller to come again only when nothing of the request was sent: what
// was sent may have been done.
func absence(err error) problem.Problem {
	var dial *net.OpError
	if errors.As(err, &dial) && dial.Op == "dial" {
		return problem.Unavailable(time.Second)
	}
	return problem.Unavailable(0)
}
