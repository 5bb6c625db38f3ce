package cli

import (
	"fmt"

	"gallra.se/services/gallra/internal/credentials"
)

type deploySecretsCommand struct {
	asJSON
	Dir  string   `required:"" env:"GALLRA_SECRETS" help:"Folder of the deployment's secrets." placeholder:"DIR"`
	Host []string `help:"Name or address by which others reach the gateway and NATS; may be given again." placeholder:"NAME"`
}

func (deploySecretsCommand) Help() string {
	return `Makes the passwords, keys and certificates that a deployment in containers lacks, keeps what is there, and prints the
files that are new: what uses them must be started again. The folder is closed to everyone but its owner.

  gallra deploy secrets --dir deploy/secrets --host gallra.example.org`
}

func (c deploySecretsCommand) Run(t terminal) error {
	made, err := credentials.Generate(c.Dir, c.Host)
	if err != nil {
		return err
	}
	if c.JSON {
		return printJSON(t.Out, map[string]any{"dir": c.Dir, "made": append([]string{}, made...)})
	}
	for _, file := range made {
		if _, err := fmt.Fprintln(t.Out, file); err != nil {
			return err
		}
	}
	return nil
}
