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

// TestEachBrokenPackIsRefusedWithItsSentence reads testdata/broken: each folder is the sound pack with one thing wrong, and
// faults.txt is all that may be said of it.
func TestEachBrokenPackIsRefusedWithItsSentence(t *testing.T) {
	t.Parallel()
	folders, err := filepath.Glob("testdata/broken/*")
	if err != nil || len(folders) < 20 {
		t.Fatalf("%d broken packs, %v", len(folders), err)
	}
	for _, folder := range folders {
		t.Run(filepath.Base(folder), func(t *testing.T) {
			t.Parallel()
			file := filepath.Join(folder, "faults.txt")
			content, err := os.ReadFile(filepath.Join(folder, "pack.yaml"))
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
}
