package tree_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/transparency-dev/merkle/compact"
	"github.com/transparency-dev/merkle/rfc6962"
	"golang.org/x/mod/sumdb/tlog"
	"pgregory.net/rapid"

	"gallra.se/services/ledger/internal/tree"
)

type stored []tlog.Hash

func (s stored) ReadHashes(ids []int64) ([]tlog.Hash, error) {
	out := make([]tlog.Hash, len(ids))
	for i, id := range ids {
		out[i] = s[id]
	}
	return out, nil
}

var someLeaves = rapid.SliceOfN(rapid.StringN(0, 12, -1), 0, 70)

func TestATreeGrownInAnyBatchesIsTheTreeComputedAnew(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		var all []string
		var grown stored
		for i := range rapid.IntRange(0, 5).Draw(t, "batches") {
			batch := someLeaves.Draw(t, fmt.Sprint("batch ", i))
			g, err := tree.Grow(int64(len(all)), batch, grown)
			if err != nil || g.First != int64(len(grown)) {
				t.Fatalf("first id %d of %d: %v", g.First, len(grown), err)
			}
			all, grown = append(all, batch...), append(grown, g.Hashes...)
		}
		var again tree.Again
		var computed stored
		for _, leaf := range all {
			computed = append(computed, again.Leaf(leaf)...)
		}
		root, err := tlog.TreeHash(int64(len(all)), grown)
		if err != nil || !slices.Equal(grown, computed) || root != again.Root() || again.Size() != int64(len(all)) {
			t.Fatalf("grown and computed trees differ at %d leaves: %v", len(all), err)
		}
	})
}

func TestAnIndependentLibraryComesToTheSameRoot(t *testing.T) {
	t.Parallel()
	factory := compact.RangeFactory{Hash: rfc6962.DefaultHasher.HashChildren}
	other, ours := factory.NewEmptyRange(0), tree.Again{}
	for i := range 300 {
		leaf := fmt.Sprint("leaf ", i)
		ours.Leaf(leaf)
		if err := other.Append(rfc6962.DefaultHasher.HashLeaf([]byte(leaf)), nil); err != nil {
			t.Fatal(err)
		}
		root, err := other.GetRootHash(nil)
		if err != nil {
			t.Fatal(err)
		}
		if got := ours.Root(); !slices.Equal(root, got[:]) {
			t.Fatalf("roots differ at %d leaves", i+1)
		}
	}
}

func TestTheEmptyTreeHasTheRootOfRFC6962(t *testing.T) {
	t.Parallel()
	root := new(tree.Again).Root()
	if !slices.Equal(root[:], rfc6962.DefaultHasher.EmptyRoot()) {
		t.Fatal(root)
	}
}

func TestGrowingReadsNothingButTheEdge(t *testing.T) {
	t.Parallel()
	g, err := tree.Grow(0, make([]string, 1000), stored{})
	if err != nil {
		t.Fatal(err)
	}
	var calls, read int
	_, err = tree.Grow(1000, make([]string, 500), tlog.HashReaderFunc(func(ids []int64) ([]tlog.Hash, error) {
		calls, read = calls+1, read+len(ids)
		return stored(g.Hashes).ReadHashes(ids)
	}))
	if err != nil || calls != 1 || read > 10 {
		t.Fatalf("%d reads of %d hashes: %v", calls, read, err)
	}
}
