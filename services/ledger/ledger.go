// Package ledger is the service that bears witness: an append-only Merkle log
// with a leaf for every record that was destroyed and every disclosure that was
// delivered, signed after each batch. From it come receipts that an outsider
// can check with nothing but the public key (package receipt).
package ledger

import (
	"context"
	"errors"
	"log/slog"
	"net"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/nats-io/nats.go"

	"gallra.se/libs/bearer"
	"gallra.se/libs/bus"
	"gallra.se/libs/clock"
	"gallra.se/libs/outbox"
	"gallra.se/libs/pg"
	"gallra.se/services/ledger/internal/store"
)

// Name of the service, of its queue group and of its log lines.
const Name = "ledger"

// Config is what an operator sets.
type Config struct {
	// KeyFile holds the key that signs checkpoints. It is made at the first
	// start and must be kept for as long as receipts are to be checked.
	KeyFile string

	// WitnessKeyFile holds the key of a second party, which signs the same
	// checkpoints (MakeWitnessKey); empty where nobody witnesses.
	WitnessKeyFile string
}

// Deps is what the service is given. It owns no personal data, and so no keyring.
type Deps struct {
	Config   Config
	Instance string
	Listener net.Listener
	DB       *pgxpool.Pool
	NC       *nats.Conn
	Clock    clock.Business
	Bearer   *bearer.Verifier
	Log      *slog.Logger
}

// Service is one instance.
type Service struct{ deps Deps }

// New checks that everything needed is there.
func New(d Deps) (*Service, error) {
	if d.Config.KeyFile == "" || d.Listener == nil || d.DB == nil || d.NC == nil || d.Clock == nil || d.Bearer == nil || d.Log == nil {
		return nil, errors.New("make ledger: a dependency is missing")
	}
	return &Service{deps: d}, nil
}

// Migrations are run on the service's database before Run.
func Migrations() []pg.Migration {
	return []pg.Migration{
		store.Migration,
		{FS: outbox.Migrations, Dir: "migrations", Table: "outbox_version"},
		{FS: bus.Migrations, Dir: "migrations", Table: "bus_version"},
	}
}

// Migrations is the package's function for whoever holds a Service.
func (s *Service) Migrations() []pg.Migration { return Migrations() }

// Run works until ctx ends.
func (s *Service) Run(ctx context.Context) error {
	err := s.work(ctx)
	if ctx.Err() != nil {
		return nil
	}
	return err
}

func (s *Service) work(ctx context.Context) error {
	signer, err := s.openLog(ctx)
	if err != nil {
		return err
	}
	witness, err := s.openWitness()
	if err != nil {
		return err
	}
	return s.assemble(signer, witness).run(ctx)
}
