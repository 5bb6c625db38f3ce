package policy

import (
	"os"
	"path/filepath"
	"regexp"
	"testing"
)

// FuzzParse: whatever the text, it is a pack or a list of faults with their places, and never both.
func FuzzParse(f *testing.F) {
	packs, err := filepath.Glob("testdata/broken/*/pack.yaml")
	if err != nil {
		f.Fatal(err)
	}
	for _, path := range append(packs, "testdata/sound/pack.yaml") {
		text, err := os.ReadFile(path)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(string(text))
	}
	for _, text := range []string{"", "access: null\nrecording: [[]]\n", "processors: [x]\nfeeds: {sources: [null]}\n", "caseTypes: [{}, null, []]\n"} {
		f.Add(text)
	}
	place := regexp.MustCompile(`^probe(/pack\.yaml)?(:[0-9]+:[0-9]+)?: `) // a pack that is empty has no file
	f.Fuzz(func(t *testing.T, text string) {
		p, err := Parse("probe", map[string]string{"pack.yaml": text})
		if (p == nil) == (err == nil) {
			t.Fatalf("a pack %v and an error %v", p, err)
		}
		for _, sentence := range Faults(err) {
			if !place.MatchString(sentence) {
				t.Fatalf("no place in %q", sentence)
			}
		}
	})
}
