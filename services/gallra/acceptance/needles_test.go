package acceptance

import (
	"os"
	"path/filepath"
	"testing"

	"gallra.se/services/gallra/internal/figures"
	"gallra.se/services/gallra/internal/needles"
)

// scanner looks for a journal's strings in a data directory.
type scanner struct {
	dir string
	set *needles.Set
}

func newScanner(t *testing.T, journal, dir string) scanner {
	t.Helper()
	strings, err := figures.Needles(journal)
	if err != nil {
		t.Fatal(err)
	}
	if len(strings) < 100 {
		t.Fatalf("only %d strings to look for", len(strings))
	}
	set, err := needles.Compile(strings)
	if err != nil {
		t.Fatal(err)
	}
	return scanner{dir: dir, set: set}
}

func (s scanner) nothing(t *testing.T) {
	t.Helper()
	defer stopwatch(t, "scanning")()
	finds, err := s.set.ScanDir(t.Context(), s.dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, find := range finds {
		t.Errorf("string %d of the journal lies as %s in %s at %d", find.Needle, find.Form, find.File, find.Offset)
	}
}

// foundNothing scans again, and shows that the scan would have found something.
func (s scanner) foundNothing(t *testing.T) {
	s.nothing(t)
	strings, err := figures.Needles(journals + "small.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	planted := filepath.Join(s.dir, "logs", "planted")
	if err := os.WriteFile(planted, []byte("before"+strings[len(strings)/2]+"after"), 0o600); err != nil {
		t.Fatal(err)
	}
	defer os.Remove(planted)
	finds, err := s.set.ScanDir(t.Context(), s.dir)
	if err != nil {
		t.Fatal(err)
	}
	if len(finds) != 1 || finds[0].File != filepath.Join("logs", "planted") {
		t.Errorf("a planted string was not found: %+v", finds)
	}
}
