package line

import (
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"gallra.se/libs/nationalid"
	"gallra.se/libs/policy"
	"gallra.se/libs/problem"
	"gallra.se/libs/strict"
	"gallra.se/services/case-linker/internal/situation"
)

const (
	nationalIDField = "nationalId"
	nameField       = "name"
)

// persons reads the numbers of a line, and for a registration what else may be stored.
func (l *Line) persons(simulated bool) (err error) {
	switch l.Kind {
	case PersonRegistered:
		return l.registered(simulated)
	case PersonDeregistered, PersonCorrected:
		var s string
		if s, err = l.text(nationalIDField); err == nil {
			l.Person, err = l.number(s, simulated)
		}
		return err
	case CaseOpened:
		return l.parties(simulated)
	}
	return nil
}

func (l *Line) number(s string, simulated bool) (nationalid.ID, error) {
	return Number(l.Pack, s, l.At, simulated)
}

// Number reads a national number as it was written at an instant, with or without spaces; a simulated deployment takes
// test numbers only.
func Number(p *policy.Pack, s string, at time.Time, simulated bool) (nationalid.ID, error) {
	id, err := Written(p, s, at)
	if err != nil || simulated && !id.IsTest() {
		return nationalid.ID{}, problem.OnField("invalid-national-id", nationalIDField)
	}
	return id, nil
}

// Written reads a national number as it was written at an instant. People put spaces between its groups.
func Written(p *policy.Pack, s string, at time.Time) (nationalid.ID, error) {
	return nationalid.ParseOn(p.Country, strings.ReplaceAll(s, " ", ""), p.Today(at))
}

func (l *Line) parties(simulated bool) error {
	var numbers []string
	if value := l.members["persons"]; value.Kind() != '[' || json.Unmarshal(value, &numbers) != nil {
		return problem.OnField("invalid-field", "persons")
	}
	if len(numbers) == 0 && !BeginsAlone(l.Pack, l.CaseType) {
		return problem.OnField("missing-field", "persons")
	}
	if len(numbers) > 50 {
		return problem.OnField("too-large", "persons")
	}
	for _, s := range numbers {
		id, err := l.number(s, simulated)
		if err != nil {
			return err
		}
		if !slices.Contains(l.Persons, id) {
			l.Persons = append(l.Persons, id)
		}
	}
	return nil
}

// registered keeps what the pack lets a registration carry in some situation (AFG-14, AFG-15); what the catalogue knows
// besides is dropped and counted, what it does not know refuses the line.
func (l *Line) registered(simulated bool) error {
	fields, err := object("person", l.members["person"])
	if err != nil {
		return err
	}
	l.Fields = map[string]string{}
	registrable := situation.Registrable(l.Pack)
	for _, name := range slices.Sorted(maps.Keys(fields)) {
		text := fields[name]
		switch {
		case !situation.Known(l.Pack, name):
			return strict.Unknown(name)
		case check(name, text, strict.MaxText) != nil:
			return check(name, text, strict.MaxText)
		case !slices.Contains(registrable, name):
			l.Dropped = append(l.Dropped, name)
		case name == nameField && text != "":
			if l.Fields[name], err = PersonName(name, text); err != nil {
				return err
			}
		case name != nationalIDField:
			l.Fields[name] = text
		}
	}
	for _, name := range l.Pack.Registration.Required {
		if fields[name] == "" {
			return problem.OnField("missing-field", name)
		}
	}
	l.Person, err = l.number(fields[nationalIDField], simulated)
	return err
}

// object reads an object whose values are strings.
func object(name string, value jsontext.Value) (map[string]string, error) {
	members, ok := strict.Object(value)
	if !ok {
		return nil, problem.OnField("invalid-field", name)
	}
	out := make(map[string]string, len(members))
	for _, name := range slices.Sorted(maps.Keys(members)) {
		text, err := strict.TextOf(name, members[name])
		if err != nil {
			return nil, err
		}
		out[name] = text
	}
	return out, nil
}
