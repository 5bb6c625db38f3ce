package strict

import (
	"errors"
	"unicode/utf8"

	"github.com/go-json-experiment/json"

	"gallra.se/libs/problem"
)

// Decode reads a small body into a struct: every name must be one of its fields, in their own case, and every value of
// their kind. It refuses with not-json, unknown-field or invalid-field.
func Decode(raw []byte, into any) error {
	if !utf8.Valid(raw) {
		return problem.New("not-json")
	}
	err := json.Unmarshal(raw, into, json.RejectUnknownMembers(true))
	var fault *json.SemanticError
	switch {
	case err == nil:
		return nil
	case !errors.As(err, &fault):
		return problem.New("not-json")
	case errors.Is(err, json.ErrUnknownName):
		return Unknown(fault.JSONPointer.LastToken())
	}
	return OnField("invalid-field", fault.JSONPointer.LastToken())
}
