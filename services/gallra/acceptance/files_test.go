package acceptance

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"
)

// beginningOf writes the first lines of a journal to a file of its own.
func beginningOf(t *testing.T, journal string, lines int) string {
	t.Helper()
	text, err := os.ReadFile(journal)
	if err != nil {
		t.Fatal(err)
	}
	first := bytes.SplitAfterN(text, []byte{'\n'}, lines+1)[:lines]
	path := filepath.Join(t.TempDir(), "beginning.jsonl")
	if err := os.WriteFile(path, bytes.Join(first, nil), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}
