package tree

import (
	"math/bits"
	"slices"

	"golang.org/x/mod/sumdb/tlog"
)

// Again computes a tree anew from its leaves, one by one, and keeps only its
// edge. It shares no code with Grow but the two hash functions of RFC 6962.
type Again struct {
	size  int64
	peaks []tlog.Hash // roots of the complete subtrees, widest first
}

// Leaf adds the next leaf and returns the hashes that must stand stored for it,
// lowest first.
func (a *Again) Leaf(text string) []tlog.Hash {
	hash := tlog.RecordHash([]byte(text))
	stored := []tlog.Hash{hash}
	for range bits.TrailingZeros64(uint64(a.size + 1)) {
		last := len(a.peaks) - 1
		hash = tlog.NodeHash(a.peaks[last], hash)
		a.peaks = a.peaks[:last]
		stored = append(stored, hash)
	}
	a.peaks = append(a.peaks, hash)
	a.size++
	return stored
}

// Size is how many leaves were added.
func (a *Again) Size() int64 { return a.size }

// Root is the root of the tree so far.
func (a *Again) Root() tlog.Hash {
	if a.size == 0 {
		root, _ := tlog.TreeHash(0, nil) // reads nothing
		return root
	}
	root := a.peaks[len(a.peaks)-1]
	for _, peak := range slices.Backward(a.peaks[:len(a.peaks)-1]) {
		root = tlog.NodeHash(peak, root)
	}
	return root
}
