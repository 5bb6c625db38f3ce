package acceptance

import (
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"

	"gallra.se/services/gallra/internal/importer"
)

// expected is what an independent model says must come out of a journal.
type expected struct {
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

// readExpected reads NAME.expected.json.
func readExpected(path string) (expected, error) {
	var e expected
	text, err := os.ReadFile(path)
	if err != nil {
		return e, fmt.Errorf("read what is expected: %w", err)
	}
	return e, json.Unmarshal(text, &e)
}

// days are the days of its snapshots.
func (e expected) days() []string { return slices.Sorted(maps.Keys(e.Snapshots)) }

// journalNeedles are the strings of a journal that no file of a system may hold: names, personal
// numbers, telephone numbers, case numbers, addresses and sentences.
func journalNeedles(journal string) ([]string, error) {
	file, err := os.Open(journal)
	if err != nil {
		return nil, fmt.Errorf("open journal: %w", err)
	}
	defer file.Close()
	found := map[string]bool{}
	err = importer.Lines(file, func(line importer.Line) error {
		var keys map[string]any
		if json.Unmarshal(line.Raw, &keys) == nil {
			collect(found, "", keys)
		}
		return nil
	})
	return slices.Sorted(maps.Keys(found)), err
}

// personal are the keys whose values are about somebody.
var personal = strings.Fields("name nationalId address phoneNumber email text case persons")

// shortestNeedle is below what a number or a name measures: shorter strings would be
// found by chance.
const shortestNeedle = 8

// longestNeedle keeps a text of half a megabyte from being looked for in one piece.
const longestNeedle = 200

func collect(found map[string]bool, key string, value any) {
	switch v := value.(type) {
	case map[string]any:
		for k, inner := range v {
			collect(found, k, inner)
		}
	case []any:
		for _, inner := range v {
			collect(found, key, inner)
		}
	case string:
		if slices.Contains(personal, key) && len(v) >= shortestNeedle {
			found[cut(v)] = true
		}
	}
}

// cut shortens without breaking a character in two.
func cut(s string) string {
	if len(s) <= longestNeedle {
		return s
	}
	return strings.ToValidUTF8(s[:longestNeedle], "")
}
