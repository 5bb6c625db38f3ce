package cli

import (
	"context"

	"gallra.se/services/gallra/internal/sim"
	"gallra.se/services/gallra/internal/system"
)

type upCommand struct {
	Data          string            `required:"" help:"Directory for everything: postgres, nats, keys, logs." placeholder:"DIR"`
	HTTP          string            `name:"http" default:"127.0.0.1:8080" help:"Address of the page and the API." placeholder:"HOST:PORT"`
	Nats          string            `default:"127.0.0.1:0" help:"Address of the nats-server; port 0 takes a free one." placeholder:"HOST:PORT"`
	Clock         string            `default:"real" help:"real, simulated, or simulated=DATE. A stored simulated time wins."`
	Processes     bool              `help:"One process per service."`
	Production    bool              `env:"GALLRA_PRODUCTION" help:"Refuse a simulated clock."`
	Recipient     map[string]string `help:"Where disclosures to a recipient are delivered." placeholder:"NAME=URL"`
	LedgerWitness string            `type:"existingfile" help:"File of the key of a second party, which signs the ledger's checkpoints too." placeholder:"FILE"`
	Sample        string            `type:"existingfile" help:"Journal to import at the first start, moved to the past week." placeholder:"FILE"`
	Empty         bool              `help:"Import no sample."`
	keystoreFlags
	loginFlags
}

func (upCommand) Help() string {
	return `Starts a nats-server, a PostgreSQL and all services, prints the address when they are ready, and ends them all on
Ctrl-C. A second start on the same directory goes on from what it kept.

Officers log in at the OpenID provider that is named. Where none is, and the address is this machine's own, they are made-up
personas, one of each kind for each authority; never with --production.

Root keys are files under the data directory unless --keystore says otherwise; each service has a folder of its own there and
in --key-copy. With --production both must be given, and the keystore may not lie on the data's volume.

  gallra up --data data
  gallra up --data /tmp/sim --http 127.0.0.1:9000 --clock simulated=2021-01-01 --processes
  gallra up --data data --production --keystore /srv/keys --key-copy /srv/second --oidc-issuer …`
}

func (c upCommand) Run(ctx context.Context, t terminal) error {
	setting, err := sim.ParseSetting(c.Clock)
	if err != nil {
		return err
	}
	login, err := c.login()
	if err != nil {
		return err
	}
	options := system.Options{Dir: c.Data, HTTP: c.HTTP, Nats: c.Nats, Clock: setting, Processes: c.Processes, Production: c.Production, Keystore: c.keystore(),
		Endpoints: c.Recipient, LedgerWitness: c.LedgerWitness, Login: login, Sample: c.Sample, Out: t.Out, Err: t.Err}
	if c.Empty {
		options.Sample = ""
	}
	return system.Run(ctx, options)
}
