package nationalid

import (
	"fmt"
	"log/slog"
)

const mask = "[national id]"

// String is a mask. Format, GoString, LogValue and MarshalText are the same mask: slog bypasses LogValue inside a struct,
// and %#v bypasses String.
func (id ID) String() string { return mask }

// GoString is the mask.
func (id ID) GoString() string { return mask }

// Format is the mask under every verb.
func (id ID) Format(f fmt.State, _ rune) { _, _ = f.Write([]byte(mask)) }

// LogValue is the mask.
func (id ID) LogValue() slog.Value { return slog.StringValue(mask) }

// MarshalText is the mask, so no encoder writes the number by accident. It cannot be read back.
func (id ID) MarshalText() ([]byte, error) { return []byte(mask), nil }
