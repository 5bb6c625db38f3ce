// Package feed reads what somebody outside hands in about a person: the Tax Agency its population data, suppliers the
// attendance at what they arrange (AFG-46). It judges nothing but the form: a delivery is a line of the channel feed, and
// is judged as one, by a closed list of sources and of fields for each.
package feed

import (
	"gallra.se/libs/problem"
	"gallra.se/libs/strict"
	"gallra.se/services/intake/internal/contact"
)

const nationalID = "nationalId"

type body struct {
	ID     string `json:"id"`
	Source string `json:"source"` // identifier of a feed of the pack, as SE-SKV
	Person struct {
		NationalID string `json:"nationalId"`
	} `json:"person"`
	Fields map[string]string `json:"fields"`
	At     string            `json:"at"` // RFC 3339
}

// Read takes a delivery apart, or refuses it: too-large, not-json, unknown-field, invalid-field, missing-field.
func Read(raw []byte, authority string) (contact.Given, error) {
	_, canonical, err := strict.Line(raw)
	if err != nil {
		return contact.Given{}, err
	}
	var b body
	if err := strict.Decode(raw, &b); err != nil {
		return contact.Given{}, err
	}
	if b.Source == "" {
		return contact.Given{}, problem.OnField("missing-field", "source")
	}
	if _, twice := b.Fields[nationalID]; twice {
		return contact.Given{}, problem.OnField("invalid-field", nationalID)
	}
	fields := map[string]string{}
	for name, value := range b.Fields {
		fields[name] = value
	}
	if b.Person.NationalID != "" {
		fields[nationalID] = b.Person.NationalID
	}
	return contact.Given{ID: b.ID, Kind: "contact", Authority: authority, Channel: contact.Feed, At: b.At, EndedAt: b.At, Source: b.Source,
		Identified: true, Fields: fields, Canonical: canonical,
		Present: map[string]bool{"kind": true, "authority": true, "channel": true, "id": b.ID != "", "at": b.At != "", "endedAt": b.At != "", "source": true}}, nil
}
