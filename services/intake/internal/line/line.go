// Package line reads a contact line of the input contract, strictly. It judges
// nothing but its form; what is of the wrong kind or unknown it only names.
package line

import (
	"errors"

	"github.com/go-json-experiment/json/jsontext"

	"gallra.se/libs/strict"
	"gallra.se/services/intake/internal/contact"
)

// Decode takes a line apart, or refuses it: too-large, not-json.
func Decode(raw []byte) (contact.Given, error) {
	members, canonical, err := strict.Line(raw)
	if err != nil {
		return contact.Given{}, err
	}
	r := reader{given: contact.Given{Present: map[string]bool{}, Canonical: canonical}}
	for name, value := range members {
		r.member(name, value)
	}
	return r.given, nil
}

type reader struct{ given contact.Given }

func (r *reader) member(name string, value jsontext.Value) {
	g := &r.given
	g.Present[name] = value.Kind() != 'n'
	texts := map[string]*string{"id": &g.ID, "kind": &g.Kind, "at": &g.At, "authority": &g.Authority, "channel": &g.Channel,
		"startedAt": &g.StartedAt, "endedAt": &g.EndedAt, "line": &g.Line,
		"source": &g.Source, "service": &g.Service, "campaign": &g.Campaign}
	switch {
	case texts[name] != nil:
		*texts[name] = r.text(name, value)
	case name == "identified":
		g.Identified = r.truth(name, value)
	case name == "consent":
		g.Consent = r.truth(name, value)
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
	if value.Kind() == 'n' {
		return ""
	}
	text, err := strict.Text(value)
	switch {
	case errors.Is(err, strict.ErrUnicode):
		r.given.Mangled = append(r.given.Mangled, name)
	case err != nil:
		r.given.Misshapen = append(r.given.Misshapen, name)
	}
	return text
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

func (r *reader) object(name string, value jsontext.Value) strict.Members {
	if value.Kind() == 'n' {
		return nil
	}
	members, ok := strict.Object(value)
	if !ok {
		r.given.Misshapen = append(r.given.Misshapen, name)
	}
	return members
}
