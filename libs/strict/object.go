// Package strict takes JSON from outside apart and forgives nothing: one object in UTF-8, no name twice at any depth, and
// texts without control characters. What it says against an input names a reason and a field, and a field only where the
// name cannot be content; it never repeats a value. What the members mean it does not know.
package strict

import (
	"unicode/utf8"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"gallra.se/libs/problem"
)

// MaxLine is how many bytes a line of the input contract may have.
const MaxLine = 1 << 20

// Members are an object's members, each value as it was written.
type Members = map[string]jsontext.Value

// Line takes a line apart. canonical is the line in one form, whatever its order and spaces: what a repeat must equal. It
// refuses with too-large or not-json.
func Line(raw []byte) (members Members, canonical []byte, err error) {
	if len(raw) > MaxLine {
		return nil, nil, problem.New("too-large")
	}
	members, ok := Object(raw)
	if !ok {
		return nil, nil, problem.New("not-json")
	}
	form := jsontext.Value(raw).Clone()
	if form.Canonicalize(halves) != nil {
		return nil, nil, problem.New("not-json")
	}
	return members, form, nil
}

// Object takes an object apart, be it a line or in one; ok is false for whatever else it is, null too.
func Object(value []byte) (members Members, ok bool) {
	if !utf8.Valid(value) || json.Unmarshal(value, &members, halves) != nil {
		return nil, false
	}
	return members, members != nil
}

// halves lets escaped halves of surrogates pass where objects are taken apart, so that Text can say which field has them.
var halves = jsontext.AllowInvalidUTF8(true)
