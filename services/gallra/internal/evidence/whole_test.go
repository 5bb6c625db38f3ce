package evidence

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"

	"gallra.se/services/gallra/internal/client"
	"gallra.se/services/ledger/receipt"
)

// handedOut is the receipts of a log of two leaves, and its key.
func handedOut(t *testing.T) ([]string, Keys) {
	t.Helper()
	secret, public, err := note.GenerateKey(nil, receipt.Origin)
	if err != nil {
		t.Fatal(err)
	}
	signer, err := note.NewSigner(secret)
	if err != nil {
		t.Fatal(err)
	}
	var leaves [2]receipt.Leaf
	var hashes [2]tlog.Hash
	for n := range leaves {
		leaves[n] = receipt.Leaf{Kind: receipt.Extracted, Record: fmt.Sprintf("2f0c1c9e-8a57-4c7e-9d5c-%012x", n), Authority: "arbetsformedlingen",
			Rule: "AFG-58", Policy: "1", IssuedAt: time.Date(2025, 5, 1, 8, 0, 0, 0, time.UTC), Commitment: make([]byte, 32)}
		if hashes[n], err = leaves[n].Hash(); err != nil {
			t.Fatal(err)
		}
	}
	checkpoint, err := receipt.Sign(2, tlog.NodeHash(hashes[0], hashes[1]), signer)
	if err != nil {
		t.Fatal(err)
	}
	var files []string
	for n := range leaves {
		file, err := receipt.Format(receipt.Receipt{Leaf: leaves[n], Index: int64(n), Proof: []tlog.Hash{hashes[1-n]}, Checkpoint: checkpoint})
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, string(file))
	}
	return files, Keys{Log: public}
}

func TestASystemThatHandsOutNoGoodReceiptOfALeafIsFound(t *testing.T) {
	t.Parallel()
	files, keys := handedOut(t)
	for what, row := range map[string]struct {
		handed client.Receipt
		want   int64
		fault  string
	}{
		"the receipt":                  {client.Receipt{Index: 1, Receipt: files[1]}, 1, ""},
		"none of a leaf before":        {client.Receipt{Index: 1, Receipt: files[1]}, 0, "no receipt of leaf 0"},
		"a forged one":                 {client.Receipt{Index: 1, Receipt: strings.Replace(files[1], "AFG-58", "AFG-59", 1)}, 1, "not in the log"},
		"that of another leaf":         {client.Receipt{Index: 1, Receipt: files[0]}, 1, "that of another"},
		"nothing at all":               {client.Receipt{Index: 0}, 0, "only form"},
		"the same leaf a second time":  {client.Receipt{Index: 0, Receipt: files[0]}, 1, "no receipt of leaf 1"},
		"a form that is no receipt's ": {client.Receipt{Index: 0, Receipt: files[0] + "\n"}, 0, "only form"},
	} {
		if got := fault(row.handed, row.want, keys); (got == "") != (row.fault == "") || !strings.Contains(got, row.fault) {
			t.Errorf("%s: %q", what, got)
		}
	}
}

func TestTheKeyGivenIsTakenBeforeTheOneBeside(t *testing.T) {
	t.Parallel()
	_, keys := handedOut(t)
	_, other := handedOut(t)
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, PublicKeyFile), []byte(keys.Log+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, row := range []struct{ given, beside, want string }{
		{"", dir, keys.Log}, {other.Log, dir, other.Log}, {filepath.Join(dir, PublicKeyFile), "", keys.Log}, {"", "", ""}, {"", t.TempDir(), ""}, {"x", dir, ""},
	} {
		if got, err := KeysFor(row.given, "", row.beside); got.Log != row.want || (err == nil) != (row.want != "") {
			t.Errorf("%q beside %q: %q %v", row.given, row.beside, got.Log, err)
		}
	}
}
