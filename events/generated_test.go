package events_test

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"gallra.se/events"
	"gallra.se/events/internal/describe"
)

var update = flag.Bool("update", false, "write the generated files again")

func TestTheFilesAgreeWithTheCatalogue(t *testing.T) {
	for _, e := range events.Catalogue {
		schema, err := describe.Schema(e)
		if err != nil {
			t.Fatal(err)
		}
		golden(t, e.SchemaFile(), string(schema))
		keepSample(t, e)
	}
	golden(t, "asyncapi.yaml", describe.AsyncAPI(events.Catalogue))
	golden(t, "README.md", readme(t))
}

func TestNoFileIsLeftOverFromAnEventThatIsNotInTheCatalogue(t *testing.T) {
	t.Parallel()
	known := map[string]bool{}
	for _, e := range events.Catalogue {
		known[e.SchemaFile()], known[e.SampleFile()] = true, true
	}
	found, err := filepath.Glob("s*s/*.json")
	if err != nil || len(found) != len(known) {
		t.Errorf("%d files of %d (%v)", len(found), len(known), err)
	}
	for _, file := range found {
		if !known[file] {
			t.Errorf("%s belongs to no row", file)
		}
	}
}

func golden(t *testing.T, file, want string) {
	t.Helper()
	if *update {
		write(t, file, want)
	}
	found, err := os.ReadFile(file)
	if err != nil {
		t.Fatalf("%v (go generate writes it)", err)
	}
	if diff := cmp.Diff(want, string(found)); diff != "" {
		t.Errorf("%s is not what the catalogue says (-catalogue +file):\n%s", file, diff)
	}
}

func keepSample(t *testing.T, e events.Entry) {
	t.Helper()
	if _, err := os.Stat(e.SampleFile()); err == nil || !*update {
		return
	}
	sample, err := describe.Sample(e)
	if err != nil {
		t.Fatal(err)
	}
	write(t, e.SampleFile(), string(sample))
}

func readme(t *testing.T) string {
	t.Helper()
	found, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	before, rest, ok := strings.Cut(string(found), describe.Begin)
	_, after, ok2 := strings.Cut(rest, describe.End)
	if !ok || !ok2 {
		t.Fatal("README.md has lost its marks")
	}
	return before + describe.Begin + describe.Table(events.Catalogue) + describe.End + after
}

func write(t *testing.T, file, text string) {
	t.Helper()
	if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}
