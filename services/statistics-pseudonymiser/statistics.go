// Package statistics is the statistics-pseudonymiser: it keeps coarse rows of
// closed cases apart from every operative database, cuts their links when the
// cases go, gives analysts a stream of them, and lets each row end after a
// period of its own. There is no way back from a row to a person, and no
// endpoint that would try.
package statistics

import (
	"context"
	"errors"
	"log/slog"
	"net"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/nats-io/nats.go"

	"gallra.se/libs/bus"
	"gallra.se/libs/clock"
	"gallra.se/libs/keyring"
	"gallra.se/libs/pg"
	"gallra.se/libs/policy"
	"gallra.se/libs/restored"
	"gallra.se/services/statistics-pseudonymiser/internal/publish"
	"gallra.se/services/statistics-pseudonymiser/internal/store"
)

// Name of the service, of its queue group and of its log lines.
const Name = "statistics-pseudonymiser"

// Stream is the analysts' stream, in an account of its own.
const Stream = publish.Stream

// Deps is what the service is given. NC is in the operations' account, Stats in
// the analysts': rows go straight from one to the other, and no subject, sequence
// or header of the first is seen in the second.
type Deps struct {
	Instance  string
	Listener  net.Listener // health and metrics only
	DB        *pgxpool.Pool
	Keys      *keyring.Ring
	NC        *nats.Conn
	Stats     *nats.Conn
	Clock     clock.Business
	Policy    *policy.Set
	Log       *slog.Logger
	Simulated bool // answers with row ids, which a real deployment never does
}

// Service is one instance.
type Service struct{ deps Deps }

// New checks that everything needed is there.
func New(d Deps) (*Service, error) {
	if d.Listener == nil || d.DB == nil || d.Keys == nil || d.NC == nil || d.Stats == nil || d.Clock == nil || d.Policy == nil || d.Log == nil {
		return nil, errors.New("make statistics-pseudonymiser: a dependency is missing")
	}
	return &Service{deps: d}, nil
}

// Migrations are run on the service's database before Run. The keyring's are run
// on its key database.
func Migrations() []pg.Migration {
	return []pg.Migration{store.Migration, {FS: bus.Migrations, Dir: "migrations", Table: "bus_version"}, restored.Migration}
}

// Migrations is the package's function for whoever holds a Service.
func (s *Service) Migrations() []pg.Migration { return Migrations() }

// Provision makes the analysts' stream in the account of the connection. Run
// does it too, where it may.
func Provision(ctx context.Context, stats *nats.Conn) error { return publish.Provision(ctx, stats) }

// Run works until ctx ends.
func (s *Service) Run(ctx context.Context) error {
	err := Provision(ctx, s.deps.Stats)
	if err == nil {
		err = s.assemble().run(ctx)
	}
	if ctx.Err() != nil {
		return nil
	}
	return err
}
