// Package promise asks for the promise board and prints it as text: every rule with how
// many records run under it, how many were disposed of, the next day on which one goes,
// and how many are overdue, which must be none.
package promise

import (
	"context"
	"fmt"
	"io"
	"text/tabwriter"

	"gallra.se/services/gallra/internal/client"
)

// Row is one rule.
type Row struct {
	Authority string `json:"authority"`
	Rule      string `json:"rule"`
	Title     string `json:"title"`
	Period    string `json:"period"`
	Running   int64  `json:"running"`
	Disposed  int64  `json:"disposed"`
	NextDue   string `json:"nextDue"`
	Overdue   int64  `json:"overdue"`
}

// Ask asks for the rules of these authorities, each with a token of its own.
func Ask(ctx context.Context, c *client.Client, authorities []string) ([]Row, error) {
	var rows []Row
	for _, authority := range authorities {
		var said struct {
			Board []Row `json:"board"`
		}
		if err := c.Get(ctx, authority, "/v1/retention-board", &said); err != nil {
			return nil, fmt.Errorf("ask for the promise board of %s: %w", authority, err)
		}
		rows = append(rows, said.Board...)
	}
	return rows, nil
}

// Print writes the board as a table.
func Print(w io.Writer, rows []Row) error {
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "\nAUTHORITY\tRULE\tPERIOD\tRUNNING\tDISPOSED\tNEXT DUE\tOVERDUE\tPROMISE")
	var overdue int64
	for _, r := range rows {
		fmt.Fprintf(table, "%s\t%s\t%s\t%d\t%d\t%s\t%d\t%s\n", r.Authority, r.Rule, r.Period, r.Running, r.Disposed, r.NextDue, r.Overdue, r.Title)
		overdue += r.Overdue
	}
	if err := table.Flush(); err != nil {
		return err
	}
	if overdue > 0 {
		return fmt.Errorf("%d records are overdue", overdue)
	}
	return nil
}
