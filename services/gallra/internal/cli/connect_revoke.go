package cli

import (
	"context"
	"fmt"
	"time"
)

type connectRevokeCommand struct {
	connectTarget
	Name string `arg:"" help:"Name of the partner."`
}

func (connectRevokeCommand) Help() string {
	return `Takes everything from a partner: its account is gone and its connections are closed. A bearer token for HTTP that it was
given stays valid until its day, which is printed.

  gallra connect revoke kund-1`
}

func (c connectRevokeCommand) Run(ctx context.Context, t terminal) error {
	desk, err := c.desk()
	if err != nil {
		return err
	}
	revoked, err := desk.Revoke(ctx, c.Name)
	if err != nil {
		return err
	}
	if c.JSON {
		return printJSON(t.Out, revoked)
	}
	fmt.Fprintf(t.Out, "%s has nothing any more.\n", c.Name)
	if !revoked.Live {
		fmt.Fprintf(t.Out, "The nats-server does not answer at %s: what is connected to it stays so until it starts again.\n", desk.URL)
	}
	if !revoked.TokensUntil.IsZero() {
		fmt.Fprintf(t.Out, "ATTENTION: a bearer token for HTTP that it was given is valid until %s. Only a new tokens.pem ends it, and with it every other token.\n",
			revoked.TokensUntil.Format(time.RFC3339))
	}
	return nil
}
