package cli

import (
	"context"
	"errors"
	"fmt"

	"gallra.se/services/gallra/internal/doctor"
)

type doctorCommand struct {
	asJSON
	Data string `default:"data" help:"Data directory to look at." placeholder:"DIR"`
	HTTP string `name:"http" default:"127.0.0.1:8080" help:"Address that gallra up would take." placeholder:"HOST:PORT"`

	Secrets string   `env:"GALLRA_SECRETS" help:"Look at a deployment in containers instead: the folder of its secrets." placeholder:"DIR"`
	Publish []string `default:"127.0.0.1:8443,127.0.0.1:4222" help:"Addresses that the deployment publishes." placeholder:"HOST:PORT"`
	Project string   `env:"COMPOSE_PROJECT_NAME" default:"gallra" help:"Name of the deployment's project." placeholder:"NAME"`
	Server  string   `name:"key-server" env:"KEY_SERVER" help:"Address of the deployment's key server, where root keys are at one." placeholder:"URL"`
	Prefix  string   `name:"key-prefix" env:"KEY_PREFIX" default:"gallra" help:"What the names of its keys begin with." placeholder:"NAME"`
	keystoreFlags
	clockKind
}

func (doctorCommand) Help() string {
	return `Looks at this machine and says of everything that is not as it should be what to do about it.

  gallra doctor --data data
  gallra doctor --data data --production --keystore /srv/keys --key-copy /srv/second
  gallra doctor --secrets deploy/secrets`
}

func (c doctorCommand) Run(ctx context.Context, t terminal) error {
	findings := c.look(ctx)
	if c.JSON {
		if err := printJSON(t.Out, findings); err != nil {
			return err
		}
	} else {
		for _, f := range findings {
			fmt.Fprintf(t.Out, "%-5s %s: %s\n", f.Grade, f.What, f.Said)
			if f.Do != "" {
				fmt.Fprintf(t.Out, "      → %s\n", f.Do)
			}
		}
	}
	if doctor.Worst(findings) == doctor.Fail {
		return errors.New("a system would not run here")
	}
	return nil
}

func (c doctorCommand) look(ctx context.Context) []doctor.Finding {
	if c.Secrets == "" {
		return doctor.Look(ctx, doctor.Place{Dir: c.Data, HTTP: c.HTTP, Keystore: c.keystore(), Production: c.Production})
	}
	return doctor.LookAtDeployment(ctx, doctor.Deployment{Secrets: c.Secrets, Addresses: c.Publish, Project: c.Project, KeyServer: c.Server, KeyPrefix: c.Prefix, Production: c.Production, Simulated: c.Simulated})
}
