package e2e

import (
	"strings"
	"testing"

	"gallra.se/services/gallra/internal/figures"
	"gallra.se/services/gallra/internal/needles"
)

// nothingLies looks for every string of the small journal in the files of every server and
// in what every container has said, and shows that it would have been found.
func nothingLies(t *testing.T, d deployment) {
	strs, err := figures.Needles(journals + "small.jsonl")
	if err != nil || len(strs) < 100 {
		t.Fatalf("%d strings to look for: %v", len(strs), err)
	}
	finds, err := d.api.Scan(t.Context(), strs)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range finds {
		t.Errorf("string %d of the journal lies as %s in %s at %d", f.Needle, f.Form, f.File, f.Offset)
	}
	said := d.compose("logs", "--no-color")
	if len(said) < 1000 {
		t.Fatalf("the containers have said %q", said)
	}
	set, err := needles.Compile(strs)
	if err != nil {
		t.Fatal(err)
	}
	if finds, err = set.Scan(strings.NewReader(said), "logs"); err != nil || len(finds) > 0 {
		t.Errorf("strings of the journal are in the containers' logs: %+v %v", finds, err)
	}
	planted := strs[len(strs)/2]
	const file = "/var/lib/postgresql/data/planted"
	d.compose("exec", "-T", "postgres", "bash", "-c", `printf 'before%safter' "$1" > "$2"`, "plant", planted, file)
	defer d.compose("exec", "-T", "postgres", "rm", file)
	finds, err = d.api.Scan(t.Context(), strs)
	if err != nil || len(finds) != 1 || finds[0].File != "postgres/planted" {
		t.Errorf("a planted string was not found: %+v %v", finds, err)
	}
}
