package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"text/tabwriter"

	"gallra.se/services/gallra/internal/client"
)

// reviewsCommands are the lists that somebody looks at before they go.
type reviewsCommands struct {
	List    reviewsListCommand    `cmd:"" help:"Show what waits for an approval."`
	Approve reviewsApproveCommand `cmd:"" help:"Let exactly one list go."`
}

type reviewsListCommand struct {
	target
	asJSON
	ofAuthority
}

func (reviewsListCommand) Help() string {
	return `Categories whose policy asks for a review wait past their day until somebody has approved their list; after the last
ceiling they go without.

  gallra reviews list
  gallra reviews list --authority arbetsformedlingen --json`
}

func (c reviewsListCommand) Run(ctx context.Context, t terminal) error {
	api, err := c.client()
	if err != nil {
		return err
	}
	reviews, err := everywhere(ctx, c.ofAuthority, "the reviews", api.Reviews)
	if err != nil {
		return err
	}
	if c.JSON {
		return printJSON(t.Out, reviews)
	}
	return printReviews(t.Out, reviews)
}

func printReviews(w io.Writer, reviews []client.Review) error {
	if len(reviews) == 0 {
		_, err := fmt.Fprintln(w, "nothing waits for a review")
		return err
	}
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "AUTHORITY\tCATEGORY\tMONTH\tRECORDS\tUNITS\tFIRST DUE\tLAST CEILING\tHASH")
	for _, r := range reviews {
		ceiling := r.LastCeiling
		if ceiling == "" {
			ceiling = "none"
		}
		fmt.Fprintf(table, "%s\t%s\t%s\t%d\t%d\t%s\t%s\t%s\n", r.Authority, r.Category, r.Month, r.Records, r.Units, r.FirstDue, ceiling, r.Hash)
	}
	return table.Flush()
}

type reviewsApproveCommand struct {
	target
	asJSON
	Authority string `required:"" help:"Whose list." placeholder:"NAME"`
	Category  string `required:"" help:"Its category." placeholder:"NAME"`
	Month     string `required:"" help:"Its month." placeholder:"2026-03"`
	Hash      string `required:"" help:"Its hash, as it was listed." placeholder:"HASH"`
}

func (reviewsApproveCommand) Help() string {
	return `The hash stands for exactly the units that were listed: when one has come or gone since, look at the list again.

  gallra reviews approve --authority arbetsformedlingen --category case.document --month 2026-03 --hash 9c56cc51…`
}

func (c reviewsApproveCommand) Run(ctx context.Context, t terminal) error {
	api, err := c.client()
	if err != nil {
		return err
	}
	units, err := api.ApproveReview(ctx, c.Authority, c.Category, c.Month, c.Hash)
	var refusal *client.Refusal
	if errors.As(err, &refusal) && refusal.Reason == "review-stale" {
		return errors.New("the list has changed since it was looked at: see `gallra reviews list`, and give its new hash")
	}
	if err != nil {
		return err
	}
	if c.JSON {
		return printJSON(t.Out, map[string]int{"units": units})
	}
	_, err = fmt.Fprintf(t.Out, "approved: %d units go on their day\n", units)
	return err
}
