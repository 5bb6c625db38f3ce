package assembly

import (
	"context"
	"fmt"

	"gallra.se/libs/pg"
	"gallra.se/libs/serve"
	"gallra.se/services/gallra/internal/keys"
)

// blueprint says how one service is built from its parts.
type blueprint struct {
	migrations func() []pg.Migration
	build      func(*parts) (service, error)
}

// service is what every service package gives back.
type service interface {
	Run(ctx context.Context) error
}

// blueprints are the services of the system, one file each.
var blueprints = map[string]blueprint{
	"ledger":                   {ledgerMigrations, newLedger},
	"retention-timer":          {retentionTimerMigrations, newRetentionTimer},
	"statistics-pseudonymiser": {statisticsMigrations, newStatistics},
	"case-linker":              {caseLinkerMigrations, newCaseLinker},
	"intake":                   {intakeMigrations, newIntake},
	"disclosure":               {disclosureMigrations, newDisclosure},
	"console":                  {consoleMigrations, newConsole},
}

// Run runs the configured service until ctx ends or it fails. In a simulated deployment it
// has as many lives as its control gives it.
func Run(ctx context.Context, c Config) error {
	if blueprints[c.Service].build == nil {
		return fmt.Errorf("no service is called %s", c.Service)
	}
	if err := serve.NoCore(); err != nil {
		return fmt.Errorf("start %s: %w", c.Service, err)
	}
	ctx, untrace, err := traced(ctx, c)
	if err != nil {
		return fmt.Errorf("start %s: %w", c.Service, err)
	}
	defer untrace()
	if c.Simulated {
		return runLives(ctx, c, live)
	}
	return live(ctx, c)
}

// live builds the service and runs it.
func live(ctx context.Context, c Config) error {
	plan := blueprints[c.Service]
	p, err := gather(ctx, c, plan.migrations())
	if err != nil {
		return err
	}
	defer p.Close()
	running, err := made(ctx, p, plan)
	if err != nil {
		if ctx.Err() != nil {
			return nil
		}
		return err
	}
	if p.Keys != nil {
		if err := keys.Answer(ctx, p.NC, c.Service, p.Keys); err != nil {
			return fmt.Errorf("start %s: %w", c.Service, err)
		}
	}
	c.Log.InfoContext(ctx, "service starts", "instance", c.Instance, "simulated", c.Simulated)
	if err := running.Run(ctx); err != nil && ctx.Err() == nil {
		return fmt.Errorf("%s: %w", c.Service, err)
	}
	c.Log.Info("service has ended")
	return nil
}
