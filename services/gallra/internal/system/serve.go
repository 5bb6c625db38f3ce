package system

import (
	"context"
	"crypto/ed25519"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/nats-io/nats.go"

	"gallra.se/libs/bearer"
	"gallra.se/libs/clock"
	"gallra.se/libs/serve"
	"gallra.se/services/gallra/internal/assembly"
	"gallra.se/services/gallra/internal/gateway"
	"gallra.se/services/gallra/internal/reconcile"
	"gallra.se/services/gallra/internal/sim"
)

// simulatedTime is there only where the clock is simulated.
type simulatedTime struct {
	coordinator *clock.Coordinator
	nc          *nats.Conn
}

// serve runs services and door together: when one part fails, all end.
func (s *system) serve(ctx context.Context) error {
	var loops []func(context.Context) error
	var services sim.Services
	door := &gateway.Gateway{}
	if s.Processes {
		set, err := s.children()
		if err != nil {
			return err
		}
		services = single{set, func(ctx context.Context) []string { return door.NotReady(ctx) }}
		loops = append(loops, set.Run)
	} else {
		inside, err := s.inProcess(ctx)
		if err != nil {
			return err
		}
		loops = append(loops, inside...)
	}
	own, err := s.ownRoutes(services)
	if err != nil {
		return err
	}
	door = gateway.New(s.sockets, own, s.log)
	return serve.Group(ctx, append(loops,
		func(ctx context.Context) error { return serve.Run(ctx, s.door, door, s.log) },
		func(ctx context.Context) error { return s.announce(ctx, door) },
		s.watchPostgres,
	)...)
}

// ownRoutes are what this process answers itself.
func (s *system) ownRoutes(services sim.Services) (map[string]http.Handler, error) {
	verifier := bearer.NewVerifier(s.tokenKey.Public().(ed25519.PublicKey))
	nc, err := assembly.Connect(s.login("operator"), "operator", s.log)
	if err != nil {
		return nil, err
	}
	s.later(nc.Close)
	routes := map[string]http.Handler{
		reconcile.Path: (&reconcile.Handler{NC: nc, Awaited: assembly.Clocked(), Log: s.log}).Behind(verifier),
	}
	if s.time != nil {
		handler := &sim.Handler{Clock: s.time.coordinator, NC: s.time.nc, Services: services, Log: s.log}
		routes["/sim/"] = handler.Routes(verifier)
	}
	return routes, nil
}

// startTimeout is how long services may take to say that they are ready.
const startTimeout = 2 * time.Minute

// announce tells the operator, and leaves the tokens, when everything is ready.
func (s *system) announce(ctx context.Context, door *gateway.Gateway) error {
	waiting, cancel := context.WithTimeout(ctx, startTimeout)
	defer cancel()
	if err := door.Await(waiting); err != nil {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		return fmt.Errorf("the services are not ready after %s: see %s: %w", startTimeout, s.layout.Logs(), err)
	}
	if err := s.leaveTokens(ctx); err != nil {
		return err
	}
	fmt.Fprintf(s.Out, "gallra is ready: %s (data in %s, clock %s; Ctrl-C ends it)\n", s.url(), s.Dir, s.clockText())
	if err := s.importSample(ctx); err != nil {
		return err
	}
	return s.keepTokens(ctx)
}

func (s *system) url() string {
	address := s.door.Addr().String()
	return "http://" + strings.Replace(address, "[::]", "127.0.0.1", 1)
}

func (s *system) clockText() string {
	if s.time == nil {
		return "real"
	}
	return "simulated at " + s.time.coordinator.Now().Now.UTC().Format(time.RFC3339)
}

func (s *system) watchPostgres(ctx context.Context) error {
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-s.postgres.Exited():
		return errors.New("PostgreSQL has ended by itself: see " + s.logPath("postgres"))
	}
}
