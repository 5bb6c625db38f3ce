package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"text/tabwriter"

	"gallra.se/services/gallra/internal/client"
)

// eraseCommand orders an erasure, or lists the orders where nothing is named.
type eraseCommand struct {
	target
	asJSON
	ofAuthority
	ID     string `arg:"" optional:"" help:"Id of what is to be erased; without it the orders are listed." placeholder:"ID"`
	Scope  string `enum:"record,case,person" default:"record" help:"What the id names: record, case or person."`
	Ground string `help:"Why, as the authority's pack has it: unlawful, legal-duty, no-longer-needed, consent-withdrawn, objection or inaccurate." placeholder:"CODE"`
}

func (eraseCommand) Help() string {
	return `What is ordered is unreadable at once and goes the way of every disposal, with the same receipt. A hold wins: the order
waits until it is released. What a rule keeps is refused with the rule; where a case or a person is erased, it is listed and
stays. Ordering the same again changes nothing. Needs the role dpo or records-manager.

  gallra erase 5b0c2f0e-… --authority arbetsformedlingen --ground unlawful
  gallra erase 0d4e9c1a-… --scope person --authority stockholm-labour-market-board --ground no-longer-needed --json
  gallra erase                    # the orders, and how far they are`
}

func (c eraseCommand) Run(ctx context.Context, t terminal) error {
	api, err := c.client()
	if err != nil {
		return err
	}
	if c.ID == "" {
		return c.list(ctx, t, api)
	}
	if c.Authority == "" || c.Ground == "" {
		return errors.New("say whose it is and why: --authority NAME --ground CODE (gallra erase --help lists the codes)")
	}
	order, err := api.Erase(ctx, c.Authority, c.Scope, c.ID, c.Ground)
	if err != nil {
		return eraseRefused(err)
	}
	if c.JSON {
		return printJSON(t.Out, order)
	}
	fmt.Fprintf(t.Out, "erasure %s is ordered by %s: %d records, unreadable from %s\n", order.Erasure, order.Rule, len(order.Records)+order.Disposed, instant(order.DueAt))
	if order.State == "waiting" {
		fmt.Fprintln(t.Out, "a hold pauses it: it goes at the midnight after the release (gallra holds list)")
	}
	for _, w := range order.Withheld {
		fmt.Fprintf(t.Out, "stays: %s, by %s\n", w.Record, w.Rule)
	}
	return nil
}

func (c eraseCommand) list(ctx context.Context, t terminal, api *client.Client) error {
	orders, err := everywhere(ctx, c.ofAuthority, "the erasures", api.Erasures)
	if err != nil {
		return err
	}
	if c.JSON {
		return printJSON(t.Out, orders)
	}
	return printErasures(t.Out, orders)
}

func printErasures(w io.Writer, orders []client.Erasure) error {
	if len(orders) == 0 {
		_, err := fmt.Fprintln(w, "nobody has ordered an erasure")
		return err
	}
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "ERASURE\tOF\tGROUND\tRULE\tORDERED\tSTATE\tGONE\tLEFT\tSTAYS")
	for _, o := range orders {
		fmt.Fprintf(table, "%s\t%s %s\t%s\t%s\t%s\t%s\t%d\t%d\t%d\n", o.Erasure, o.Scope, o.Target, o.Ground, o.Rule, instant(o.OrderedAt), o.State, o.Disposed,
			len(o.Records), len(o.Withheld))
	}
	return table.Flush()
}

// eraseRefused says what to do about the refusals that one meets.
func eraseRefused(err error) error {
	var refusal *client.Refusal
	if !errors.As(err, &refusal) {
		return err
	}
	switch {
	case refusal.Reason == "conflict" && refusal.Rule != "":
		return fmt.Errorf("it may not be erased: %s keeps it", refusal.Rule)
	case refusal.Reason == "conflict":
		return errors.New("it is ordered on another ground already: gallra erase lists the orders")
	case refusal.Reason == "gone":
		return errors.New("it is gone already: gallra receipts has its receipt")
	case refusal.Reason == "not-found":
		return errors.New("nothing of that id is known at this authority; what was recorded a moment ago may be known in a moment")
	case refusal.Field == "ground":
		return errors.New("--ground is none of the authority's: gallra policy show AUTHORITY has its pack")
	case refusal.Field == "record" && refusal.Reason == "invalid-field":
		return errors.New("give the record's id; a case's file goes with its case: --scope case and the case's id")
	}
	return err
}
