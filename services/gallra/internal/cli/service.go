package cli

import (
	"context"
	"fmt"
	"os"

	"github.com/alecthomas/kong"

	"gallra.se/libs/logs"
	"gallra.se/services/gallra/internal/assembly"
	"gallra.se/services/gallra/internal/embedded"
	"gallra.se/services/gallra/internal/system"
)

// serviceCommand runs the service that the subcommand is called after.
type serviceCommand struct {
	Instance      string            `default:"1" env:"GALLRA_INSTANCE" help:"Name of this instance among its like."`
	HTTP          string            `name:"http" required:"" env:"GALLRA_HTTP" help:"HOST:PORT or unix:PATH to listen on." placeholder:"ADDRESS"`
	Nats          string            `required:"" env:"GALLRA_NATS" help:"URL of the nats-server." placeholder:"URL"`
	NatsNkey      string            `required:"" type:"existingfile" env:"GALLRA_NATS_NKEY" help:"Seed of the service's NATS user." placeholder:"FILE"`
	StatsNatsNkey string            `type:"existingfile" env:"GALLRA_STATS_NATS_NKEY" help:"Seed of the user in the analysts' account (statistics-pseudonymiser)." placeholder:"FILE"`
	Database      string            `env:"GALLRA_DATABASE" help:"URL of the service's database; give it by the environment." placeholder:"URL"`
	KeyDatabase   string            `env:"GALLRA_KEY_DATABASE" help:"URL of the key database; give it by the environment." placeholder:"URL"`
	Keystore      string            `env:"GALLRA_KEYSTORE" help:"Directory of the keyring's root keys." placeholder:"DIR"`
	LedgerKey     string            `env:"GALLRA_LEDGER_KEY" help:"File of the key that signs checkpoints (ledger)." placeholder:"FILE"`
	BearerKey     string            `required:"" type:"existingfile" env:"GALLRA_BEARER_KEY" help:"Public key that bearer tokens are verified with." placeholder:"FILE"`
	Simulated     bool              `env:"GALLRA_SIMULATED" help:"Follow a simulated clock."`
	Recipient     map[string]string `env:"GALLRA_RECIPIENTS" help:"Where disclosures to a recipient are delivered (disclosure)." placeholder:"NAME=URL"`
}

func (serviceCommand) Help() string {
	return `Every flag may be given by the environment instead: GALLRA_NATS, GALLRA_DATABASE and so on.

  GALLRA_DATABASE=postgres://intake@db/intake GALLRA_KEY_DATABASE=postgres://intake_keys@keydb/intake_keys \
  gallra intake --http :8080 --nats nats://nats:4222 --nats-nkey intake.nk --bearer-key tokens.pub.pem --keystore keys`
}

func (c serviceCommand) Run(ctx context.Context, t terminal, parsed *kong.Context) error {
	service := parsed.Selected().Name
	if err := c.complete(service); err != nil {
		return err
	}
	key, err := embedded.ReadTokenPublicKey(c.BearerKey)
	if err != nil {
		return err
	}
	listener, err := system.ListenOn(ctx, c.HTTP)
	if err != nil {
		return err
	}
	defer listener.Close()
	config := assembly.Config{
		Service: service, Instance: c.Instance, Nats: assembly.Nats{URL: c.Nats, SeedFile: c.NatsNkey, User: service},
		Database: c.Database, KeyDatabase: c.KeyDatabase, Keystore: c.Keystore, LedgerKey: c.LedgerKey,
		BearerKey: key, Listener: listener, Simulated: c.Simulated, Endpoints: c.Recipient, Log: logs.New(os.Stdout, service),
	}
	if c.StatsNatsNkey != "" {
		config.StatsNats = assembly.Nats{URL: c.Nats, SeedFile: c.StatsNatsNkey, User: "statistics-publisher"}
	}
	return assembly.Run(ctx, config)
}

// complete names what this service needs beyond what every service needs.
func (c serviceCommand) complete(service string) error {
	needed := map[string]string{}
	if service != "console" {
		needed["GALLRA_DATABASE"] = c.Database
	}
	if assembly.Holds(service) {
		needed["GALLRA_KEY_DATABASE"], needed["GALLRA_KEYSTORE"] = c.KeyDatabase, c.Keystore
	}
	if service == "ledger" {
		needed["GALLRA_LEDGER_KEY"] = c.LedgerKey
	}
	for name, value := range needed {
		if value == "" {
			return fmt.Errorf("%s needs %s", service, name)
		}
	}
	return nil
}
