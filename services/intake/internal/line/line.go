// Package line takes a line of the input contract apart, strictly: one JSON
// object in UTF-8, no name twice at any depth. It judges nothing else; what is
// of the wrong kind or unknown it only names.
package line

import (
	"unicode/utf8"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"gallra.se/libs/problem"
	"gallra.se/services/intake/internal/contact"
)

// MaxSize is how many bytes a line may have.
const MaxSize = 1 << 20

// Decode takes a line apart, or refuses it: too-large, not-json.
func Decode(raw []byte) (contact.Given, error) {
	if len(raw) > MaxSize {
		return contact.Given{}, problem.New("too-large")
	}
	if !utf8.Valid(raw) {
		return contact.Given{}, problem.New("not-json")
	}
	// Escaped halves of surrogates pass here, so that the refusal can name the
	// field that has them.
	var members map[string]jsontext.Value
	if err := json.Unmarshal(raw, &members, jsontext.AllowInvalidUTF8(true)); err != nil || members == nil {
		return contact.Given{}, problem.New("not-json")
	}
	r := reader{given: contact.Given{Present: map[string]bool{}}}
	for name, value := range members {
		r.member(name, value)
	}
	canonical := jsontext.Value(raw).Clone()
	if err := canonical.Canonicalize(jsontext.AllowInvalidUTF8(true)); err != nil {
		return contact.Given{}, problem.New("not-json")
	}
	r.given.Canonical = canonical
	return r.given, nil
}

type reader struct{ given contact.Given }

func (r *reader) member(name string, value jsontext.Value) {
	g := &r.given
	g.Present[name] = value.Kind() != 'n'
	texts := map[string]*string{"id": &g.ID, "kind": &g.Kind, "at": &g.At, "authority": &g.Authority, "channel": &g.Channel,
		"startedAt": &g.StartedAt, "endedAt": &g.EndedAt, "line": &g.Line}
	switch {
	case texts[name] != nil:
		*texts[name] = r.text(name, value)
	case name == "identified":
		g.Identified = r.truth(name, value)
	case name == "fields":
		r.fields(value)
	case name == "note":
		r.note(value)
	default:
		g.Strangers = append(g.Strangers, name)
	}
}

func (r *reader) fields(value jsontext.Value) {
	members := r.object("fields", value)
	r.given.Fields = make(map[string]string, len(members))
	for name, value := range members {
		r.given.Fields[name] = r.text(name, value)
	}
}

func (r *reader) note(value jsontext.Value) {
	members := r.object("note", value)
	if members == nil {
		return
	}
	note := &contact.GivenNote{Present: map[string]bool{}}
	for name, value := range members {
		note.Present[name] = value.Kind() != 'n'
		switch name {
		case "case":
			note.Case = r.text(name, value)
		case "text":
			note.Text = r.text(name, value)
		case "relevant":
			note.Relevant = r.truth(name, value)
		default:
			r.given.Strangers = append(r.given.Strangers, name)
		}
	}
	r.given.Note = note
}

func (r *reader) text(name string, value jsontext.Value) string {
	switch value.Kind() {
	case '"':
		plain, err := jsontext.AppendUnquote(nil, value)
		if err != nil {
			r.given.Mangled = append(r.given.Mangled, name)
		}
		return string(plain)
	case 'n':
		return ""
	}
	r.given.Misshapen = append(r.given.Misshapen, name)
	return ""
}

func (r *reader) truth(name string, value jsontext.Value) bool {
	switch value.Kind() {
	case 't':
		return true
	case 'f', 'n':
	default:
		r.given.Misshapen = append(r.given.Misshapen, name)
	}
	return false
}

func (r *reader) object(name string, value jsontext.Value) map[string]jsontext.Value {
	if value.Kind() == 'n' {
		return nil
	}
	var members map[string]jsontext.Value
	if value.Kind() != '{' || json.Unmarshal(value, &members, jsontext.AllowInvalidUTF8(true)) != nil {
		r.given.Misshapen = append(r.given.Misshapen, name)
	}
	return members
}
