package cli

import (
	"context"
	"fmt"
)

type policyActivateCommand struct {
	policyChange
	Plan string `required:"" help:"Hash of the plan that you have looked at." placeholder:"HASH"`
}

func (policyActivateCommand) Help() string {
	return `Puts a changed pack into force, for all services and without a restart. It wants the hash of the plan of exactly this
change, made on the same day: nobody changes a policy without having seen what it does. Every living record is counted anew;
a record whose last day lies behind goes on the first day of the new version. A longer period never prolongs what was
collected under a shorter one.

  gallra policy activate packs/arbetsformedlingen --plan 4b2f9c56…
  gallra policy activate --authority arbetsformedlingen --rule AFC-21 --period "14 days" --from 2026-07-01 --plan 4b2f9c56…`
}

func (c policyActivateCommand) Run(ctx context.Context, t terminal) error {
	api, err := c.client()
	if err != nil {
		return err
	}
	authority, files, err := c.change(ctx, api)
	if err != nil {
		return err
	}
	done, err := api.ActivatePolicy(ctx, authority, files, c.Plan)
	if err != nil {
		return policyRefused(err)
	}
	if c.JSON {
		return printJSON(t.Out, done)
	}
	_, err = fmt.Fprintf(t.Out, "%s goes by its policy %s, valid from %s (%s)\n", authority, done.Version, done.ValidFrom, done.Hash)
	return err
}
