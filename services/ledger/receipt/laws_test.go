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
	instants = rapid.Custom(func(t *rapid.T) time.Time {
		return time.UnixMicro(rapid.Int64Range(0, 4e15).Draw(t, "µs")).UTC()
	})
)

func anyLeaf(t *rapid.T) receipt.Leaf {
	leaf := receipt.Leaf{
		Record: ids.Draw(t, "record"), Authority: codes.Draw(t, "authority"),
		Rule: codes.Draw(t, "rule"), Policy: codes.Draw(t, "policy"),
	}
	if rapid.Bool().Draw(t, "delivered") {
		leaf.Kind = receipt.Delivered
		leaf.Recipient, leaf.Decision = codes.Draw(t, "recipient"), codes.Draw(t, "decision")
		leaf.Fields = rapid.SliceOfN(names, 0, 6).Draw(t, "fields")
		leaf.DeliveredAt = instants.Draw(t, "delivered at")
		return leaf
	}
	leaf.Kind = receipt.Disposed
	leaf.Category, leaf.Trigger = codes.Draw(t, "category"), codes.Draw(t, "trigger")
	leaf.DueAt, leaf.RemovedAt = instants.Draw(t, "due at"), instants.Draw(t, "removed at")
	leaf.DueOn = leaf.DueAt.Format(time.DateOnly)
	leaf.UnrecoverableAt = instants.Draw(t, "unrecoverable at")
	leaf.Commitment = rapid.SliceOfN(rapid.Byte(), 16, 64).Draw(t, "commitment")
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
		index := rapid.IntRange(0, len(log.leaves)-1).Draw(t, "index")
		file := log.receipt(t, int64(index))
		if err := receipt.Verify(file, log.public); err != nil {
			t.Fatal(err)
		}
		at := rapid.IntRange(0, len(file)-1).Draw(t, "at")
		changed := bytes.Clone(file)
		changed[at] ^= rapid.ByteRange(1, 255).Draw(t, "change")
		if receipt.Verify(changed, log.public) == nil {
			t.Fatalf("verifies with byte %d changed:\n%s", at, changed)
		}
	})
}

func FuzzParseAcceptsOnlyWhatFormatWrites(f *testing.F) {
	log := newLog(f, mixed(12)...)
	for i := range int64(12) {
		f.Add(log.receipt(f, i))
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

func rootOf(t *testing.T, l *testLog) tlog.Hash {
	t.Helper()
	root, err := tlog.TreeHash(int64(len(l.leaves)), l.reader())
	if err != nil {
		t.Fatal(err)
	}
	return root
}
