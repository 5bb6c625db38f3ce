package receipt_test

import (
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base64"
	"flag"
	"fmt"
	"time"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"

	"gallra.se/services/ledger/receipt"
)

var update = flag.Bool("update", false, "write golden files")

// fataler is what *testing.T, *testing.F and *rapid.T share.
type fataler interface {
	Helper()
	Fatal(args ...any)
}

// testLog is a log in memory with a key of its own.
type testLog struct {
	leaves []receipt.Leaf
	hashes []tlog.Hash
	signer note.Signer
	public string
}

func newLog(t fataler, leaves ...receipt.Leaf) *testLog { return grow(t, leaves) }

func grow(t fataler, leaves []receipt.Leaf) *testLog {
	t.Helper()
	l := &testLog{}
	l.signer, l.public = testKey(t, "a key for tests")
	for _, leaf := range leaves {
		l.append(t, leaf)
	}
	return l
}

// testKey is the same for the same seed, so that golden files hold.
func testKey(t fataler, seed string) (note.Signer, string) {
	t.Helper()
	sum := sha256.Sum256([]byte(seed))
	private := ed25519.NewKeyFromSeed(sum[:])
	public, err := note.NewEd25519VerifierKey(receipt.Origin, private.Public().(ed25519.PublicKey))
	if err != nil {
		t.Fatal(err)
	}
	verifier, err := note.NewVerifier(public)
	if err != nil {
		t.Fatal(err)
	}
	secret := append([]byte{1}, sum[:]...)
	signer, err := note.NewSigner(fmt.Sprintf("PRIVATE+KEY+%s+%08x+%s", receipt.Origin, verifier.KeyHash(),
		base64.StdEncoding.EncodeToString(secret)))
	if err != nil {
		t.Fatal(err)
	}
	return signer, public
}

func (l *testLog) append(t fataler, leaf receipt.Leaf) {
	t.Helper()
	text, err := leaf.Text()
	if err != nil {
		t.Fatal(err)
	}
	more, err := tlog.StoredHashes(int64(len(l.leaves)), []byte(text), l.reader())
	if err != nil {
		t.Fatal(err)
	}
	l.leaves = append(l.leaves, leaf)
	l.hashes = append(l.hashes, more...)
}

func (l *testLog) reader() tlog.HashReader {
	return tlog.HashReaderFunc(func(ids []int64) ([]tlog.Hash, error) {
		out := make([]tlog.Hash, len(ids))
		for i, id := range ids {
			out[i] = l.hashes[id]
		}
		return out, nil
	})
}

func (l *testLog) receipt(t fataler, index int64) []byte {
	t.Helper()
	size := int64(len(l.leaves))
	root, err := tlog.TreeHash(size, l.reader())
	if err != nil {
		t.Fatal(err)
	}
	proof, err := tlog.ProveRecord(size, index, l.reader())
	if err != nil {
		t.Fatal(err)
	}
	checkpoint, err := receipt.Sign(size, root, l.signer)
	if err != nil {
		t.Fatal(err)
	}
	file, err := receipt.Format(receipt.Receipt{Leaf: l.leaves[index], Index: index, Proof: proof, Checkpoint: checkpoint})
	if err != nil {
		t.Fatal(err)
	}
	return file
}

func disposed(n int) receipt.Leaf {
	salt := sha256.Sum256(fmt.Append(nil, n))
	due := time.Date(2025, 4, 30, 22, 0, 0, 0, time.UTC)
	return receipt.Leaf{
		Kind: receipt.Disposed, Record: fmt.Sprintf("2f0c1c9e-8a57-4c7e-9d5c-%012x", n),
		Authority: "arbetsformedlingen", Category: "contact.phone-log", Rule: "AFC-10",
		Trigger: "contact-ended", DueOn: "2025-05-01", DueAt: due,
		RemovedAt:       due.Add(400 * time.Millisecond),
		UnrecoverableAt: due.Add(time.Second + 123456*time.Microsecond),
		Policy:          "2024-1", Commitment: salt[:],
	}
}

func delivered(n int) receipt.Leaf {
	return receipt.Leaf{
		Kind: receipt.Delivered, Record: fmt.Sprintf("71d1c5a2-1111-4222-8333-%012x", n),
		Authority: "arbetsformedlingen", Recipient: "SE-KFM",
		Fields:   []string{"name", "nationalId", "registrationDates", "fund"},
		Decision: "released", Rule: "AFG-47", Policy: "2024-1",
		DeliveredAt: time.Date(2025, 5, 2, 8, 0, 0, 0, time.UTC),
	}
}

func mixed(n int) []receipt.Leaf {
	var leaves []receipt.Leaf
	for i := range n {
		if i%5 == 4 {
			leaves = append(leaves, delivered(i))
			continue
		}
		leaves = append(leaves, disposed(i))
	}
	return leaves
}
