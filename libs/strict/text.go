package strict

import (
	"errors"
	"strings"
	"unicode"

	"github.com/go-json-experiment/json/jsontext"

	"gallra.se/libs/problem"
)

// How many bytes texts may have.
const (
	MaxText = 256 << 10
	MaxName = 256 // of ids, numbers and codes
)

// Why a value is no text.
var (
	ErrShape   = errors.New("not a JSON string")
	ErrUnicode = errors.New("holds half of a surrogate pair")
)

// Text reads a JSON string, or says why it is none.
func Text(value jsontext.Value) (string, error) {
	if value.Kind() != '"' {
		return "", ErrShape
	}
	text, err := jsontext.AppendUnquote(nil, value)
	if err != nil {
		return "", ErrUnicode
	}
	return string(text), nil
}

// TextOf is Text for a field: it refuses with invalid-field or invalid-text.
func TextOf(field string, value jsontext.Value) (string, error) {
	text, err := Text(value)
	switch {
	case errors.Is(err, ErrUnicode):
		return "", OnField("invalid-text", field)
	case err != nil:
		return "", OnField("invalid-field", field)
	}
	return text, nil
}

// Clean refuses, with invalid-text, control characters other than tab and newline, and those that are not seen and change
// how the text around them is read: what turns its direction, or hides in it. Marks of direction stay: who writes Arabic or
// Hebrew types them; so do Unicode's own line breaks and byte order marks, which come along with pasted text.
func Clean(field, text string) error {
	if strings.ContainsFunc(text, func(r rune) bool { return r != '\t' && r != '\n' && disturbing(r) }) {
		return problem.OnField("invalid-text", field)
	}
	return nil
}

// CleanLine is Clean for what stands on one line, as names, numbers and codes do: no tab, line break or byte order mark
// either.
func CleanLine(field, text string) error {
	if strings.ContainsFunc(text, func(r rune) bool { return disturbing(r) || r == 0x2028 || r == 0x2029 || r == 0xFEFF }) {
		return problem.OnField("invalid-text", field)
	}
	return nil
}

// disturbing characters are controls, turns of direction (Unicode annex 9: embeddings, overrides, isolates), annotations,
// tags, and code points that are no characters.
func disturbing(r rune) bool {
	switch {
	case unicode.IsControl(r),
		r >= 0x202A && r <= 0x202E, r >= 0x2066 && r <= 0x2069,
		r >= 0xFFF9 && r <= 0xFFFB, r >= 0xE0000 && r <= 0xE007F,
		r >= 0xFDD0 && r <= 0xFDEF, r&0xFFFE == 0xFFFE:
		return true
	}
	return false
}

// Fits refuses what is longer than limit bytes, with too-large.
func Fits(field, text string, limit int) error {
	if len(text) > limit {
		return problem.OnField("too-large", field)
	}
	return nil
}
