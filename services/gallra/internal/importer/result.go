package importer

import (
	"context"
	"maps"

	"gallra.se/services/gallra/internal/client"
)

// Result is the summary at the end. The first five keys are what the import saw, the
// others what the services answer when asked; disposedOn is taken from the receipts.
type Result struct {
	*Tally
	Dropped       map[string]int64    `json:"dropped"`
	Stored        map[string]int64    `json:"stored"`
	Disposed      map[string]int64    `json:"disposed"`
	Living        map[string]int64    `json:"living"`
	Statistics    Statistics          `json:"statistics"`
	UnlinkedNotes map[string]int64    `json:"unlinkedNotes"`
	DisposedOn    string              `json:"disposedOn"`
	Snapshots     map[string]Snapshot `json:"snapshots,omitempty"`
}

// Statistics counts separated rows, those still kept and those whose time is over.
type Statistics struct {
	Separated int64 `json:"separated"`
	Present   int64 `json:"present"`
	Disposed  int64 `json:"disposed"`
}

// Snapshot is what was disposed of and what was living at noon of a day.
type Snapshot struct {
	Disposed map[string]int64 `json:"disposed"`
	Living   map[string]int64 `json:"living"`
}

func result(ctx context.Context, c *client.Client, tally *Tally, snapshots map[string]Snapshot) (Result, error) {
	r := Result{Tally: tally, Snapshots: maps.Clone(snapshots)}
	summary, err := c.Summary(ctx)
	if err != nil {
		return r, err
	}
	disposals, err := Disposals(ctx, c)
	if err != nil {
		return r, err
	}
	r.Dropped, r.Stored, r.Disposed = summary.Dropped, summary.Stored, summary.Disposed
	r.Living, r.UnlinkedNotes = summary.Living, summary.UnlinkedNotes
	r.Statistics = Statistics{summary.Statistics["separated"], summary.Statistics["present"], summary.Statistics["disposed"]}
	r.DisposedOn = disposals.Digest()
	return r, nil
}

func snapshot(ctx context.Context, c *client.Client) (Snapshot, error) {
	summary, err := c.Summary(ctx)
	return Snapshot{Disposed: summary.Disposed, Living: summary.Living}, err
}
