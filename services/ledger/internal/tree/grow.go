// Package tree is the Merkle tree of the log (RFC 6962) as pure functions: what
// must be stored when leaves are added, and what must be found when the tree is
// computed anew. It stores nothing and signs nothing.
package tree

import (
	"fmt"

	"golang.org/x/mod/sumdb/tlog"
)

// Growth is what leaves add to a tree: its new stored hashes, whose ids follow
// each other from First.
type Growth struct {
	First  int64
	Hashes []tlog.Hash
}

// Grow adds leaf texts, in order, to a tree of the given size whose stored
// hashes are read from old. It reads at most 1 + log₂ size of them, in one call.
func Grow(size int64, leaves []string, old tlog.HashReader) (Growth, error) {
	g := &growing{first: tlog.StoredHashCount(size), peaks: map[int64]tlog.Hash{}}
	if _, err := tlog.TreeHash(size, g.remember(old)); err != nil {
		return Growth{}, fmt.Errorf("read the edge of the tree: %w", err)
	}
	for i, leaf := range leaves {
		more, err := tlog.StoredHashes(size+int64(i), []byte(leaf), g)
		if err != nil {
			return Growth{}, fmt.Errorf("add leaf %d: %w", size+int64(i), err)
		}
		g.added = append(g.added, more...)
	}
	return Growth{First: g.first, Hashes: g.added}, nil
}

// growing reads from the edge of the old tree and from what was added to it:
// no other hash is ever needed to add a leaf.
type growing struct {
	first int64
	peaks map[int64]tlog.Hash
	added []tlog.Hash
}

func (g *growing) remember(old tlog.HashReader) tlog.HashReader {
	return tlog.HashReaderFunc(func(ids []int64) ([]tlog.Hash, error) {
		hashes, err := old.ReadHashes(ids)
		for i := range hashes {
			g.peaks[ids[i]] = hashes[i]
		}
		return hashes, err
	})
}

func (g *growing) ReadHashes(ids []int64) ([]tlog.Hash, error) {
	hashes := make([]tlog.Hash, len(ids))
	for i, id := range ids {
		if id >= g.first {
			hashes[i] = g.added[id-g.first]
			continue
		}
		hash, ok := g.peaks[id]
		if !ok {
			return nil, fmt.Errorf("hash %d is not on the edge of the tree", id)
		}
		hashes[i] = hash
	}
	return hashes, nil
}
