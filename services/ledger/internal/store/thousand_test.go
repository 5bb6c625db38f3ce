package store_test

import (
	"crypto/sha256"
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/jackc/pgx/v5"
	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"

	"gallra.se/libs/pg"
	"gallra.se/services/ledger/internal/proving"
	"gallra.se/services/ledger/internal/store"
	"gallra.se/services/ledger/receipt"
)

func signerOf(t testing.TB, name string) (note.Signer, string) {
	t.Helper()
	secret, public, err := note.GenerateKey(nil, name)
	if err != nil {
		t.Fatal(err)
	}
	signer, err := note.NewSigner(secret)
	if err != nil {
		t.Fatal(err)
	}
	return signer, public
}

// ofEveryKind is leaf n: each fourth of the same kind.
func ofEveryKind(n int) receipt.Leaf {
	leaf := leafOf(n)
	salt := sha256.Sum256(fmt.Append(nil, n))
	leaf.Commitment = salt[:]
	at := leaf.DueAt
	switch n % 4 {
	case 1:
		return receipt.Leaf{Kind: receipt.Delivered, Record: leaf.Record, Authority: leaf.Authority, Rule: "AFG-47", Policy: "1",
			Recipient: "SE-KFM", Fields: []string{"name", "fund"}, Decision: "released", DeliveredAt: at}
	case 2:
		return receipt.Leaf{Kind: receipt.Sealed, Record: leaf.Record, Authority: leaf.Authority, Rule: "AFG-55", Policy: "1",
			Archive: "riksarkivet", Records: int64(n), SealedAt: at, Commitment: salt[:]}
	case 3:
		return receipt.Leaf{Kind: receipt.Extracted, Record: leaf.Record, Authority: leaf.Authority, Rule: "AFG-58", Policy: "1",
			Records: int64(n), IssuedAt: at, Commitment: salt[:]}
	}
	return leaf
}

// Out of the database come a thousand receipts; with nothing but two public keys each verifies, and none with one bit flipped.
func TestAThousandReceiptsVerifyOfflineAndNoneWithABitFlipped(t *testing.T) {
	t.Parallel()
	db := database(t)
	log, public := signerOf(t, receipt.Origin)
	witness, second := signerOf(t, "tillsyn.example")
	const n = 1000
	err := pg.Tx(t.Context(), db, func(tx pgx.Tx) error {
		if _, err := store.PublicKeyOf(t.Context(), tx, public); err != nil {
			return err
		}
		var leaves []receipt.Leaf
		for i := range n {
			leaves = append(leaves, ofEveryKind(i))
		}
		if _, err := store.Append(t.Context(), tx, leaves); err != nil {
			return err
		}
		root, err := tlog.TreeHash(n, store.NodesIn(t.Context(), tx))
		if err != nil {
			return err
		}
		c, err := receipt.Sign(n, root, log, witness)
		if err != nil {
			return err
		}
		return store.AddCheckpoint(t.Context(), tx, n, c.Note())
	})
	if err != nil {
		t.Fatal(err)
	}
	var receipts [][]byte
	err = proving.Each(t.Context(), db, store.Wanted{After: -1, Limit: n + 1}, func(p proving.Proven) error {
		receipts = append(receipts, []byte(p.Receipt))
		return nil
	})
	if err != nil || len(receipts) != n {
		t.Fatalf("%d receipts: %v", len(receipts), err)
	}
	seed := rand.Uint64()
	random := rand.New(rand.NewPCG(seed, 0))
	for i, file := range receipts {
		if err := receipt.Verify(file, public, second); err != nil {
			t.Fatalf("receipt %d: %v", i, err)
		}
		at, bit := random.IntN(len(file)), random.IntN(8)
		file[at] ^= 1 << bit
		if receipt.Verify(file, public, second) == nil {
			t.Fatalf("seed %d: receipt %d verifies with bit %d of byte %d flipped", seed, i, bit, at)
		}
	}
}
