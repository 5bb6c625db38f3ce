// Package intake is the service that takes every contact in: it keeps what the
// channel's rule allows and nothing else, says so in events without personal
// data, and destroys each contact when it is due.
package intake

import (
	"context"
	"crypto/ed25519"
	"errors"
	"log/slog"
	"net"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/nats-io/nats.go"

	"gallra.se/libs/bearer"
	"gallra.se/libs/bus"
	"gallra.se/libs/clock"
	"gallra.se/libs/keyring"
	"gallra.se/libs/outbox"
	"gallra.se/libs/pg"
	"gallra.se/libs/policy"
	"gallra.se/libs/policy/follow"
	"gallra.se/libs/restored"
	"gallra.se/services/intake/internal/store"
)

// Name of the service, of its queue group and of its log lines.
const Name = "intake"

// Deps is what the service is given.
type Deps struct {
	Instance  string
	Listener  net.Listener
	DB        *pgxpool.Pool
	Keys      *keyring.Ring
	NC        *nats.Conn
	Clock     clock.Business
	Policy    *policy.Set
	Bearer    *bearer.Verifier
	EIDKeys   map[string]ed25519.PublicKey // issuers of electronic identities by name; none: nobody logs in
	Log       *slog.Logger
	Simulated bool // only test numbers are accepted
}

// Service is one instance.
type Service struct{ deps Deps }

// New checks that everything needed is there.
func New(d Deps) (*Service, error) {
	if d.Listener == nil || d.DB == nil || d.Keys == nil || d.NC == nil || d.Clock == nil || d.Policy == nil || d.Bearer == nil || d.Log == nil {
		return nil, errors.New("make intake: a dependency is missing")
	}
	return &Service{deps: d}, nil
}

// Migrations are run on the service's database before Run; those of the key
// database are keyring.Migration.
func Migrations() []pg.Migration {
	return []pg.Migration{
		store.Migration,
		{FS: outbox.Migrations, Dir: "migrations", Table: "outbox_version"},
		{FS: bus.Migrations, Dir: "migrations", Table: "bus_version"},
		{FS: follow.Migrations, Dir: "migrations", Table: "policy_version"},
		pg.Dividing,
		restored.Migration,
	}
}

// Migrations is the package's function for whoever holds a Service.
func (s *Service) Migrations() []pg.Migration { return Migrations() }

// Run works until ctx ends.
func (s *Service) Run(ctx context.Context) error { return s.assemble().run(ctx) }
