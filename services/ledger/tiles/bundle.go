package tiles

import (
	"encoding/binary"
	"errors"
)

// longestEntry is what two bytes can say.
const longestEntry = 1<<16 - 1

// ErrBundle says that bytes are no bundle of entries.
var ErrBundle = errors.New("not a bundle of entries in its only form")

// Bundle is entries one after the other, each after its length in two bytes.
func Bundle(entries []string) ([]byte, error) {
	var file []byte
	for _, entry := range entries {
		if len(entry) > longestEntry {
			return nil, ErrBundle
		}
		file = append(binary.BigEndian.AppendUint16(file, uint16(len(entry))), entry...)
	}
	return file, nil
}

// ParseBundle takes exactly so many entries out of a bundle.
func ParseBundle(file []byte, width int) ([]string, error) {
	var entries []string
	for len(file) > 0 {
		if len(file) < 2 || len(entries) == width {
			return nil, ErrBundle
		}
		end := 2 + int(binary.BigEndian.Uint16(file))
		if end > len(file) {
			return nil, ErrBundle
		}
		entries, file = append(entries, string(file[2:end])), file[end:]
	}
	if len(entries) != width {
		return nil, ErrBundle
	}
	return entries, nil
}
