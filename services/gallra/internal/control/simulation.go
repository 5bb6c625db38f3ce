package control

import (
	"context"
	"log/slog"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/nats-io/nats.go"

	"gallra.se/services/gallra/internal/assembly"
	"gallra.se/services/gallra/internal/sim"
)

// Logins are the NATS users that a simulation is played with.
type Logins struct {
	Coordinator    assembly.Nats // moves the clock
	Simulator      assembly.Nats // stops and starts instances, empties the streams of CORE
	StatsSimulator assembly.Nats // empties the analysts' stream
}

// Simulate starts the clock where pool has it, or else at start, and hears the instances.
// What the caller alone knows it adds to the handler: Services, NotReady and Scan. All ends
// with ctx.
func Simulate(ctx context.Context, pool *pgxpool.Pool, start time.Time, logins Logins, log *slog.Logger) (*sim.Handler, error) {
	connected := map[string]*nats.Conn{}
	for name, login := range map[string]assembly.Nats{
		"coordinator": logins.Coordinator, "simulator": logins.Simulator, "statistics-simulator": logins.StatsSimulator,
	} {
		nc, err := assembly.AwaitNats(ctx, login, name, log)
		if err != nil {
			return nil, err
		}
		context.AfterFunc(ctx, nc.Close)
		connected[name] = nc
	}
	clock, err := sim.Coordinate(ctx, pool, connected["coordinator"], start, assembly.Clocked(), log)
	if err != nil {
		return nil, err
	}
	instances, err := sim.NewInstances(connected["simulator"], assembly.Names(), log)
	if err != nil {
		return nil, err
	}
	return &sim.Handler{
		Clock: clock, NC: connected["coordinator"], Instances: instances, Log: log,
		Streams: sim.Streams{Core: connected["simulator"], Stats: connected["statistics-simulator"], Contexts: assembly.Contexts()},
	}, nil
}
