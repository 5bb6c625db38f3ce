package cli

import (
	"context"
	"fmt"
	"net"
	"os"

	"gallra.se/libs/logs"
	"gallra.se/services/gallra/internal/assembly"
	"gallra.se/services/gallra/internal/control"
	"gallra.se/services/gallra/internal/credentials"
	"gallra.se/services/gallra/internal/sim"
)

type controlCommand struct {
	door
	CA        string `name:"ca" type:"existingfile" env:"GALLRA_CA" help:"CA that the certificates of NATS, console and scanner must be signed by." placeholder:"FILE"`
	Nats      string `required:"" env:"GALLRA_NATS" help:"URL of the nats-server." placeholder:"URL"`
	NatsNkey  string `required:"" type:"existingfile" env:"GALLRA_NATS_NKEY" help:"Seed of the NATS user operator." placeholder:"FILE"`
	BearerKey string `required:"" type:"existingfile" env:"GALLRA_BEARER_KEY" help:"Public key that bearer tokens are verified with." placeholder:"FILE"`
	Console   string `env:"GALLRA_CONSOLE" help:"Address of the console, to ask whether it is ready." placeholder:"URL"`
	clockKind
	Clock              string `default:"real" env:"GALLRA_CLOCK" help:"real, simulated, or simulated=DATE. A stored simulated time wins."`
	CoordinatorNkey    string `type:"existingfile" env:"GALLRA_COORDINATOR_NKEY" help:"With a simulated clock: seed of the NATS user coordinator." placeholder:"FILE"`
	SimulatorNkey      string `type:"existingfile" env:"GALLRA_SIMULATOR_NKEY" help:"With a simulated clock: seed of the NATS user simulator." placeholder:"FILE"`
	StatsSimulatorNkey string `type:"existingfile" env:"GALLRA_STATS_SIMULATOR_NKEY" help:"With a simulated clock: seed of the NATS user statistics-simulator." placeholder:"FILE"`
	Database           string `env:"GALLRA_DATABASE" help:"With a simulated clock: URL of the database that keeps it; with a password only by the environment." placeholder:"URL"`
	Password           string `name:"database-password-file" env:"GALLRA_DATABASE_PASSWORD_FILE" help:"File that holds the database password." placeholder:"FILE"`
	Scan               string `env:"GALLRA_SCAN" help:"With a simulated clock: address of gallra scan-server." placeholder:"URL"`
	Backups            string `env:"GALLRA_BACKUP_SERVER" help:"With a simulated clock: address of gallra backup-server." placeholder:"URL"`
}

func (controlCommand) Help() string {
	return `The operator's side of a deployment in containers: /readyz of all of it, /v1/reconcile, and, where the clock is simulated,
that clock and everything under /sim. Every flag may be given by the environment instead.

  gallra control --http :8080 --nats tls://nats:4222 --ca ca.pem --nats-nkey operator.nk --bearer-key tokens.pub.pem`
}

func (c controlCommand) Run(ctx context.Context) error {
	config, err := c.config()
	if err != nil {
		return err
	}
	return c.open(ctx, func(listener net.Listener) error {
		config.Listener = listener
		return control.Run(ctx, config)
	})
}

func (c controlCommand) config() (config control.Config, err error) {
	setting, err := sim.ParseSetting(c.Clock)
	if err != nil {
		return config, err
	}
	c.Simulated = c.Simulated || setting.Simulated
	setting.Simulated = c.Simulated
	if err := c.clockKind.allowed(); err != nil {
		return config, err
	}
	config = control.Config{Nats: c.login(c.NatsNkey, "operator"), CA: c.CA, Console: c.Console, Log: logs.New(os.Stdout, "control")}
	if config.BearerKey, err = credentials.ReadTokenPublicKey(c.BearerKey); err != nil || !c.Simulated {
		return config, err
	}
	for name, value := range map[string]string{
		"GALLRA_COORDINATOR_NKEY": c.CoordinatorNkey, "GALLRA_SIMULATOR_NKEY": c.SimulatorNkey,
		"GALLRA_STATS_SIMULATOR_NKEY": c.StatsSimulatorNkey, "GALLRA_DATABASE": c.Database, "GALLRA_SCAN": c.Scan,
	} {
		if value == "" {
			return config, fmt.Errorf("control needs %s where the clock is simulated", name)
		}
	}
	config.Simulation = &control.Simulation{Clock: setting, Scan: c.Scan, Backups: c.Backups, Logins: control.Logins{
		Coordinator: c.login(c.CoordinatorNkey, "coordinator"), Simulator: c.login(c.SimulatorNkey, "simulator"),
		StatsSimulator: c.login(c.StatsSimulatorNkey, "statistics-simulator"),
	}}
	config.Simulation.Database, err = withPassword(c.Database, c.Password)
	return config, err
}

func (c controlCommand) login(seed, user string) assembly.Nats {
	return assembly.Nats{URL: c.Nats, SeedFile: seed, User: user, CA: c.CA}
}
