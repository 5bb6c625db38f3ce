package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"text/tabwriter"
	"time"

	"gallra.se/services/gallra/internal/client"
)

// holdsCommands are what pauses destruction.
type holdsCommands struct {
	List    holdsListCommand    `cmd:"" help:"Show the holds that are not released."`
	Place   holdsPlaceCommand   `cmd:"" help:"Keep something over its last day, or renew the review of a hold."`
	Release holdsReleaseCommand `cmd:"" help:"End a hold."`
}

type holdsListCommand struct {
	target
	asJSON
	ofAuthority
}

func (holdsListCommand) Help() string {
	return `The one that must be reviewed first comes first. One that nobody has reviewed in time stays, and raises an alarm.

  gallra holds list
  gallra holds list --authority arbetsformedlingen --json`
}

func (c holdsListCommand) Run(ctx context.Context, t terminal) error {
	api, err := c.client()
	if err != nil {
		return err
	}
	holds, err := everywhere(ctx, c.ofAuthority, "the holds", api.Holds)
	if err != nil {
		return err
	}
	if c.JSON {
		return printJSON(t.Out, holds)
	}
	return printHolds(t.Out, holds)
}

func printHolds(w io.Writer, holds []client.Hold) error {
	if len(holds) == 0 {
		_, err := fmt.Fprintln(w, "nothing is held")
		return err
	}
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "HOLD\tAUTHORITY\tREASON\tON\tUNITS\tPLACED\tREVIEW BY\t")
	for _, h := range holds {
		late := ""
		if h.Overdue {
			late = "past its review"
		}
		fmt.Fprintf(table, "%s\t%s\t%s\t%s %s\t%d\t%s\t%s\t%s\n", h.Hold, h.Authority, h.Reason, h.Scope, h.Target, h.Units, instant(h.PlacedAt), instant(h.ReviewAt), late)
	}
	return table.Flush()
}

func instant(at time.Time) string { return at.UTC().Format(time.RFC3339) }

type holdsPlaceCommand struct {
	target
	asJSON
	Authority string `required:"" help:"Whose record, case or person." placeholder:"NAME"`
	Scope     string `required:"" enum:"record,case,person" help:"What is held: record, case or person."`
	Target    string `required:"" help:"Its id." placeholder:"ID"`
	Reason    string `required:"" enum:"complaint,court,control-case,document-request,restriction" help:"Why: complaint, court, control-case, document-request or restriction."`
	ReviewAt  string `help:"Day or instant by which somebody must look at it again; by default, and at the latest, in six months." placeholder:"DATE"`
}

func (holdsPlaceCommand) Help() string {
	return `A hold pauses destruction and nothing else. The answer is final: what it covers will not be destroyed before its
release. Placing it again with the same reason renews its review.

  gallra holds place --authority arbetsformedlingen --scope record --target 5b0c2f0e-… --reason complaint --review-at 2026-06-01`
}

func (c holdsPlaceCommand) Run(ctx context.Context, t terminal) error {
	api, err := c.client()
	if err != nil {
		return err
	}
	id, err := api.PlaceHold(ctx, c.Authority, client.HoldRequest{Scope: c.Scope, Target: c.Target, Reason: c.Reason, ReviewAt: c.ReviewAt})
	if err != nil {
		return holdRefused(err)
	}
	if c.JSON {
		return printJSON(t.Out, map[string]string{"id": id})
	}
	_, err = fmt.Fprintf(t.Out, "hold %s is placed\n", id)
	return err
}

// holdRefused says what to do about the refusals that one meets.
func holdRefused(err error) error {
	var refusal *client.Refusal
	if !errors.As(err, &refusal) {
		return err
	}
	switch {
	case refusal.Reason == "conflict":
		return errors.New("it is too late: what the hold would cover is destroyed, or given up to destruction")
	case refusal.Field == "reviewAt":
		return errors.New("--review-at must lie ahead, at most six months from now")
	case refusal.Field == "target":
		return errors.New("--target is no id: give the record's, the case's or the person's, as their creators got it")
	}
	return err
}

type holdsReleaseCommand struct {
	target
	Authority string `required:"" help:"Whose hold." placeholder:"NAME"`
	Hold      string `arg:"" help:"Id of the hold." placeholder:"ID"`
}

func (holdsReleaseCommand) Help() string {
	return `What no other hold covers runs on; what is past its last day goes at the next midnight.

  gallra holds release 0d4e9c1a-… --authority arbetsformedlingen`
}

func (c holdsReleaseCommand) Run(ctx context.Context, t terminal) error {
	api, err := c.client()
	if err != nil {
		return err
	}
	if err := api.ReleaseHold(ctx, c.Authority, c.Hold); err != nil {
		return fmt.Errorf("release the hold: %w", err)
	}
	_, err = fmt.Fprintf(t.Out, "hold %s is released\n", c.Hold)
	return err
}
