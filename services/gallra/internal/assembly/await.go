package assembly

import (
	"context"
	"log/slog"

	"github.com/nats-io/nats.go"

	"gallra.se/libs/pg"
)

// AwaitNats is Connect for who may be there before the nats-server is.
func AwaitNats(ctx context.Context, login Nats, name string, log *slog.Logger) (nc *nats.Conn, err error) {
	err = Await(ctx, log, "NATS", NatsMayCome, func(context.Context) error {
		nc, err = Connect(login, name, log)
		return err
	})
	return nc, err
}

// AwaitDatabase does what needs a database for who may be there before it is.
func AwaitDatabase(ctx context.Context, log *slog.Logger, do func(context.Context) error) error {
	return Await(ctx, log, "database", pg.Unreachable, do)
}
