package cli

import (
	"context"
	"fmt"
	"io"
	"maps"
	"net/http"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"gallra.se/libs/clock"
	"gallra.se/services/gallra/internal/client"
)

type statusCommand struct {
	target
	asJSON
}

func (statusCommand) Help() string {
	return `What the services say of themselves, and the counts of what they hold.

  gallra status
  gallra status --json | jq .parked`
}

// systemStatus is GET /v1/status with the summary beside it.
type systemStatus struct {
	Clock struct {
		Now       time.Time `json:"now"`
		Version   int64     `json:"version"`
		Simulated bool      `json:"simulated"`
	} `json:"clock"`
	Instances []clock.Report `json:"instances"`
	Parked    int            `json:"parked"`
	Summary   client.Summary `json:"summary"`
	NotReady  string         `json:"notReady,omitempty"` // who is not, and how far a restored service has replayed
}

// standing is what /readyz says while not everything is.
func standing(ctx context.Context, api *client.Client) (string, error) {
	answer, err := api.Do(ctx, client.Call{Method: http.MethodGet, Path: "/readyz"})
	if err != nil || answer.OK() {
		return "", err
	}
	return strings.TrimSpace(string(answer.Body)), nil
}

func (c statusCommand) Run(ctx context.Context, t terminal) error {
	api, err := c.client()
	if err != nil {
		return err
	}
	var status systemStatus
	if status.NotReady, err = standing(ctx, api); err != nil {
		return err
	}
	if err := api.Get(ctx, "", "/v1/status", &status); err != nil {
		return fmt.Errorf("ask for the status: %w", err)
	}
	if status.Summary, err = api.Summary(ctx); err != nil && status.NotReady == "" {
		return fmt.Errorf("ask for the summary: %w", err)
	}
	if c.JSON {
		return printJSON(t.Out, status)
	}
	return printStatus(t.Out, status)
}

func printStatus(w io.Writer, s systemStatus) error {
	kind := "real"
	if s.Clock.Simulated {
		kind = "simulated"
	}
	if s.NotReady != "" {
		fmt.Fprintln(w, s.NotReady)
	}
	fmt.Fprintf(w, "clock %s, %s\n\n", s.Clock.Now.UTC().Format(time.RFC3339), kind)
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "SERVICE\tBUSY\tUNSENT\tPARKED\tNEXT\tPOSITIONS")
	for _, r := range s.Instances {
		fmt.Fprintf(table, "%s/%s\t%d\t%d\t%d\t%s\t%s\n", r.Service, r.Instance, r.Busy, r.Unsent, r.Parked, next(r.Next), positions(r.Positions))
	}
	if err := table.Flush(); err != nil {
		return err
	}
	for _, counts := range []struct {
		name string
		of   map[string]int64
	}{{"stored", s.Summary.Stored}, {"living", s.Summary.Living}, {"disposed", s.Summary.Disposed}, {"dropped", s.Summary.Dropped}, {"unlinked notes", s.Summary.UnlinkedNotes}} {
		fmt.Fprintf(w, "\n%s: %s", counts.name, countsText(counts.of))
	}
	fmt.Fprintln(w)
	if s.Parked > 0 {
		fmt.Fprintf(w, "\nATTENTION: %d events are parked: their keys stand still until somebody looks.\n", s.Parked)
	}
	return nil
}

func next(at time.Time) string {
	if at.IsZero() {
		return "-"
	}
	return at.UTC().Format(time.RFC3339)
}

func positions(at map[string]uint64) string {
	var out []string
	for _, stream := range slices.Sorted(maps.Keys(at)) {
		out = append(out, fmt.Sprintf("%s %d", stream, at[stream]))
	}
	return strings.Join(out, ", ")
}

func countsText(counts map[string]int64) string {
	var out []string
	for _, name := range slices.Sorted(maps.Keys(counts)) {
		out = append(out, fmt.Sprintf("%s %d", name, counts[name]))
	}
	if len(out) == 0 {
		return "none"
	}
	return strings.Join(out, ", ")
}
