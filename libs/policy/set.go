package policy

import (
	"maps"
	"slices"
	"sync/atomic"
)

// Set is the packs of all authorities. It is safe for concurrent use; whoever may replace a pack has a Clone of its own.
type Set struct {
	packs atomic.Pointer[map[string]*Pack]
}

func newSet(packs map[string]*Pack) *Set {
	s := &Set{}
	s.packs.Store(&packs)
	return s
}

// Pack is the pack of an authority, and whether there is one.
func (s *Set) Pack(authority string) (*Pack, bool) {
	p, ok := (*s.packs.Load())[authority]
	return p, ok
}

// Authorities lists the authorities in alphabetical order.
func (s *Set) Authorities() []string { return slices.Sorted(maps.Keys(*s.packs.Load())) }

// Clone is a set with the same packs; what is replaced in one is not replaced in the other.
func (s *Set) Clone() *Set { return newSet(*s.packs.Load()) }

// Replace puts a pack in the place of its authority's, for every later call of Pack.
func (s *Set) Replace(p *Pack) {
	for {
		old := s.packs.Load()
		packs := maps.Clone(*old)
		packs[p.Authority] = p
		if s.packs.CompareAndSwap(old, &packs) {
			return
		}
	}
}
