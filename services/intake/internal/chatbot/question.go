package chatbot

import (
	"bytes"
	"net/netip"
	"regexp"

	"github.com/go-json-experiment/json/jsontext"

	"gallra.se/libs/problem"
	"gallra.se/libs/strict"
)

// longestQuestion is how many bytes may be asked at once.
const longestQuestion = 4 << 10

// Question is what was typed. Forget it when it is answered.
type Question struct{ text []byte }

// Read takes the body of a question apart: {"text", "ipAddress"}. The address is what the channel speaks to and is not
// kept (AFC-25). It refuses with not-json, unknown-field, missing-field, invalid-field, invalid-text or too-large, and
// overwrites body.
func Read(body []byte) (q Question, err error) {
	defer clear(body)
	members, ok := strict.Object(body)
	if !ok {
		return q, problem.New("not-json")
	}
	defer forget(members)
	for name := range members {
		if name != "text" && name != "ipAddress" {
			return q, strict.Unknown(name)
		}
	}
	if address, given := members["ipAddress"]; given && !isAddress(address) {
		return q, problem.OnField("invalid-field", "ipAddress")
	}
	if q.text, err = textOf(members["text"]); err != nil {
		q.Forget()
	}
	return q, err
}

func textOf(value jsontext.Value) ([]byte, error) {
	switch {
	case len(value) == 0 || value.Kind() == 'n':
		return nil, problem.OnField("missing-field", "text")
	case value.Kind() != '"':
		return nil, problem.OnField("invalid-field", "text")
	case len(value) > 6*longestQuestion: // however it is escaped
		return nil, problem.OnField("too-large", "text")
	}
	text, err := jsontext.AppendUnquote(nil, value)
	switch {
	case err != nil:
		return text, problem.OnField("invalid-text", "text")
	case len(text) > longestQuestion:
		return text, problem.OnField("too-large", "text")
	case len(bytes.TrimSpace(text)) == 0:
		return text, problem.OnField("missing-field", "text")
	}
	return text, nil
}

func isAddress(value jsontext.Value) bool {
	text, err := strict.Text(value)
	if err != nil {
		return false
	}
	_, err = netip.ParseAddr(text)
	return err == nil
}

func forget(members strict.Members) {
	for _, value := range members {
		clear(value)
	}
}

// Answer finds the answer, in what is left of the question without identifiers.
func (q Question) Answer() Found {
	stripped := Stripped(q.text)
	defer clear(stripped)
	return Find(stripped)
}

// Forget overwrites what was typed.
func (q Question) Forget() { clear(q.text) }

// sessionName is what a channel may call a session: nothing that could hold a number of a person.
var sessionName = regexp.MustCompile(`^[A-Za-z0-9_-]{1,64}$`)

// named refuses a session's name that is misshapen, or is a number that says who somebody is.
func named(session string) error {
	if !sessionName.MatchString(session) || onlyNumber.MatchString(session) {
		return problem.OnField("invalid-field", "session")
	}
	return nil
}

var onlyNumber = regexp.MustCompile(`^[0-9]{6,8}[-_+A-FUVWXYa-fuvwxy]?[0-9]{3,4}[0-9A-Za-z]?$`)
