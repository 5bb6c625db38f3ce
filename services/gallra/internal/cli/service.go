package cli

import (
	"context"
	"fmt"
	"net"
	"os"

	"github.com/alecthomas/kong"

	"gallra.se/libs/logs"
	"gallra.se/services/gallra/internal/assembly"
	"gallra.se/services/gallra/internal/credentials"
)

// serviceCommand runs the service that the subcommand is called after.
type serviceCommand struct {
	door
	Instance      string `env:"GALLRA_INSTANCE" help:"Name of this instance among its like; the host's name where none is given."`
	Nats          string `required:"" env:"GALLRA_NATS" help:"URL of the nats-server." placeholder:"URL"`
	CA            string `name:"ca" type:"existingfile" env:"GALLRA_CA" help:"CA that a tls:// nats-server's certificate must be signed by." placeholder:"FILE"`
	NatsNkey      string `required:"" type:"existingfile" env:"GALLRA_NATS_NKEY" help:"Seed of the service's NATS user." placeholder:"FILE"`
	StatsNatsNkey string `type:"existingfile" env:"GALLRA_STATS_NATS_NKEY" help:"Seed of the user in the analysts' account (statistics-pseudonymiser)." placeholder:"FILE"`
	Database      string `env:"GALLRA_DATABASE" help:"URL of the service's database; with a password only by the environment." placeholder:"URL"`
	Password      string `name:"database-password-file" env:"GALLRA_DATABASE_PASSWORD_FILE" help:"File that holds the database password." placeholder:"FILE"`
	KeyDatabase   string `env:"GALLRA_KEY_DATABASE" help:"URL of the key database; with a password only by the environment." placeholder:"URL"`
	KeyPassword   string `name:"key-database-password-file" env:"GALLRA_KEY_DATABASE_PASSWORD_FILE" help:"File that holds the key database's password." placeholder:"FILE"`
	keystoreFlags
	LedgerKey     string `env:"GALLRA_LEDGER_KEY" help:"File of the key that signs checkpoints (ledger)." placeholder:"FILE"`
	LedgerWitness string `type:"existingfile" env:"GALLRA_LEDGER_WITNESS" help:"File of the key of a second party, which signs checkpoints too (ledger)." placeholder:"FILE"`
	BearerKey     string `required:"" type:"existingfile" env:"GALLRA_BEARER_KEY" help:"Public key that bearer tokens are verified with." placeholder:"FILE"`
	ConsoleKey    string `type:"existingfile" env:"GALLRA_CONSOLE_KEY" help:"Public key of the console's tokens, where officers read from the service." placeholder:"FILE"`
	clockKind
	officerFlags
	EIDKey    map[string]string `name:"eid-key" env:"GALLRA_EID_KEYS" help:"Public key of an issuer of electronic identities (intake); without any nobody logs in." placeholder:"ISSUER=FILE"`
	Recipient map[string]string `env:"GALLRA_RECIPIENTS" help:"Where disclosures to a recipient are delivered (disclosure)." placeholder:"NAME=URL"`
}

func (serviceCommand) Help() string {
	return `Every flag may be given by the environment instead: GALLRA_NATS, GALLRA_DATABASE and so on.

  GALLRA_DATABASE=postgres://intake@db/intake GALLRA_DATABASE_PASSWORD_FILE=database.password \
  GALLRA_KEY_DATABASE=postgres://intake_keys@keydb/intake_keys GALLRA_KEY_DATABASE_PASSWORD_FILE=keys.password \
  gallra intake --http :8080 --nats tls://nats:4222 --ca ca.pem --nats-nkey intake.nk --bearer-key tokens.pub.pem --keystore keys`
}

func (c serviceCommand) Run(ctx context.Context, t terminal, parsed *kong.Context) error {
	service := parsed.Selected().Name
	config, err := c.config(service)
	if err != nil {
		return err
	}
	return c.open(ctx, func(listener net.Listener) error {
		config.Listener = listener
		return assembly.Run(ctx, config)
	})
}

func (c serviceCommand) config(service string) (config assembly.Config, err error) {
	if err := c.complete(service); err != nil {
		return config, err
	}
	if err := c.clockKind.allowed(); err != nil {
		return config, err
	}
	if c.Production && assembly.Holds(service) {
		if err := c.keystore().Allowed(""); err != nil {
			return config, err
		}
	}
	config = assembly.Config{
		Service: service, Instance: instanceName(c.Instance), Nats: assembly.Nats{URL: c.Nats, SeedFile: c.NatsNkey, User: service, CA: c.CA},
		Keystore: c.keystore(), LedgerKey: c.LedgerKey, LedgerWitness: c.LedgerWitness, Simulated: c.Simulated, Endpoints: c.Recipient, Log: logs.New(os.Stdout, service),
	}
	if c.StatsNatsNkey != "" {
		config.StatsNats = assembly.Nats{URL: c.Nats, SeedFile: c.StatsNatsNkey, User: "statistics-publisher", CA: c.CA}
	}
	if config.Database, err = withPassword(c.Database, c.Password); err != nil {
		return config, err
	}
	if config.KeyDatabase, err = withPassword(c.KeyDatabase, c.KeyPassword); err != nil {
		return config, err
	}
	if c.ConsoleKey != "" {
		if config.ConsoleKey, err = credentials.ReadTokenPublicKey(c.ConsoleKey); err != nil {
			return config, err
		}
	}
	if service == "console" {
		if config.Officers, err = c.officers(c.CA); err != nil {
			return config, err
		}
	}
	if config.EIDKeys, err = credentials.ReadIssuers(c.EIDKey); err != nil {
		return config, err
	}
	config.BearerKey, err = credentials.ReadTokenPublicKey(c.BearerKey)
	return config, err
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
