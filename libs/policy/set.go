package policy

import (
	"maps"
	"slices"
)

// Set is the packs of all authorities.
type Set struct{ packs map[string]*Pack }

// Pack is the pack of an authority, and whether there is one.
func (s *Set) Pack(authority string) (*Pack, bool) {
	p, ok := s.packs[authority]
	return p, ok
}

// Authorities lists the authorities in alphabetical order.
func (s *Set) Authorities() []string { return slices.Sorted(maps.Keys(s.packs)) }
