package needles

import (
	"fmt"
	"sync"
)

// shortest is the shortest pattern that a Set takes: the prefix that it indexes.
const shortest = 4

// Set is a compiled list of needles, ready to scan. It is safe for concurrent use.
type Set struct {
	patterns []pattern
	byPrefix map[uint32][]int
	first    [1 << 16]bool // by the first two bytes: most positions end here
	second   [1 << 16]bool // by the next two: nearly all others
	longest  int
	blocks   sync.Pool // of *[]byte that one Scan at a time reads into
}

type pattern struct {
	needle int
	form   string
	bytes  []byte
}

// Compile spells and encodes every needle. A needle under four bytes is refused: it
// would be found by chance.
func Compile(needles []string) (*Set, error) {
	set := &Set{byPrefix: map[uint32][]int{}}
	seen := map[string]bool{}
	for i, needle := range needles {
		if len(needle) < shortest {
			return nil, fmt.Errorf("compile needle %d: %d bytes are too few to tell it from chance", i+1, len(needle))
		}
		for _, spelling := range Spellings(needle) {
			for _, encoding := range Encodings(spelling) {
				if len(encoding.Bytes) >= shortest && !seen[string(encoding.Bytes)] {
					seen[string(encoding.Bytes)] = true
					set.add(pattern{needle: i, form: encoding.Name, bytes: encoding.Bytes})
				}
			}
		}
	}
	return set, nil
}

func (s *Set) add(p pattern) {
	s.byPrefix[prefix(p.bytes)] = append(s.byPrefix[prefix(p.bytes)], len(s.patterns))
	s.first[uint16(p.bytes[0])|uint16(p.bytes[1])<<8] = true
	s.second[uint16(p.bytes[2])|uint16(p.bytes[3])<<8] = true
	s.patterns = append(s.patterns, p)
	s.longest = max(s.longest, len(p.bytes))
}

func prefix(b []byte) uint32 {
	return uint32(b[0]) | uint32(b[1])<<8 | uint32(b[2])<<16 | uint32(b[3])<<24
}
