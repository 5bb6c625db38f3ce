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

// Clean refuses control characters other than tab and newline, with invalid-text.
func Clean(field, text string) error {
	if strings.ContainsFunc(text, func(r rune) bool { return unicode.IsControl(r) && r != '\t' && r != '\n' }) {
		return problem.OnField("invalid-text", field)
	}
	return nil
}

// Fits refuses what is longer than limit bytes, with too-large.
func Fits(field, text string, limit int) error {
	if len(text) > limit {
		return problem.OnField("too-large", field)
	}
	return nil
}
