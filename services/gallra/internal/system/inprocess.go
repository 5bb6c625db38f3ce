package system

import (
	"context"
	"crypto/ed25519"

	"gallra.se/libs/logs"
	"gallra.se/services/gallra/internal/assembly"
)

// inProcess is one loop per service in this process.
func (s *system) inProcess(ctx context.Context) ([]func(context.Context) error, error) {
	var loops []func(context.Context) error
	for _, service := range assembly.Names() {
		config, err := s.config(ctx, service)
		if err != nil {
			return nil, err
		}
		loops = append(loops, func(ctx context.Context) error { return assembly.Run(ctx, config) })
	}
	return loops, nil
}

func (s *system) config(ctx context.Context, service string) (assembly.Config, error) {
	file, err := s.logFile(service)
	if err != nil {
		return assembly.Config{}, err
	}
	listener, err := ListenOn(ctx, unixPrefix+s.sockets[service])
	if err != nil {
		return assembly.Config{}, err
	}
	s.later(func() { listener.Close() })
	config := assembly.Config{
		Service: service, Instance: instance, Nats: s.login(service), StatsNats: statsLogin(service, s.login),
		LedgerKey: s.layout.LedgerKey(), LedgerWitness: s.LedgerWitness, BearerKey: s.tokenKey.Public().(ed25519.PublicKey), Listener: listener,
		Simulated: s.Clock.Simulated, Endpoints: s.Endpoints, Log: logs.New(file, service),
	}
	if service == "intake" {
		config.EIDKeys = s.issuers()
	}
	if service == "console" {
		config.Officers = s.officers()
	}
	if assembly.ServesOfficers(service) {
		config.ConsoleKey = s.console.Public().(ed25519.PublicKey)
	}
	if keeps(service) {
		config.Database = s.databases[database(service)]
	}
	if assembly.Holds(service) {
		config.KeyDatabase = s.databases[keyDatabase(service)]
		if config.Keystore, err = s.keystore(service); err != nil {
			return config, err
		}
	}
	return config, nil
}

// instance is the name of the one instance that each service has here.
const instance = "1"
