package figures

import (
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"

	"gallra.se/services/gallra/internal/importer"
)

// Needles are the strings of a journal that no file of a system may hold: names, personal
// numbers, telephone numbers, case numbers, addresses and sentences.
func Needles(journal string) ([]string, error) {
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
