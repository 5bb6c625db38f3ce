package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"text/tabwriter"

	"gallra.se/services/gallra/internal/client"
)

type retentionCommand struct {
	target
	asJSON
	ofAuthority
	Record string `arg:"" help:"Id of the record." placeholder:"ID"`
}

func (retentionCommand) Help() string {
	return `A record's timeline: which rules are counted from which day, which of them decides, what holds it, and what has moved its
day. Ids, rules and dates only.

  gallra retention 5b0c2f0e-8f1c-4a43-9d0a-2f0a54c1b7aa
  gallra retention 5b0c2f0e-8f1c-4a43-9d0a-2f0a54c1b7aa --json | jq .due`
}

func (c retentionCommand) Run(ctx context.Context, t terminal) error {
	api, err := c.client()
	if err != nil {
		return err
	}
	found, err := c.find(ctx, api)
	if err != nil {
		return err
	}
	if c.JSON {
		return printJSON(t.Out, found)
	}
	return printRetention(t.Out, found)
}

// find asks one authority after the other: nobody is told of another's records.
func (c retentionCommand) find(ctx context.Context, api *client.Client) (client.Retention, error) {
	names, err := c.authorities()
	if err != nil {
		return client.Retention{}, err
	}
	for _, name := range names {
		found, err := api.Retention(ctx, name, c.Record)
		var refusal *client.Refusal
		if errors.As(err, &refusal) && refusal.Status == http.StatusNotFound {
			continue
		}
		return found, err
	}
	return client.Retention{}, fmt.Errorf("no record %s is known at %s", c.Record, strings.Join(names, ", "))
}

func printRetention(w io.Writer, r client.Retention) error {
	fmt.Fprintf(w, "%s %s at %s, %s\n", r.Category, r.Record, r.Authority, r.State)
	facts := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	for _, fact := range [][2]string{
		{"gone from", dueText(r)}, {"case type", r.CaseType}, {"collected on", r.CollectedOn}, {"policy version", r.PolicyVersion},
		{"normal", r.Limits.Normal}, {"ceiling", r.Limits.Ceiling}, {"bound by law", r.Limits.Statutory}, {"floor", r.Floor}, {"extended until", r.ExtendedUntil},
		{"to the archive", r.ArchiveTransfer}, {"not stated", r.Silence}, {"preserved", preservedText(r)},
		{"paused by", strings.Join(r.Paused, ", ")}, {"declined", r.Declined}, {"overdue because", r.OverdueBecause},
		{"erasure ordered", erasureText(r)},
	} {
		if fact[1] != "" && fact[1] != "none" {
			fmt.Fprintf(facts, "  %s\t%s\n", fact[0], fact[1])
		}
	}
	if err := facts.Flush(); err != nil {
		return err
	}
	for _, part := range []func(io.Writer, client.Retention) error{printClocks, printRecordHolds, printTrail} {
		if err := part(w, r); err != nil {
			return err
		}
	}
	return nil
}

func dueText(r client.Retention) string {
	if r.Due == "" || r.Due == "none" {
		return "no day"
	}
	return strings.TrimSpace(r.Due + " " + r.Rule)
}

func erasureText(r client.Retention) string {
	if r.Erasure == nil {
		return ""
	}
	return instant(r.Erasure.OrderedAt) + " by " + r.Erasure.Rule
}

func preservedText(r client.Retention) string {
	if r.Preserved {
		return "nobody deletes it before it is sealed to the archive"
	}
	return ""
}

func printClocks(w io.Writer, r client.Retention) error {
	if len(r.Clocks) == 0 {
		return nil
	}
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "\nRULE\tLIMIT\tCOUNTED FROM\t\tPERIOD\tMODE\tENDS\tGONE FROM\tSTATE\t")
	for _, c := range r.Clocks {
		decides := ""
		if c.Rule == r.Rule && c.DueOn == r.Due {
			decides = "decides"
		}
		fmt.Fprintf(table, "%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\n", c.Rule, c.Limit, c.D0, c.Trigger, c.Period, c.Mode, c.E, c.DueOn, c.State, decides)
	}
	return table.Flush()
}

func printRecordHolds(w io.Writer, r client.Retention) error {
	if len(r.Holds) == 0 {
		return nil
	}
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "\nHOLD\tREASON\tON\tPLACED\tREVIEW BY\tRELEASED")
	for _, h := range r.Holds {
		released := "no"
		if h.ReleasedAt != nil {
			released = instant(*h.ReleasedAt)
		}
		fmt.Fprintf(table, "%s\t%s\t%s\t%s\t%s\t%s\n", h.Hold, h.Reason, h.Scope, instant(h.PlacedAt), instant(h.ReviewAt), released)
	}
	return table.Flush()
}

func printTrail(w io.Writer, r client.Retention) error {
	if len(r.Trail) == 0 {
		return nil
	}
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "\nMOVED AT\tBECAUSE OF\tRULE\tGONE FROM")
	for _, move := range r.Trail {
		due := move.DueOn
		if due == "" {
			due = "no day"
		}
		fmt.Fprintf(table, "%s\t%s\t%s\t%s\n", instant(move.At), move.Because, move.Rule, due)
	}
	return table.Flush()
}
