package system

import (
	"context"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"gallra.se/libs/bus"
	"gallra.se/services/gallra/internal/assembly"
	statistics "gallra.se/services/statistics-pseudonymiser"
)

// provision makes the streams, each in its account.
func (s *system) provision(ctx context.Context) error {
	err := s.asProvisioner("provisioner", func(nc *nats.Conn) error {
		js, err := jetstream.New(nc)
		if err != nil {
			return err
		}
		return bus.Provision(ctx, js, assembly.Contexts())
	})
	if err != nil {
		return err
	}
	return s.asProvisioner("statistics-provisioner", func(nc *nats.Conn) error { return statistics.Provision(ctx, nc) })
}

func (s *system) asProvisioner(user string, do func(*nats.Conn) error) error {
	nc, err := assembly.Connect(s.login(user), user, s.log)
	if err != nil {
		return err
	}
	defer nc.Close()
	return do(nc)
}
