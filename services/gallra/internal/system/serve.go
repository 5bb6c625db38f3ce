package system

import (
	"context"
	"crypto/ed25519"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"strings"
	"time"

	"gallra.se/libs/bearer"
	"gallra.se/libs/serve"
	"gallra.se/services/gallra/internal/assembly"
	"gallra.se/services/gallra/internal/control"
	"gallra.se/services/gallra/internal/gateway"
	"gallra.se/services/gallra/internal/sim"
)

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
		services = single{set}
		loops = append(loops, set.Run)
	} else {
		inside, err := s.inProcess(ctx)
		if err != nil {
			return err
		}
		loops = append(loops, inside...)
	}
	if s.simulation != nil {
		s.simulation.Services, s.simulation.Scan, s.simulation.Backups = services, sim.Scan{Root: s.layout.Dir, Log: s.log}, s.backups()
		s.simulation.NotReady = func(ctx context.Context) []string { return door.NotReady(ctx) }
	}
	own, err := s.ownRoutes()
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
func (s *system) ownRoutes() (map[string]http.Handler, error) {
	nc, err := assembly.Connect(s.login("operator"), "operator", s.log)
	if err != nil {
		return nil, err
	}
	s.later(nc.Close)
	own := control.Routes(nc, s.simulation, bearer.NewVerifier(s.tokenKey.Public().(ed25519.PublicKey)), s.log)
	maps.Copy(own, s.madeUp())
	return own, nil
}

// startTimeout is how long services may take to say that they are ready.
const startTimeout = 2 * time.Minute

// announce tells the operator, and leaves the system's place, when everything is ready.
func (s *system) announce(ctx context.Context, door *gateway.Gateway) error {
	waiting, cancel := context.WithTimeout(ctx, startTimeout)
	defer cancel()
	if err := door.Await(waiting); err != nil {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		return fmt.Errorf("the services are not ready after %s: see %s: %w", startTimeout, s.layout.Logs(), err)
	}
	if err := s.leavePlace(); err != nil {
		return err
	}
	fmt.Fprintf(s.Out, "gallra is ready: %s (data in %s, clock %s; Ctrl-C ends it)\n", s.url(), s.Dir, s.clockText())
	return s.importSample(ctx)
}

func (s *system) url() string {
	address := s.door.Addr().String()
	return "http://" + strings.Replace(address, "[::]", "127.0.0.1", 1)
}

func (s *system) clockText() string {
	if s.simulation == nil {
		return "real"
	}
	return "simulated at " + s.simulation.Clock.Now().Now.UTC().Format(time.RFC3339)
}

func (s *system) watchPostgres(ctx context.Context) error {
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-s.postgres.Exited():
		return errors.New("PostgreSQL has ended by itself: see " + s.logPath("postgres"))
	}
}
