// Package subject judges what is said of whom a record is about, where that does not come as a contact line: it keeps the
// fields that the pack names, checks the national number and refuses what no pack knows. It is pure, and what it drops is
// kept nowhere.
package subject

import (
	"maps"
	"slices"
	"strings"

	"gallra.se/libs/calendar"
	"gallra.se/libs/nationalid"
	"gallra.se/libs/policy"
	"gallra.se/libs/problem"
	"gallra.se/libs/strict"
	"gallra.se/services/intake/internal/contact"
)

// Name of whom a record is about, and NationalID, which is checked and kept in one form only.
const (
	Name       = "name"
	NationalID = "nationalId"
)

// Kept is what of the fields may exist, with the names of what is and what is not.
type Kept struct {
	Fields  map[string]string
	Stored  []string
	Dropped []string
}

// Rules is what fields are judged by.
type Rules struct {
	Pack      *policy.Pack
	Store     []string      // the fields that may be kept
	On        calendar.Date // the day of the record, which says what century a short number is of
	Simulated bool          // a simulated deployment takes test numbers only
}

// Keep refuses fields that the pack's catalogue does not have (unknown-field), texts that are none (invalid-text,
// too-large) and a number that is none (invalid-national-id), and keeps what may be kept.
func (r Rules) Keep(fields map[string]string) (Kept, error) {
	k := Kept{Fields: map[string]string{}, Stored: []string{}, Dropped: []string{}}
	for _, name := range slices.Sorted(maps.Keys(fields)) {
		if !r.Pack.KnownField(name) {
			return Kept{}, strict.Unknown(name)
		}
		if err := text(name, fields[name]); err != nil {
			return Kept{}, err
		}
		if !slices.Contains(r.Store, name) {
			k.Dropped = append(k.Dropped, name)
			continue
		}
		k.Fields[name] = contact.Composed(name, fields[name])
		k.Stored = append(k.Stored, name)
	}
	if err := r.number(k.Fields); err != nil {
		return Kept{}, err
	}
	return k, nil
}

func text(name, value string) error {
	if err := contact.Cleanly(name, value); err != nil {
		return err
	}
	return strict.Fits(name, value, strict.MaxText)
}

// number puts a national number in its one form.
func (r Rules) number(fields map[string]string) error {
	given, ok := fields[NationalID]
	if !ok {
		return nil
	}
	id, err := nationalid.ParseOn(r.Pack.Country, strings.ReplaceAll(given, " ", ""), r.On)
	if err != nil || r.Simulated && !id.IsTest() {
		return problem.OnField("invalid-national-id", NationalID)
	}
	fields[NationalID] = id.Canonical()
	return nil
}
