package acceptance

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"gallra.se/services/gallra/internal/launch"
)

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
