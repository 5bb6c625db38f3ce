package provision

import (
	"context"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"gallra.se/libs/bus"
	"gallra.se/services/gallra/internal/assembly"
	"gallra.se/services/gallra/internal/connect"
	"gallra.se/services/gallra/internal/credentials"
	statistics "gallra.se/services/statistics-pseudonymiser"
)

// The NATS users that may make streams, each in its account.
const (
	CoreUser       = "provisioner"
	StatisticsUser = "statistics-provisioner"
)

// Streams makes those of the operation, and what partners read them by.
func Streams(ctx context.Context, nc *nats.Conn, readers []credentials.Reader) error {
	js, err := jetstream.New(nc)
	if err != nil {
		return err
	}
	if err := bus.Provision(ctx, js, assembly.Contexts()); err != nil {
		return err
	}
	return connect.EnsureReaders(ctx, js, readers)
}

// StatisticsStream makes that of the analysts.
func StatisticsStream(ctx context.Context, nc *nats.Conn) error { return statistics.Provision(ctx, nc) }
