package acceptance

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"gallra.se/services/gallra/internal/client"
	"gallra.se/services/gallra/internal/importer"
	"gallra.se/services/gallra/internal/launch"
)

// receiptsEqual compares category, day and rule of every receipt with a list.
func receiptsEqual(t *testing.T, api *client.Client, path string) {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	want := strings.Split(strings.TrimSpace(string(text)), "\n")
	slices.Sort(want)
	disposals, err := importer.Disposals(t.Context(), api)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, disposals.Lines()); diff != "" {
		t.Errorf("receipts (-want +got):\n%s", diff)
	}
}

// receiptsAreSaved calls the command that an operator would call.
func receiptsAreSaved(t *testing.T, system *launch.System, dir string) {
	t.Helper()
	status, out, errs := gallraFor(t, system, "receipts", "--out", dir, "--limit", "5")
	if status != 0 || !strings.Contains(out, "5 receipts") {
		t.Fatalf("%d %s %s", status, out, errs)
	}
}

func receiptsVerify(t *testing.T, dir string) {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(dir, "*.receipt"))
	if err != nil || len(files) != 5 {
		t.Fatalf("%v %v", files, err)
	}
	if status, out, errs := gallra(t, append([]string{"verify"}, files...)...); status != 0 || strings.Count(out, "verified") != 5 {
		t.Fatalf("%d %s %s", status, out, errs)
	}
	whole, err := os.ReadFile(files[0])
	if err != nil {
		t.Fatal(err)
	}
	for _, at := range []int{30, len(whole) / 2, len(whole) - 5} {
		flipped := slices.Clone(whole)
		flipped[at] ^= 1
		forged := filepath.Join(dir, "forged")
		if err := os.WriteFile(forged, flipped, 0o600); err != nil {
			t.Fatal(err)
		}
		if status, out, _ := gallra(t, "verify", forged); status != 1 || !strings.Contains(out, "FAILED") {
			t.Errorf("with one bit of byte %d flipped: %d %s", at, status, out)
		}
	}
}
