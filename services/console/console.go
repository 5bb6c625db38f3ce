// Package console is where people see that promises are kept: one page with every rule, how many records run under it,
// how many were destroyed, when the next goes and whether anything is overdue.
//
// It promises to show only what the services answer, and to say which of them did not. It owns no data and holds no
// record of any person; it does not decide, change or remember anything.
package console

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"net/http"

	"github.com/nats-io/nats.go"

	"gallra.se/libs/bearer"
	"gallra.se/libs/clock"
	"gallra.se/libs/pg"
	"gallra.se/libs/policy"
	"gallra.se/libs/serve"

	"gallra.se/services/console/internal/api"
	"gallra.se/services/console/internal/ask"
	"gallra.se/services/console/internal/page"
)

// Name of the service.
const Name = "console"

// Deps is what the composition gives.
type Deps struct {
	Listener net.Listener
	NC       *nats.Conn
	Clock    clock.Business
	Policy   *policy.Set
	Bearer   *bearer.Verifier
	Log      *slog.Logger
}

// Service is one instance.
type Service struct {
	deps  Deps
	pages http.Handler
}

// Migrations: the console has no tables.
func Migrations() []pg.Migration { return nil }

// New puts an instance together; nothing runs yet.
func New(d Deps) (*Service, error) {
	mux, metrics := http.NewServeMux(), serve.Registry(clock.Metrics(d.Clock))
	s := &Service{d, serve.Observe(metrics, mux)}
	asker := ask.New(d.NC)
	(&page.Pages{Ask: asker, Policy: d.Policy.Clone(), Clock: d.Clock, Log: d.Log}).Routes(mux)
	(&api.API{Ask: asker, Clock: d.Clock, Log: d.Log}).Routes(mux, d.Bearer)
	serve.Health(mux, metrics, d.Log, serve.Check{Name: "nats", Ask: s.connected})
	return s, nil
}

// Run serves until ctx ends. The console takes no part in the settle barrier: it does no work of its own.
func (s *Service) Run(ctx context.Context) error {
	return serve.Run(ctx, s.deps.Listener, s.pages, s.deps.Log)
}

func (s *Service) connected(context.Context) error {
	if !s.deps.NC.IsConnected() {
		return errors.New("no connection")
	}
	return nil
}
