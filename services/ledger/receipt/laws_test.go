package receipt_test

import (
	"bytes"
	"testing"
	"time"

	"golang.org/x/mod/sumdb/tlog"
	"pgregory.net/rapid"

	"gallra.se/services/ledger/receipt"
)

var (
	codes    = rapid.StringMatching(`[!-~]([ -~]{0,20}[!-~])?`)
	names    = rapid.StringMatching(`[a-zA-Z]{1,20}`)
	ids      = rapid.StringMatching(`[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}`)
	counts   = rapid.Int64Range(0, 1<<53-1)
	instants = rapid.Custom(func(t *rapid.T) time.Time {
		return time.UnixMicro(rapid.Int64Range(0, 4e15).Draw(t, "µs")).UTC()
	})
)

func anyLeaf(t *rapid.T) receipt.Leaf {
	leaf := receipt.Leaf{
		Record: ids.Draw(t, "record"), Authority: codes.Draw(t, "authority"),
		Rule: codes.Draw(t, "rule"), Policy: codes.Draw(t, "policy"),
	}
	leaf.Kind = rapid.SampledFrom([]receipt.Kind{receipt.Disposed, receipt.Delivered, receipt.Sealed, receipt.Extracted}).Draw(t, "kind")
	if leaf.Kind == receipt.Delivered {
		leaf.Recipient, leaf.Decision = codes.Draw(t, "recipient"), codes.Draw(t, "decision")
		leaf.Fields = rapid.SliceOfN(names, 0, 6).Draw(t, "fields")
		leaf.DeliveredAt = instants.Draw(t, "delivered at")
		return leaf
	}
	leaf.Commitment = rapid.SliceOfN(rapid.Byte(), 16, 64).Draw(t, "commitment")
	switch leaf.Kind {
	case receipt.Disposed:
		leaf.Category, leaf.Trigger = codes.Draw(t, "category"), codes.Draw(t, "trigger")
		leaf.DueAt, leaf.RemovedAt = instants.Draw(t, "due at"), instants.Draw(t, "removed at")
		leaf.DueOn = leaf.DueAt.Format(time.DateOnly)
		leaf.UnrecoverableAt = instants.Draw(t, "unrecoverable at")
	case receipt.Sealed:
		leaf.Archive, leaf.Records = codes.Draw(t, "archive"), counts.Draw(t, "records")
		leaf.SealedAt = instants.Draw(t, "sealed at")
	case receipt.Extracted:
		leaf.Records, leaf.IssuedAt = counts.Draw(t, "records"), instants.Draw(t, "issued at")
	}
	return leaf
}

func TestWhatIsWrittenIsReadAgainTheSame(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		leaf := anyLeaf(t)
		text, err := leaf.Text()
		if err != nil {
			t.Fatal(err)
		}
		read, err := receipt.ParseLeaf(text)
		if err != nil {
			t.Fatal(err)
		}
		again, err := read.Text()
		if err != nil || again != text {
			t.Fatalf("%v\n%s\n%s", err, text, again)
		}
	})
}

func TestTwoDifferentLeavesNeverHaveTheSameText(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		one, other := anyLeaf(t), anyLeaf(t)
		a, errA := one.Text()
		b, errB := other.Text()
		if errA != nil || errB != nil || (a == b) != (one.Record == other.Record && one.Kind == other.Kind) {
			t.Fatalf("%v %v\n%s\n%s", errA, errB, a, b)
		}
	})
}

func TestAnyLeafOfAnyLogVerifiesAndNoChangedFileDoes(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		log := grow(t, rapid.SliceOfN(rapid.Custom(anyLeaf), 1, 40).Draw(t, "leaves"))
		var keys []string
		if rapid.Bool().Draw(t, "witnessed") {
			log = log.witnessed(t)
			keys = []string{log.witness}
		}
		index := rapid.IntRange(0, len(log.leaves)-1).Draw(t, "index")
		file := log.receipt(t, int64(index))
		if err := receipt.Verify(file, log.public, keys...); err != nil {
			t.Fatal(err)
		}
		at := rapid.IntRange(0, len(file)-1).Draw(t, "at")
		changed := bytes.Clone(file)
		changed[at] ^= rapid.ByteRange(1, 255).Draw(t, "change")
		if receipt.Verify(changed, log.public, keys...) == nil {
			t.Fatalf("verifies with byte %d changed:\n%s", at, changed)
		}
	})
}

func FuzzParseAcceptsOnlyWhatFormatWrites(f *testing.F) {
	log := newLog(f, every(12)...)
	for i := range int64(12) {
		f.Add(log.receipt(f, i))
	}
	for i := range int64(4) {
		f.Add(log.witnessed(f).receipt(f, i))
	}
	f.Add([]byte("gallra receipt v1\n"))
	f.Fuzz(func(t *testing.T, file []byte) {
		r, err := receipt.Parse(file)
		if err != nil {
			return
		}
		again, err := receipt.Format(r)
		if err != nil || !bytes.Equal(again, file) {
			t.Fatalf("%v\n%q\n%q", err, file, again)
		}
		if receipt.Verify(file, log.public) == nil && r.Checkpoint.Root != rootOf(t, log) {
			t.Fatal("verified a log that was never signed")
		}
	})
}

func FuzzACheckpointIsReadInItsOnlyForm(f *testing.F) {
	log := newLog(f, mixed(3)...)
	f.Add(log.checkpoint(f, 3).Note())
	f.Add(log.witnessed(f).checkpoint(f, 2).Note())
	f.Add("gallra.se/ledger\n0\n\n\n")
	f.Fuzz(func(t *testing.T, text string) {
		c, err := receipt.ParseCheckpoint(text)
		if err == nil && c.Note() != text {
			t.Fatalf("%q is read as %q", text, c.Note())
		}
		if err == nil && c.Verify(log.public) == nil && c.Size != 3 && c.Size != 2 {
			t.Fatal("verified what was never signed")
		}
	})
}

func FuzzAProofOfConsistencyIsReadInItsOnlyForm(f *testing.F) {
	log := newLog(f, mixed(9)...)
	f.Add(log.consistency(f, 3, 9).Format())
	f.Add(log.consistency(f, 9, 9).Format())
	f.Add("gallra consistency v1\nfrom: 9007199254740992\nto: -1\n")
	older, younger := log.checkpoint(f, 3), log.checkpoint(f, 9)
	f.Fuzz(func(t *testing.T, text string) {
		c, err := receipt.ParseConsistency([]byte(text))
		if err != nil {
			return
		}
		if c.Format() != text {
			t.Fatalf("%q is read as %q", text, c.Format())
		}
		if receipt.VerifyConsistency(older, younger, c) == nil && text != log.consistency(t, 3, 9).Format() {
			t.Fatalf("another proof is taken: %q", text)
		}
	})
}

func rootOf(t *testing.T, l *testLog) tlog.Hash {
	t.Helper()
	root, err := tlog.TreeHash(int64(len(l.leaves)), l.reader())
	if err != nil {
		t.Fatal(err)
	}
	return root
}
