package system

import (
	"context"
	"fmt"
	"os"

	"gallra.se/services/gallra/internal/assembly"
	"gallra.se/services/gallra/internal/processes"
	"gallra.se/services/gallra/internal/sim"
)

// children is one process per service: this binary with the service's subcommand.
func (s *system) children() (*processes.Set, error) {
	executable, err := os.Executable()
	if err != nil {
		return nil, fmt.Errorf("find own executable: %w", err)
	}
	var all []processes.Child
	for _, service := range assembly.Names() {
		all = append(all, s.child(service))
	}
	return processes.NewSet(executable, all, s.log), nil
}

// child gives addresses as arguments and database URLs, which hold passwords, in the
// environment, where only the owner sees them.
func (s *system) child(service string) processes.Child {
	c := processes.Child{Name: service, Log: s.logPath(service), Args: []string{service,
		"--nats=" + s.nats.URL(), "--nats-nkey=" + s.layout.Seed(service),
		"--http=" + unixPrefix + s.sockets[service], "--bearer-key=" + s.layout.TokenPublicKey(),
	}}
	if s.Clock.Simulated {
		c.Args = append(c.Args, "--simulated")
	}
	if assembly.ServesOfficers(service) {
		c.Args = append(c.Args, "--console-key="+s.layout.ConsolePublicKey())
	}
	if keeps(service) {
		c.Env = append(c.Env, "GALLRA_DATABASE="+s.databases[database(service)])
	}
	if assembly.Holds(service) {
		c.Env = append(c.Env, "GALLRA_KEY_DATABASE="+s.databases[keyDatabase(service)])
		c.Args = append(c.Args, s.keystoreArgs(service)...)
	}
	switch service {
	case "intake":
		c.Args = append(c.Args, s.issuersArgs()...)
	case "ledger":
		c.Args = append(c.Args, "--ledger-key="+s.layout.LedgerKey())
		if s.LedgerWitness != "" {
			c.Args = append(c.Args, "--ledger-witness="+s.LedgerWitness)
		}
	case "statistics-pseudonymiser":
		c.Args = append(c.Args, "--stats-nats-nkey="+s.layout.Seed(statsUser))
	case "console":
		c.Args = append(c.Args, s.officersArgs()...)
	case "disclosure":
		for recipient, url := range s.Endpoints {
			c.Args = append(c.Args, "--recipient="+recipient+"="+url)
		}
	}
	return c
}

// single stops and starts one child at a time, for scenarios that kill a service.
type single struct{ set *processes.Set }

func (s single) Kill(_ context.Context, service string) error {
	if !s.set.Has(service) {
		return sim.ErrUnknownService
	}
	s.set.Kill(service)
	return nil
}

func (s single) Start(ctx context.Context, service string) error {
	if !s.set.Has(service) {
		return sim.ErrUnknownService
	}
	return s.set.Start(ctx, service)
}
