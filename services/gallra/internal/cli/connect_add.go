package cli

import (
	"context"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"time"

	"gallra.se/services/gallra/internal/connect"
	"gallra.se/services/gallra/internal/credentials"
)

type connectAddCommand struct {
	connectTarget
	Name      string        `arg:"" help:"Name of the partner: a-z, 0-9 and dashes."`
	Publish   []string      `help:"What it may hand in; may be given again." placeholder:"AUTHORITY/KIND"`
	Subscribe []string      `help:"Events that it may read; may be given again. AUTHORITY/case.* means those of today." placeholder:"AUTHORITY/EVENT"`
	TokenTTL  time.Duration `name:"token-ttl" default:"2160h" help:"How long its bearer tokens for HTTP are valid. A token cannot be taken back before."`
}

func (connectAddCommand) Help() string {
	return `Makes an account of its own for another system: it may hand in the kinds of lines (contact, person, case) and read the
events that are named here, of the authorities that are named here, and nothing else. Prints where its credentials are, which
are to be handed over by a safe way, and what it can begin with. For a partner that is there already, it has exactly this
from now on. The nats-server takes it over while it runs; nobody else's connection is disturbed.

  gallra connect add kund-1 --publish arbetsformedlingen/contact --subscribe arbetsformedlingen/case.closed
  gallra connect add kund-1 --subscribe 'arbetsformedlingen/case.*' --dir deploy/secrets --nats tls://gallra.example.org:4222`
}

func (c connectAddCommand) Run(ctx context.Context, t terminal) error {
	partner, err := connect.Ask(c.Name, c.Publish, c.Subscribe)
	if err != nil {
		return err
	}
	desk, err := c.desk()
	if err != nil {
		return err
	}
	given, err := desk.Add(ctx, partner, c.TokenTTL)
	if err != nil {
		return err
	}
	if c.JSON {
		return printJSON(t.Out, given)
	}
	return printGiven(t.Out, given)
}

func printGiven(w io.Writer, g connect.Given) error {
	if g.Live {
		fmt.Fprintf(w, "%s is connected.\n\n", g.Name)
	} else {
		fmt.Fprintf(w, "%s will be connected when the nats-server starts: it does not answer at %s.\n\n", g.Name, g.Nats)
	}
	fmt.Fprintf(w, "hands in   %s\n", grantsText(g.Publish))
	fmt.Fprintf(w, "reads      %s\n", grantsText(g.Subscribe))
	for _, r := range g.Reads {
		fmt.Fprintf(w, "           by consumer %s of stream %s\n", r.Name, r.Stream)
	}
	fmt.Fprintf(w, "nats       %s\n", g.Nats)
	fmt.Fprintf(w, "seed       %s\n", g.Seed)
	if g.CA != "" {
		fmt.Fprintf(w, "ca         %s\n", g.CA)
	}
	for _, authority := range slices.Sorted(maps.Keys(g.Tokens)) {
		fmt.Fprintf(w, "token      %s (HTTP, %s, until %s)\n", g.Tokens[authority], authority, g.TokensUntil.Format(time.DateOnly))
	}
	text, err := g.Snippet()
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(w, "\n%s", text)
	return err
}

func grantsText(grants []credentials.Grant) string {
	if len(grants) == 0 {
		return "nothing"
	}
	texts := make([]string, len(grants))
	for i, g := range grants {
		texts[i] = g.String()
	}
	return strings.Join(texts, " ")
}
