package cli

import (
	"context"
	"errors"
	"fmt"

	"gallra.se/services/gallra/internal/reconcile"
)

type reconcileCommand struct {
	target
	asJSON
}

func (reconcileCommand) Help() string {
	return `Compares what every service has committed, published and read, lets the ledger compute its log anew, and checks that
every record that was ever stored is living or has a receipt. Exit status 1 when anything is missing.

  gallra reconcile`
}

func (c reconcileCommand) Run(ctx context.Context, t terminal) error {
	api, err := c.client()
	if err != nil {
		return err
	}
	var result reconcile.Result
	if err := api.Get(ctx, "", reconcile.Path, &result); err != nil {
		return fmt.Errorf("reconcile: %w", err)
	}
	if err := printReconciled(t, c.JSON, result); err != nil {
		return err
	}
	if !result.OK {
		return errors.New("something does not add up")
	}
	return nil
}

func printReconciled(t terminal, asJSON bool, result reconcile.Result) error {
	if asJSON {
		return printJSON(t.Out, result)
	}
	for _, f := range result.Findings {
		mark := "ok  "
		if !f.OK {
			mark = "FAIL"
		}
		if _, err := fmt.Fprintf(t.Out, "%s %s (%s)\n", mark, f.What, f.Said); err != nil {
			return err
		}
	}
	return nil
}
