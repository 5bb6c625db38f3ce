package system

import (
	"context"

	"github.com/nats-io/nats.go"

	"gallra.se/services/gallra/internal/assembly"
	"gallra.se/services/gallra/internal/credentials"
	"gallra.se/services/gallra/internal/provision"
)

// provideDatabases gives every database of a deployment's servers its place on this one.
func (s *system) provideDatabases(ctx context.Context) error {
	secrets := s.layout.Credentials()
	s.databases = map[string]string{}
	for _, part := range credentials.Servers() {
		names := credentials.Databases(part)
		if err := provision.Databases(ctx, s.postgres.Admin(), names, secrets.Role); err != nil {
			return err
		}
		for _, name := range names {
			password, err := secrets.Role(name)
			if err != nil {
				return err
			}
			s.databases[name] = s.postgres.URL(name, name, password)
		}
	}
	return nil
}

// provision makes the streams, each in its account, and what partners read by.
func (s *system) provision(ctx context.Context) error {
	readers, err := s.layout.Credentials().Readers()
	if err != nil {
		return err
	}
	err = s.asProvisioner(provision.CoreUser, func(nc *nats.Conn) error { return provision.Streams(ctx, nc, readers) })
	if err != nil {
		return err
	}
	return s.asProvisioner(provision.StatisticsUser, func(nc *nats.Conn) error { return provision.StatisticsStream(ctx, nc) })
}

func (s *system) asProvisioner(user string, do func(*nats.Conn) error) error {
	nc, err := assembly.Connect(s.login(user), user, s.log)
	if err != nil {
		return err
	}
	defer nc.Close()
	return do(nc)
}
