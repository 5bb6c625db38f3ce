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
}

func (doctorCommand) Help() string {
	return `Looks at this machine and says of everything that is not as it should be what to do about it.

  gallra doctor --data data`
}

func (c doctorCommand) Run(ctx context.Context, t terminal) error {
	findings := doctor.Look(ctx, doctor.Place{Dir: c.Data, HTTP: c.HTTP})
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
