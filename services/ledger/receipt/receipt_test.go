package receipt_test

import (
	"bytes"
	"errors"
	"fmt"
	"iter"
	"os"
	"path/filepath"
	"slices"
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
	log := newLog(t, every(60)...)
	both := log.witnessed(t)
	for _, row := range []struct {
		log   *testLog
		index int64
		keys  []string
	}{{log, 40, nil}, {log, 41, nil}, {both, 42, []string{both.witness}}, {both, 59, []string{both.witness}}} {
		t.Run(fmt.Sprintf("%s, %d keys", log.leaves[row.index].Kind, 1+len(row.keys)), func(t *testing.T) {
			t.Parallel()
			reasons := map[error]int{}
			for spoiled := range flips(row.log.receipt(t, row.index)) {
				reasons[known(t, receipt.Verify(spoiled, row.log.public, row.keys...), spoiled)]++
			}
			want := []error{receipt.ErrForm, receipt.ErrSignature, receipt.ErrProof}
			if row.keys != nil {
				want = append(want, receipt.ErrWitness)
			}
			for _, reason := range want {
				if reasons[reason] == 0 {
					t.Errorf("no flipped bit was refused because: %v", reason)
				}
			}
		})
	}
}

func TestOneFlippedBitOfACheckpointFails(t *testing.T) {
	t.Parallel()
	log := newLog(t, mixed(60)...).witnessed(t)
	for spoiled := range flips([]byte(log.checkpoint(t, 60).Note())) {
		c, err := receipt.ParseCheckpoint(string(spoiled))
		if err == nil {
			err = c.Verify(log.public, log.witness)
		}
		known(t, err, spoiled)
	}
}

// Whoever has the ledger's key alone learns nothing about the second signature: in its line, and nowhere else, a bit may differ.
func TestWithoutTheWitnesssKeyOnlyItsLineGoesUnchecked(t *testing.T) {
	t.Parallel()
	log := newLog(t, mixed(5)...).witnessed(t)
	note := []byte(log.checkpoint(t, 5).Note())
	line := bytes.LastIndex(note, []byte("\n— ")) + 1
	unchecked, at := 0, 0
	for spoiled := range flips(note) {
		if c, err := receipt.ParseCheckpoint(string(spoiled)); err == nil && c.Verify(log.public) == nil {
			unchecked++
			if at/8 < line {
				t.Fatalf("byte %d flipped verifies:\n%s", at/8, spoiled)
			}
		}
		at++
	}
	if unchecked == 0 {
		t.Error("the second signature is checked without its key")
	}
}

// flips are all files that differ from one in one bit.
func flips(file []byte) iter.Seq[[]byte] {
	return func(yield func([]byte) bool) {
		for at := range file {
			for bit := range 8 {
				spoiled := bytes.Clone(file)
				spoiled[at] ^= 1 << bit
				if !yield(spoiled) {
					return
				}
			}
		}
	}
}

func known(t *testing.T, err error, file []byte) error {
	t.Helper()
	for _, reason := range []error{receipt.ErrForm, receipt.ErrSignature, receipt.ErrWitness, receipt.ErrProof} {
		if errors.Is(err, reason) {
			return reason
		}
	}
	t.Fatalf("%v:\n%s", err, file)
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
	both := log.witnessed(t)
	for what, row := range map[string]struct {
		file    []byte
		witness string
		want    error
	}{
		"nobody has witnessed":           {log.receipt(t, 1), both.witness, receipt.ErrWitness},
		"somebody else has witnessed":    {both.receipt(t, 1), other, receipt.ErrWitness},
		"the log is no witness of its":   {log.receipt(t, 1), log.public, receipt.ErrWitness},
		"both have signed, both are met": {both.receipt(t, 1), both.witness, nil},
	} {
		if err := receipt.Verify(row.file, log.public, row.witness); !errors.Is(err, row.want) {
			t.Errorf("%s: %v", what, err)
		}
	}
	if err := receipt.Verify(both.receipt(t, 1), both.public, "no key"); err == nil {
		t.Error("verified without the witness's key")
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
	log, later := newLog(t, mixed(60)...), newLog(t, every(60)...)
	for name, row := range map[string]struct {
		log   *testLog
		index int64
	}{
		"disposed.receipt": {log, 41}, "delivered.receipt": {log, 44},
		"sealed.receipt": {later, 42}, "extract.receipt": {later, 43}, "witnessed.receipt": {later.witnessed(t), 40},
	} {
		path, file := filepath.Join("testdata", name), row.log.receipt(t, row.index)
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
		"unknown kind":            func(l *receipt.Leaf) { l.Kind = "burned" },
		"a second line in a code": func(l *receipt.Leaf) { l.Rule = "AFC-10\nrule: AFC-11" },
		"no rule":                 func(l *receipt.Leaf) { l.Rule = "" },
		"upper case id":           func(l *receipt.Leaf) { l.Record = strings.ToUpper(l.Record) },
		"no such day":             func(l *receipt.Leaf) { l.DueOn = "2025-02-29" },
		"no instant":              func(l *receipt.Leaf) { l.DueAt = l.DueAt.AddDate(-2024, -3, -29).Add(-22 * 3600e9) },
		"a nanosecond":            func(l *receipt.Leaf) { l.RemovedAt = l.RemovedAt.Add(1) },
		"no commitment":           func(l *receipt.Leaf) { l.Commitment = nil },
		"longer than a receipt takes": func(l *receipt.Leaf) {
			*l = delivered(1)
			l.Fields = slices.Repeat([]string{strings.Repeat("f", 250)}, 40)
		},
		"less than no record":        func(l *receipt.Leaf) { *l = sealed(1); l.Records = -1 },
		"more than can be counted":   func(l *receipt.Leaf) { *l = extracted(1); l.Records = 1 << 53 },
		"a package without its hash": func(l *receipt.Leaf) { *l = sealed(1); l.Commitment = nil },
		"a letter outside of ASCII":  func(l *receipt.Leaf) { l.Category = "samtal på telefon" },
	} {
		leaf := disposed(1)
		spoil(&leaf)
		if text, err := leaf.Text(); !errors.Is(err, receipt.ErrForm) {
			t.Errorf("%s: %v\n%s", what, err, text)
		}
	}
}
