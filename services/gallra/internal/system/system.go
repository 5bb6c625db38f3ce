package system

import (
	"context"
	"crypto/ed25519"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"syscall"

	"gallra.se/libs/logs"
	"gallra.se/libs/pg"
	"gallra.se/services/gallra/internal/control"
	"gallra.se/services/gallra/internal/devlogin"
	"gallra.se/services/gallra/internal/embedded"
	"gallra.se/services/gallra/internal/sim"
)

// system is what is up. close undoes what was started so far, last first.
type system struct {
	Options
	layout    embedded.Layout
	log       *slog.Logger
	door      net.Listener
	postgres  *pg.Server
	nats      *embedded.Nats
	databases map[string]string
	tokenKey  ed25519.PrivateKey
	console   ed25519.PrivateKey // that the console signs with
	personas  *devlogin.Provider // nil where nobody is made up
	issuer    ed25519.PublicKey  // of electronic identities; nil where there is none
	sockets   map[string]string
	undo      []func()

	simulation *sim.Handler // nil where the clock is real
}

// Run brings the system up and keeps it up until ctx ends or a part of it fails.
func Run(ctx context.Context, options Options) error {
	s := &system{Options: options}
	defer s.close()
	for _, step := range []func(context.Context) error{
		s.openDir, s.openDoor, s.placeLogin, s.startPostgres, s.startNats, s.provision, s.startClock, s.placeSockets,
	} {
		if err := step(ctx); err != nil {
			return err
		}
	}
	return s.serve(ctx)
}

func (s *system) close() {
	for i := len(s.undo) - 1; i >= 0; i-- {
		s.undo[i]()
	}
}

func (s *system) later(undo func()) { s.undo = append(s.undo, undo) }

func (s *system) openDir(context.Context) (err error) {
	if s.layout, err = embedded.Open(s.Dir); err != nil {
		return err
	}
	lock, err := s.layout.Lock()
	if err != nil {
		return err
	}
	s.later(func() { lock.Close() })
	file, err := s.logFile("gallra")
	if err != nil {
		return err
	}
	s.log = logs.New(file, "gallra")
	if s.Production && s.Clock.Simulated {
		return errSimulatedProduction // said at once; a clock that is stored says it when it is read
	}
	if err := s.checkKeystore(); err != nil {
		return err
	}
	if s.tokenKey, err = s.layout.Credentials().EnsureTokenKey(); err != nil {
		return err
	}
	if s.console, err = s.layout.Credentials().EnsureConsoleKey(); err != nil {
		return err
	}
	return s.prepareIssuer()
}

// logFile opens DIR/logs/NAME.log to add to.
func (s *system) logFile(name string) (*os.File, error) {
	file, err := os.OpenFile(s.logPath(name), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return nil, fmt.Errorf("open log: %w", err)
	}
	s.later(func() { file.Close() })
	return file, nil
}

func (s *system) logPath(name string) string { return filepath.Join(s.layout.Logs(), name+".log") }

// openDoor takes the address before anything slow is started.
func (s *system) openDoor(ctx context.Context) (err error) {
	s.door, err = (&net.ListenConfig{}).Listen(ctx, "tcp", s.HTTP)
	if errors.Is(err, syscall.EADDRINUSE) {
		return fmt.Errorf("%s is taken by another program: stop it, or give --http another address", s.HTTP)
	}
	if err != nil {
		return fmt.Errorf("listen on %s: %w", s.HTTP, err)
	}
	s.later(func() { s.door.Close() })
	return nil
}

func (s *system) startPostgres(ctx context.Context) (err error) {
	log, err := s.logFile("postgres")
	if err != nil {
		return err
	}
	if s.postgres, err = pg.Launch(ctx, pg.LaunchConfig{Dir: s.layout.Postgres(), Log: log}); err != nil {
		return err
	}
	s.later(func() { _ = s.postgres.Stop() })
	return s.provideDatabases(ctx)
}

func (s *system) startNats(context.Context) (err error) {
	if s.nats, err = embedded.StartNats(s.layout, s.Options.Nats); err != nil {
		return err
	}
	s.later(s.nats.Stop)
	return nil
}

func (s *system) startClock(ctx context.Context) (err error) {
	pool, setting, err := sim.Prepare(ctx, s.databases[clockDatabase], s.Clock)
	if err != nil {
		return err
	}
	s.later(pool.Close)
	if s.Clock = setting; !setting.Simulated {
		return nil
	}
	if s.Production {
		return errSimulatedProduction
	}
	ctx, cancel := context.WithCancel(context.WithoutCancel(ctx)) // it ends after the services
	s.later(cancel)
	logins := control.Logins{Coordinator: s.login("coordinator"), Simulator: s.login("simulator"), StatsSimulator: s.login("statistics-simulator")}
	s.simulation, err = control.Simulate(ctx, pool, setting.Start, logins, s.log)
	return err
}

var errSimulatedProduction = errors.New("--production: a clock that can be moved has no place there; give --clock real, and a directory whose clock was never simulated")
