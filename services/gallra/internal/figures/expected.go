package figures

import (
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"slices"

	"gallra.se/services/gallra/internal/importer"
)

// Expected is what an independent model says must come out of a journal.
type Expected struct {
	importer.Tally
	Dropped       map[string]int64             `json:"dropped"`
	Stored        map[string]int64             `json:"stored"`
	Disposed      map[string]int64             `json:"disposed"`
	Living        map[string]int64             `json:"living"`
	Statistics    importer.Statistics          `json:"statistics"`
	UnlinkedNotes map[string]int64             `json:"unlinkedNotes"`
	DisposedOn    string                       `json:"disposedOn"`
	Snapshots     map[string]importer.Snapshot `json:"snapshots"`
}

// Read reads NAME.expected.json.
func Read(path string) (Expected, error) {
	var e Expected
	text, err := os.ReadFile(path)
	if err != nil {
		return e, fmt.Errorf("read what is expected: %w", err)
	}
	return e, json.Unmarshal(text, &e)
}

// Days are the days of its snapshots.
func (e Expected) Days() []string { return slices.Sorted(maps.Keys(e.Snapshots)) }
