package line

import (
	"bytes"
	"errors"
	"io"

	"github.com/go-json-experiment/json/jsontext"

	"gallra.se/libs/problem"
	"gallra.se/libs/strict"
)

// Deepest is how deep the value of a field may be: a list of objects with texts, such as places of work.
const Deepest = 3

// CheckValue refuses the value of a field that is null, deeper than Deepest, longer than a text may be, or holds a text that
// is not clean.
func CheckValue(name string, value jsontext.Value) error {
	if err := strict.Fits(name, string(value), strict.MaxText); err != nil {
		return err
	}
	if value.Kind() == 'n' {
		return strict.OnField("invalid-field", name)
	}
	d := jsontext.NewDecoder(bytes.NewReader(value))
	for {
		token, err := d.ReadToken()
		switch {
		case errors.Is(err, io.EOF):
			return nil
		case err != nil, d.StackDepth() > Deepest:
			return strict.OnField("invalid-field", name)
		case token.Kind() == '"':
			if err := strict.Clean(name, token.String()); err != nil {
				return err
			}
		}
	}
}

// CheckCode refuses a code that could be prose.
func CheckCode(name, text string) error {
	if text == "" {
		return problem.OnField("missing-field", name)
	}
	if !code.MatchString(text) {
		return problem.OnField("invalid-field", name)
	}
	return nil
}
