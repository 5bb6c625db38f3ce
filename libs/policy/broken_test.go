package policy

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "write what the lint says into testdata")

// TestEachBrokenPackIsRefusedWithItsSentence reads testdata/broken: each folder is the sound pack with something wrong, and
// the .txt beside it is all that may be said of it.
func TestEachBrokenPackIsRefusedWithItsSentence(t *testing.T) {
	t.Parallel()
	packs, err := filepath.Glob("testdata/broken/*/pack.yaml")
	if err != nil || len(packs) < 20 {
		t.Fatalf("%d broken packs, %v", len(packs), err)
	}
	for _, path := range packs {
		folder := filepath.Dir(path)
		t.Run(filepath.Base(folder), func(t *testing.T) {
			t.Parallel()
			file := folder + ".txt"
			content, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			_, err = Parse("probe", map[string]string{"pack.yaml": string(content)})
			if err == nil {
				t.Fatal("the pack is taken for a sound one")
			}
			got := strings.Join(Faults(err), "\n") + "\n"
			if *update {
				if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(string(want), got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestThePackThatTheBrokenOnesAreMadeFromIsSound(t *testing.T) {
	t.Parallel()
	texts, err := Texts(os.DirFS("testdata/sound"), "sound")
	if err != nil || len(texts) != 1 {
		t.Fatal(texts, err)
	}
	if p, err := texts[0].Parse(); err != nil || p.Authority != "probe" || p.Version != "second" {
		t.Errorf("%v %v", p, err)
	}
	if soundPack(t) != texts[0].Files["pack.yaml"] {
		t.Error("the text is another")
	}
}

func soundPack(t *testing.T) string {
	t.Helper()
	text, err := os.ReadFile("testdata/sound/pack.yaml")
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
