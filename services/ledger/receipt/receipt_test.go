package receipt_test

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/transparency-dev/merkle/proof"
	"github.com/transparency-dev/merkle/rfc6962"
	"golang.org/x/mod/sumdb/tlog"

	"gallra.se/services/ledger/receipt"
)

func TestEveryReceiptOfALogVerifiesWithThePublicKeyAlone(t *testing.T) {
	t.Parallel()
	for size := 1; size <= 20; size++ {
		log := newLog(t, mixed(size)...)
		for i := range size {
			if err := receipt.Verify(log.receipt(t, int64(i)), log.public); err != nil {
				t.Fatalf("leaf %d of %d: %v", i, size, err)
			}
		}
	}
}

func TestOneFlippedBitAnywhereFailsAndSaysSo(t *testing.T) {
	t.Parallel()
	log := newLog(t, mixed(60)...)
	for _, index := range []int64{41, 44, 59} { // a disposal, a disclosure, the youngest
		file := log.receipt(t, index)
		reasons := map[error]int{}
		for at := range file {
			for bit := range 8 {
				spoiled := bytes.Clone(file)
				spoiled[at] ^= 1 << bit
				err := receipt.Verify(spoiled, log.public)
				reasons[known(t, err, at, bit)]++
			}
		}
		for _, reason := range []error{receipt.ErrForm, receipt.ErrSignature, receipt.ErrProof} {
			if reasons[reason] == 0 {
				t.Errorf("no flipped bit was refused because: %v", reason)
			}
		}
	}
}

func known(t *testing.T, err error, at, bit int) error {
	t.Helper()
	for _, reason := range []error{receipt.ErrForm, receipt.ErrSignature, receipt.ErrProof} {
		if errors.Is(err, reason) {
			return reason
		}
	}
	t.Fatalf("byte %d bit %d flipped: %v", at, bit, err)
	return nil
}

func TestAByteMoreOrLessIsRefused(t *testing.T) {
	t.Parallel()
	log := newLog(t, mixed(9)...)
	file := log.receipt(t, 3)
	for at := range file {
		shorter := append(bytes.Clone(file[:at]), file[at+1:]...)
		longer := append(append(bytes.Clone(file[:at]), ' '), file[at:]...)
		doubled := append(append(bytes.Clone(file[:at]), file[at]), file[at:]...)
		for what, spoiled := range map[string][]byte{"without": shorter, "a blank before": longer, "twice": doubled, "cut before": file[:at]} {
			if receipt.Verify(spoiled, log.public) == nil {
				t.Fatalf("verifies %s byte %d", what, at)
			}
		}
	}
}

func TestAReceiptOfAnotherLedgerIsRefused(t *testing.T) {
	t.Parallel()
	log := newLog(t, mixed(3)...)
	_, other := testKey(t, "another key")
	if err := receipt.Verify(log.receipt(t, 1), other); !errors.Is(err, receipt.ErrSignature) {
		t.Fatalf("got %v", err)
	}
	if err := receipt.Verify(log.receipt(t, 1), "no key"); err == nil {
		t.Fatal("verified without a key")
	}
}

func TestALeafSwappedForATrueOneOfTheSameLogIsRefused(t *testing.T) {
	t.Parallel()
	log := newLog(t, mixed(8)...)
	r, err := receipt.Parse(log.receipt(t, 2))
	if err != nil {
		t.Fatal(err)
	}
	r.Leaf = log.leaves[3]
	file, err := receipt.Format(r)
	if err != nil {
		t.Fatal(err)
	}
	if err := receipt.Verify(file, log.public); !errors.Is(err, receipt.ErrProof) {
		t.Fatalf("got %v", err)
	}
}

func TestAnIndependentLibraryComesToTheSameVerdict(t *testing.T) {
	t.Parallel()
	log := newLog(t, mixed(37)...)
	for i := range int64(37) {
		r, err := receipt.Parse(log.receipt(t, i))
		if err != nil {
			t.Fatal(err)
		}
		if err := independent(r); err != nil {
			t.Fatalf("leaf %d: %v", i, err)
		}
		r.Leaf.Rule = "AFC-11"
		if independent(r) == nil {
			t.Fatal("the independent check cannot fail")
		}
	}
}

func independent(r receipt.Receipt) error {
	text, err := r.Leaf.Text()
	if err != nil {
		return err
	}
	leaf := rfc6962.DefaultHasher.HashLeaf([]byte(text))
	return proof.VerifyInclusion(rfc6962.DefaultHasher, uint64(r.Index), uint64(r.Checkpoint.Size), leaf,
		raw(r.Proof), r.Checkpoint.Root[:])
}

func raw(hashes []tlog.Hash) [][]byte {
	var out [][]byte
	for _, h := range hashes {
		out = append(out, h[:])
	}
	return out
}

func TestTheFormDoesNotChange(t *testing.T) {
	t.Parallel()
	log := newLog(t, mixed(60)...)
	for name, index := range map[string]int64{"disposed.receipt": 41, "delivered.receipt": 44} {
		path, file := filepath.Join("testdata", name), log.receipt(t, index)
		if *update {
			if err := os.WriteFile(path, file, 0o644); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(file, want) {
			t.Errorf("%s: got\n%s", name, file)
		}
		if err := receipt.Verify(want, log.public); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestWhatHasNoFormIsNotWritten(t *testing.T) {
	t.Parallel()
	for what, spoil := range map[string]func(*receipt.Leaf){
		"unknown kind":              func(l *receipt.Leaf) { l.Kind = "sealed" },
		"a second line in a code":   func(l *receipt.Leaf) { l.Rule = "AFC-10\nrule: AFC-11" },
		"no rule":                   func(l *receipt.Leaf) { l.Rule = "" },
		"upper case id":             func(l *receipt.Leaf) { l.Record = strings.ToUpper(l.Record) },
		"no such day":               func(l *receipt.Leaf) { l.DueOn = "2025-02-29" },
		"no instant":                func(l *receipt.Leaf) { l.DueAt = l.DueAt.AddDate(-2024, -3, -29).Add(-22 * 3600e9) },
		"a nanosecond":              func(l *receipt.Leaf) { l.RemovedAt = l.RemovedAt.Add(1) },
		"no commitment":             func(l *receipt.Leaf) { l.Commitment = nil },
		"a letter outside of ASCII": func(l *receipt.Leaf) { l.Category = "samtal på telefon" },
	} {
		leaf := disposed(1)
		spoil(&leaf)
		if text, err := leaf.Text(); !errors.Is(err, receipt.ErrForm) {
			t.Errorf("%s: %v\n%s", what, err, text)
		}
	}
}
