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

	witnesses []note.Signer // none or one
	witness   string        // its public key
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
	return testKeyOf(t, receipt.Origin, seed)
}

const witnessName = "witness.example"

// witnessed is the same log with a second party that signs.
func (l *testLog) witnessed(t fataler) *testLog {
	t.Helper()
	both := *l
	signer, public := testKeyOf(t, witnessName, "a witness for tests")
	both.witnesses, both.witness = []note.Signer{signer}, public
	return &both
}

func testKeyOf(t fataler, name, seed string) (note.Signer, string) {
	t.Helper()
	sum := sha256.Sum256([]byte(seed))
	private := ed25519.NewKeyFromSeed(sum[:])
	public, err := note.NewEd25519VerifierKey(name, private.Public().(ed25519.PublicKey))
	if err != nil {
		t.Fatal(err)
	}
	verifier, err := note.NewVerifier(public)
	if err != nil {
		t.Fatal(err)
	}
	secret := append([]byte{1}, sum[:]...)
	signer, err := note.NewSigner(fmt.Sprintf("PRIVATE+KEY+%s+%08x+%s", name, verifier.KeyHash(),
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

// checkpoint is that of the log when it had this many leaves.
func (l *testLog) checkpoint(t fataler, size int64) receipt.Checkpoint {
	t.Helper()
	root, err := tlog.TreeHash(size, l.reader())
	if err != nil {
		t.Fatal(err)
	}
	checkpoint, err := receipt.Sign(size, root, l.signer, l.witnesses...)
	if err != nil {
		t.Fatal(err)
	}
	return checkpoint
}

func (l *testLog) receipt(t fataler, index int64) []byte {
	t.Helper()
	size := int64(len(l.leaves))
	proof, err := tlog.ProveRecord(size, index, l.reader())
	if err != nil {
		t.Fatal(err)
	}
	file, err := receipt.Format(receipt.Receipt{Leaf: l.leaves[index], Index: index, Proof: proof, Checkpoint: l.checkpoint(t, size)})
	if err != nil {
		t.Fatal(err)
	}
	return file
}

func (l *testLog) consistency(t fataler, from, to int64) receipt.Consistency {
	t.Helper()
	proof, err := tlog.ProveTree(to, from, l.reader())
	if err != nil {
		t.Fatal(err)
	}
	return receipt.Consistency{From: from, To: to, Proof: proof}
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

func sealed(n int) receipt.Leaf {
	salt := sha256.Sum256(fmt.Append(nil, "sealed", n))
	return receipt.Leaf{
		Kind: receipt.Sealed, Record: fmt.Sprintf("5e6a7d10-1111-4222-8333-%012x", n),
		Authority: "arbetsformedlingen", Archive: "riksarkivet", Records: int64(n), Rule: "AFG-55", Policy: "2024-1",
		SealedAt: time.Date(2025, 6, 1, 6, 0, 0, 0, time.UTC), Commitment: salt[:],
	}
}

func extracted(n int) receipt.Leaf {
	salt := sha256.Sum256(fmt.Append(nil, "extract", n))
	return receipt.Leaf{
		Kind: receipt.Extracted, Record: fmt.Sprintf("e2b4c6d8-1111-4222-8333-%012x", n),
		Authority: "arbetsformedlingen", Records: int64(n), Rule: "AFG-58", Policy: "2024-1",
		IssuedAt: time.Date(2025, 6, 2, 6, 0, 0, 0, time.UTC), Commitment: salt[:],
	}
}

// every is leaves of every kind, in turn.
func every(n int) []receipt.Leaf {
	kinds := []func(int) receipt.Leaf{disposed, delivered, sealed, extracted}
	leaves := make([]receipt.Leaf, n)
	for i := range leaves {
		leaves[i] = kinds[i%len(kinds)](i)
	}
	return leaves
}
