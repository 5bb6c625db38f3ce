package acceptance

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"gallra.se/services/gallra/internal/launch"
)

// enoughReceipts is how many are saved and verified with no system running.
const enoughReceipts = 500

// receiptsAreSaved calls the commands that an operator would call.
func receiptsAreSaved(t *testing.T, system *launch.System, dir string) {
	t.Helper()
	status, out, errs := gallraFor(t, system, "receipts", "--out", dir, "--limit", strconv.Itoa(enoughReceipts))
	if status != 0 || !strings.Contains(out, "500 receipts") {
		t.Fatalf("%d %s %s", status, out, errs)
	}
	status, out, errs = gallraFor(t, system, "verify", "--all", "--save", filepath.Join(dir, "log"), "--json")
	var whole struct {
		OK                      bool
		Leaves, Tiles, Receipts int
	}
	if err := json.Unmarshal([]byte(out), &whole); err != nil || status != 0 || !whole.OK || whole.Leaves < enoughReceipts || whole.Receipts != whole.Leaves {
		t.Fatalf("%d %s %s %v", status, out, errs, err)
	}
	if status, out, errs := gallraFor(t, system, "verify", "--checkpoint", filepath.Join(dir, "00000007.receipt")); status != 0 || !strings.Contains(out, "begins with") {
		t.Errorf("%d %s %s", status, out, errs)
	}
}

func receiptFiles(t *testing.T, dir string) []string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(dir, "*.receipt"))
	if err != nil || len(files) != enoughReceipts {
		t.Fatalf("%d receipts: %v", len(files), err)
	}
	return files
}

func receiptsVerify(t *testing.T, dir string) {
	t.Helper()
	files := receiptFiles(t, dir)
	if status, out, errs := gallra(t, append([]string{"verify"}, files...)...); status != 0 || strings.Count(out, "verified") != enoughReceipts {
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
	if status, _, _ := gallra(t, "verify", files[0], "--key", filepath.Join(dir, "forged")); status != 4 {
		t.Errorf("without a key: %d", status)
	}
}

// receiptsHoldNobody looks for everybody of the journal in the receipts, and in the saved log.
func receiptsHoldNobody(t *testing.T, s scanner, dir string) {
	t.Helper()
	scanner{dir: dir, set: s.set}.nothing(t)
}

func logVerifies(t *testing.T, dir string) {
	t.Helper()
	if status, out, errs := gallra(t, "verify", "--all", "--log", dir); status != 0 || !strings.Contains(out, "verified: ") {
		t.Errorf("%d %s %s", status, out, errs)
	}
	tile := filepath.Join(dir, "tile", "0", "000")
	file, err := os.ReadFile(tile)
	if err != nil {
		t.Fatal(err)
	}
	file[100] ^= 1
	if err := os.WriteFile(tile, file, 0o600); err != nil {
		t.Fatal(err)
	}
	if status, out, _ := gallra(t, "verify", "--all", "--log", dir); status != 1 || !strings.Contains(out, "FAILED: tile/0/000 holds other hashes") {
		t.Errorf("with a bit flipped: %d %s", status, out)
	}
}

// logIsRefused reads the log of a system out of which a leaf was taken.
func logIsRefused(t *testing.T, system *launch.System, saved string) {
	t.Helper()
	key := filepath.Join(saved, "ledger.pub")
	if status, out, errs := gallraFor(t, system, "verify", "--all", "--key", key); status != 1 || !strings.Contains(out, "FAILED: tile/entries/000") {
		t.Errorf("%d %s %s", status, out, errs)
	}
}
