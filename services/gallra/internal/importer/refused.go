package importer

import (
	"encoding/json"
	"fmt"
	"io"
)

// refusedLine is what is written of a refused line: never its content.
type refusedLine struct {
	Line   int    `json:"line"`
	ID     string `json:"id,omitempty"`
	Reason string `json:"reason"`
}

// writeRefused adds one line to the list of refused ones. An id that does not look like
// one is left out: it might be content in the wrong place.
func writeRefused(w io.Writer, line Line, v Verdict) error {
	if w == nil {
		return nil
	}
	entry := refusedLine{Line: line.Number, Reason: v.Reason}
	if looksLikeID(line.ID) {
		entry.ID = line.ID
	}
	text, err := json.Marshal(entry)
	if err != nil {
		return fmt.Errorf("encode refused line %d: %w", line.Number, err)
	}
	if _, err := w.Write(append(text, '\n')); err != nil {
		return fmt.Errorf("write refused line %d: %w", line.Number, err)
	}
	return nil
}

const longestID = 64

func looksLikeID(s string) bool {
	if s == "" || len(s) > longestID {
		return false
	}
	for _, r := range s {
		switch {
		case r >= 'a' && r <= 'z', r >= 'A' && r <= 'Z', r >= '0' && r <= '9', r == '-', r == '_', r == '.', r == ':', r == '/':
		default:
			return false
		}
	}
	return true
}
