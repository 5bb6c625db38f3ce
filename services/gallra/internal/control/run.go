package control

import (
	"context"
	"crypto/ed25519"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/http/httputil"
	"net/url"

	"github.com/jackc/pgx/v5/pgxpool"

	"gallra.se/libs/bearer"
	"gallra.se/libs/serve"
	"gallra.se/services/gallra/internal/assembly"
	"gallra.se/services/gallra/internal/client"
	"gallra.se/services/gallra/internal/sim"
)

// Config is what the process of its own is given.
type Config struct {
	Nats       assembly.Nats // the user `operator`
	BearerKey  ed25519.PublicKey
	CA         string // file of the CA of the console's and the scanner's certificates
	Console    string // address of the console; empty: it is not asked whether it is ready
	Listener   net.Listener
	Simulation *Simulation // nil where the clock is real
	Log        *slog.Logger
}

// Simulation is what it is given besides where the clock is simulated.
type Simulation struct {
	Clock    sim.Setting
	Database string // URL of the database of the simulated time
	Logins   Logins
	Scan     string // address of `gallra scan-server`
	Backups  string // address of `gallra backup-server`; empty: there are no backups
}

// Run answers until ctx ends.
func Run(ctx context.Context, c Config) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	nc, err := assembly.AwaitNats(ctx, c.Nats, "operator", c.Log)
	if err != nil {
		return err
	}
	context.AfterFunc(ctx, nc.Close)
	whole := ready{nc: nc, awaited: assembly.Clocked()}
	if c.Console != "" {
		if whole.console, err = (client.Found{URL: c.Console, CA: c.CA}).Client(); err != nil {
			return err
		}
	}
	var simulation *sim.Handler
	if c.Simulation != nil {
		if simulation, err = c.simulate(ctx, whole); err != nil {
			return err
		}
	}
	mux := http.NewServeMux()
	serve.Live(mux)
	mux.Handle("GET /readyz", whole)
	for pattern, handler := range Routes(nc, simulation, bearer.NewVerifier(c.BearerKey), c.Log) {
		mux.Handle(pattern, handler)
	}
	c.Log.InfoContext(ctx, "control starts", "simulated", simulation != nil)
	return serve.Run(ctx, c.Listener, mux, c.Log)
}

func (c Config) simulate(ctx context.Context, whole ready) (h *sim.Handler, err error) {
	scan, err := forward(c.Simulation.Scan, c.CA, c.Log)
	if err != nil {
		return nil, err
	}
	var pool *pgxpool.Pool
	setting := c.Simulation.Clock
	err = assembly.AwaitDatabase(ctx, c.Log, func(ctx context.Context) (err error) {
		pool, setting, err = sim.Prepare(ctx, c.Simulation.Database, c.Simulation.Clock)
		return err
	})
	if err != nil {
		return nil, err
	}
	context.AfterFunc(ctx, pool.Close)
	if h, err = Simulate(ctx, pool, setting.Start, c.Simulation.Logins, c.Log); err != nil {
		return nil, err
	}
	h.Services, h.NotReady, h.Scan = sim.Containers{Instances: h.Instances}, whole.Missing, scan
	if c.Simulation.Backups != "" {
		transport, err := client.Found{URL: c.Simulation.Backups, CA: c.CA}.Transport()
		if err != nil {
			return nil, err
		}
		h.Backups = sim.RemoteBackups{URL: c.Simulation.Backups, HTTP: &http.Client{Transport: transport}}
	}
	return h, nil
}

// forward passes a search on to the scanner, who sees the volumes; the caller's token goes
// along, and nothing of it is kept here.
func forward(address, ca string, log *slog.Logger) (http.Handler, error) {
	to, err := url.Parse(address)
	if err != nil || to.Host == "" {
		return nil, fmt.Errorf("%q is no address of a scanner", address)
	}
	transport, err := client.Found{URL: address, CA: ca}.Transport()
	if err != nil {
		return nil, err
	}
	return &httputil.ReverseProxy{
		Rewrite:   func(r *httputil.ProxyRequest) { r.SetURL(to) },
		Transport: transport,
		ErrorLog:  slog.NewLogLogger(log.Handler(), slog.LevelWarn),
	}, nil
}
