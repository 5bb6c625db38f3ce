package policy

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"maps"
	"slices"
)

// Files is the pack as it was read: file names and their text.
func (p *Pack) Files() map[string]string { return maps.Clone(p.files) }

// Hash names the pack's text: SHA-256 over each file's name, length and text in the order of names, in hexadecimal digits.
func (p *Pack) Hash() string {
	sum := sha256.New()
	for _, name := range slices.Sorted(maps.Keys(p.files)) {
		fmt.Fprintf(sum, "%s %d\n%s", name, len(p.files[name]), p.files[name])
	}
	return hex.EncodeToString(sum.Sum(nil))
}
