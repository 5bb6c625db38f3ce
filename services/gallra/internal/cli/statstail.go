package cli

import (
	"context"
	"fmt"

	"gallra.se/services/gallra/internal/analyst"
	"gallra.se/services/gallra/internal/client"
)

type statsTailCommand struct {
	target
	Nats   string `help:"URL of the nats-server; by default that of the system on this machine." placeholder:"URL"`
	Nkey   string `type:"existingfile" help:"Seed of an analyst's user; by default that of the system on this machine." placeholder:"FILE"`
	Follow bool   `short:"f" help:"Wait for more when the end is reached."`
}

func (statsTailCommand) Help() string {
	return `Prints the rows of the analysts' stream, one JSON document a line, from the first to the last. The credentials can read
and do nothing else; what the server denies is printed as it says it.

  gallra stats tail
  gallra stats tail --follow --nats nats://stats.example:4222 --nkey analyst.nk`
}

func (c statsTailCommand) Run(ctx context.Context, t terminal) error {
	login := analyst.Login{URL: c.Nats, SeedFile: c.Nkey, CA: c.CA}
	if c.Nats == "" || c.Nkey == "" {
		found, ok, err := client.Find(c.URL)
		if err != nil {
			return err
		}
		if !ok {
			return fmt.Errorf("no system on this machine has left its place for %s: give --nats and --nkey", c.URL)
		}
		login = analyst.Login{URL: found.Nats.URL, SeedFile: found.Nats.Analyst, CA: found.Nats.CA}
	}
	return analyst.Tail(ctx, login, c.Follow, func(row analyst.Row) error {
		_, err := fmt.Fprintf(t.Out, "%s\n", row.Data)
		return err
	})
}
