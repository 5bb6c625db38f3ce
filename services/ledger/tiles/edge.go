package tiles

import (
	"math/bits"
	"slices"

	"golang.org/x/mod/sumdb/tlog"
)

// edge is a tree of which only the roots of its complete subtrees are kept, the
// widest first.
type edge struct {
	size  uint64
	peaks []tlog.Hash
}

func (e *edge) add(hash tlog.Hash) {
	e.size++
	for range bits.TrailingZeros64(e.size) {
		last := len(e.peaks) - 1
		hash = tlog.NodeHash(e.peaks[last], hash)
		e.peaks = e.peaks[:last]
	}
	e.peaks = append(e.peaks, hash)
}

func (e *edge) root() tlog.Hash {
	if e.size == 0 {
		root, _ := tlog.TreeHash(0, nil) // reads nothing
		return root
	}
	root := e.peaks[len(e.peaks)-1]
	for _, peak := range slices.Backward(e.peaks[:len(e.peaks)-1]) {
		root = tlog.NodeHash(peak, root)
	}
	return root
}
