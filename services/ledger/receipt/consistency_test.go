package receipt_test

import (
	"errors"
	"testing"

	"github.com/transparency-dev/merkle/proof"
	"github.com/transparency-dev/merkle/rfc6962"

	"gallra.se/services/ledger/receipt"
)

func TestAYoungerLogContinuesEveryOlderOneAndAnIndependentLibraryAgrees(t *testing.T) {
	t.Parallel()
	const size = 33
	log, other := newLog(t, mixed(size)...), newLog(t, every(size)...)
	for from := int64(1); from <= size; from++ {
		for to := from; to <= size; to++ {
			older, younger, c := log.checkpoint(t, from), log.checkpoint(t, to), log.consistency(t, from, to)
			if err := receipt.VerifyConsistency(older, younger, c); err != nil {
				t.Fatalf("%d to %d: %v", from, to, err)
			}
			if err := proof.VerifyConsistency(rfc6962.DefaultHasher, uint64(from), uint64(to), raw(c.Proof), older.Root[:], younger.Root[:]); err != nil {
				t.Fatalf("%d to %d, the independent library: %v", from, to, err)
			}
			forged := other.checkpoint(t, from)
			if err := receipt.VerifyConsistency(forged, younger, c); from > 1 && !errors.Is(err, receipt.ErrRewritten) {
				t.Fatalf("%d to %d: another log is continued: %v", from, to, err)
			}
		}
	}
}

func TestALogThatWasRewrittenOrCutIsFound(t *testing.T) {
	t.Parallel()
	leaves := mixed(12)
	log := newLog(t, leaves...)
	rewritten := append([]receipt.Leaf(nil), leaves...)
	rewritten[3].Rule = "AFC-11"
	lie := newLog(t, rewritten...)
	for what, row := range map[string]struct {
		older, younger receipt.Checkpoint
		c              receipt.Consistency
	}{
		"a leaf changed before the older one": {log.checkpoint(t, 7), lie.checkpoint(t, 12), lie.consistency(t, 7, 12)},
		"the proof of the true log":           {log.checkpoint(t, 7), lie.checkpoint(t, 12), log.consistency(t, 7, 12)},
		"the log has shrunk":                  {log.checkpoint(t, 12), log.checkpoint(t, 7), log.consistency(t, 7, 12)},
		"a proof of other sizes":              {log.checkpoint(t, 7), log.checkpoint(t, 12), log.consistency(t, 6, 12)},
		"no proof":                            {log.checkpoint(t, 7), log.checkpoint(t, 12), receipt.Consistency{From: 7, To: 12}},
		"of equal size and not the same":      {log.checkpoint(t, 12), lie.checkpoint(t, 12), log.consistency(t, 12, 12)},
		"of nothing":                          {receipt.Checkpoint{Origin: receipt.Origin}, log.checkpoint(t, 12), receipt.Consistency{To: 12}},
	} {
		if err := receipt.VerifyConsistency(row.older, row.younger, row.c); !errors.Is(err, receipt.ErrRewritten) {
			t.Errorf("%s: %v", what, err)
		}
	}
}

func TestOneFlippedBitOfAProofOfConsistencyFails(t *testing.T) {
	t.Parallel()
	log := newLog(t, mixed(60)...)
	older, younger := log.checkpoint(t, 41), log.checkpoint(t, 60)
	for spoiled := range flips([]byte(log.consistency(t, 41, 60).Format())) {
		c, err := receipt.ParseConsistency(spoiled)
		if err == nil {
			err = receipt.VerifyConsistency(older, younger, c)
		}
		if !errors.Is(err, receipt.ErrForm) && !errors.Is(err, receipt.ErrRewritten) {
			t.Fatalf("%v:\n%s", err, spoiled)
		}
	}
}
