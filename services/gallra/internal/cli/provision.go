package cli

import (
	"context"
	"os"

	"gallra.se/libs/logs"
	"gallra.se/services/gallra/internal/assembly"
	"gallra.se/services/gallra/internal/credentials"
	"gallra.se/services/gallra/internal/provision"
)

type provisionCommand struct {
	Part       string `enum:"core,statistics" required:"" help:"core or statistics: each side of the statistics' wall by itself."`
	CA         string `name:"ca" type:"existingfile" env:"GALLRA_CA" help:"CA that the nats-server's certificate must be signed by." placeholder:"FILE"`
	Nats       string `required:"" env:"GALLRA_NATS" help:"URL of the nats-server." placeholder:"URL"`
	NatsNkey   string `required:"" type:"existingfile" env:"GALLRA_NATS_NKEY" help:"Seed of provisioner, or of statistics-provisioner." placeholder:"FILE"`
	Passwords  string `required:"" type:"existingdir" env:"GALLRA_PASSWORDS" help:"Directory with a password file for each role and for each server's superuser." placeholder:"DIR"`
	Operations string `env:"GALLRA_OPERATIONS" help:"URL of the operation's server for its superuser, without the password (core)." placeholder:"URL"`
	Keys       string `env:"GALLRA_KEYS" help:"The same of the server of the key databases (core)." placeholder:"URL"`
	Statistics string `env:"GALLRA_STATISTICS" help:"The same of the statistics' server (statistics)." placeholder:"URL"`
	Readers    string `type:"existingfile" env:"GALLRA_READERS" help:"List of the consumers that partners read by: readers.json of the nats-server's configuration (core)." placeholder:"FILE"`
}

func (provisionCommand) Help() string {
	return `Waits for the servers, and makes what services find when they start: roles and databases that nobody else may enter,
streams, and the consumers of partners. Does no harm when it is run again.

  GALLRA_OPERATIONS='postgres://postgres@db/postgres?sslmode=verify-full&sslrootcert=ca.pem' GALLRA_KEYS=postgres://postgres@keydb/postgres \
  gallra provision --part core --nats tls://nats:4222 --ca ca.pem --nats-nkey provisioner.nk --passwords databases`
}

func (c provisionCommand) Run(ctx context.Context) error {
	config := provision.Config{
		Servers: map[string]string{
			credentials.Operations: c.Operations, credentials.Keys: c.Keys, credentials.Statistics: c.Statistics,
		},
		Passwords: credentials.Passwords(c.Passwords),
		Nats:      assembly.Nats{URL: c.Nats, SeedFile: c.NatsNkey, User: provision.CoreUser, CA: c.CA},
		Log:       logs.New(os.Stdout, "provision"),
	}
	if c.Part == "statistics" {
		config.Nats.User = provision.StatisticsUser
		return provision.Statistics(ctx, config)
	}
	if c.Readers != "" {
		readers, err := credentials.ReadReaders(c.Readers)
		if err != nil {
			return err
		}
		config.Readers = readers
	}
	return provision.Core(ctx, config)
}
