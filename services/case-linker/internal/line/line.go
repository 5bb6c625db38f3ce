// Package line takes a person.* or case.* line of the input contract apart, strictly, and judges it: one JSON object in
// UTF-8, no name twice, no key that its kind does not have, every value possible. It is pure; a refusal names a field
// and a reason, never content.
package line

import (
	"maps"
	"slices"
	"time"

	"gallra.se/libs/calendar"
	"gallra.se/libs/nationalid"
	"gallra.se/libs/policy"
	"gallra.se/libs/problem"
	"gallra.se/libs/strict"
)

// The kinds of lines.
const (
	PersonRegistered   = "person.registered"
	PersonDeregistered = "person.deregistered"
	PersonCorrected    = "person.corrected"
	CaseOpened         = "case.opened"
	CaseClosed         = "case.closed"
	CaseReopened       = "case.reopened"
)

// Recruitment is the type of case that people apply in.
const Recruitment = "recruitment"

// Representatives is, in a policy pack, that cases of a type are about an organisation and hold who speaks for it.
const Representatives = "representatives"

// BeginsAlone says whether a case of a type begins with nobody: people join it later, by number and name.
func BeginsAlone(p *policy.Pack, caseType string) bool {
	t, _ := p.CaseType(caseType)
	return caseType == Recruitment || t.Persons == Representatives
}

// Deregistered is the event whose day may be corrected.
const Deregistered = "deregistered"

// keys each kind may have besides id, kind, at and authority; true: must have.
var keys = map[string]map[string]bool{
	PersonRegistered:   {"person": true, "effective": false},
	PersonDeregistered: {"nationalId": true, "effective": true, "reason": true},
	PersonCorrected:    {"nationalId": true, "event": true, "effective": true, "reason": true},
	CaseOpened:         {"case": true, "type": true, "persons": true},
	CaseClosed:         {"case": true, "effective": true, "reason": true},
	CaseReopened:       {"case": true, "effective": true, "reason": true},
}

// Line is a line that was found possible.
type Line struct {
	SourceID    string
	Kind        string
	Authority   string
	Pack        *policy.Pack
	At          time.Time     // UTC, business time
	EffectiveOn calendar.Date // the decision's day; the day of At where none was given
	Reason      string
	Person      nationalid.ID     // person.*
	Fields      map[string]string // person.registered: what may be stored in some situation, without nationalId
	Persons     []nationalid.ID   // case.opened; none: a recruitment
	Number      string            // case.*: the authority's own case number
	CaseType    string            // case.opened
	Dropped     []string          // names of fields that the pack does not let in
	Canonical   []byte            // the whole line in one form, for the fingerprint
	members     strict.Members
}

// PolicyVersion is the version of the pack in force on the day of the line.
func (l Line) PolicyVersion() string { return l.Pack.VersionOn(l.Pack.Today(l.At)) }

// Rules is what a line is judged by.
type Rules struct {
	Packs     *policy.Set
	Simulated bool // then only test numbers are let in (D9)
}

// Judge decodes a line and judges it at a business time.
func (r Rules) Judge(raw []byte, now time.Time) (Line, error) {
	members, canonical, err := strict.Line(raw)
	if err != nil {
		return Line{}, err
	}
	l := Line{members: members, Canonical: canonical}
	for _, step := range []func() error{
		func() error { return l.knownKind() },
		func() error { return l.pack(r.Packs) },
		func() error { return l.knownKeys() },
		func() error { return l.times(now) },
		func() error { return l.texts() },
		func() error { return l.persons(r.Simulated) },
		func() error { return l.alive() },
	} {
		if err := step(); err != nil {
			return Line{}, err
		}
	}
	return l, nil
}

// text reads a top-level string.
func (l *Line) text(name string) (string, error) {
	value, ok := l.members[name]
	if !ok || value.Kind() == 'n' {
		return "", problem.OnField("missing-field", name)
	}
	s, err := strict.TextOf(name, value)
	if err == nil && s == "" {
		err = problem.OnField("missing-field", name)
	}
	return s, err
}

func (l *Line) knownKind() (err error) {
	if l.Kind, err = l.text("kind"); err != nil {
		return err
	}
	if keys[l.Kind] == nil {
		return problem.New("unknown-kind")
	}
	return nil
}

func (l *Line) pack(packs *policy.Set) (err error) {
	if l.Authority, err = l.text("authority"); err != nil {
		return err
	}
	pack, ok := packs.Pack(l.Authority)
	if !ok {
		return problem.New("unknown-authority")
	}
	// An authority whose notices promise nothing about persons holds none.
	if !pack.Says("person.identity") {
		return problem.New("unknown-kind")
	}
	l.Pack = pack
	return nil
}

func (l *Line) knownKeys() error {
	allowed := keys[l.Kind]
	for _, name := range []string{"id", "at"} {
		if _, err := l.text(name); err != nil {
			return err
		}
	}
	for _, name := range slices.Sorted(maps.Keys(l.members)) { // the same line is refused alike each time
		if _, ok := allowed[name]; !ok && name != "id" && name != "kind" && name != "at" && name != "authority" {
			return strict.Unknown(name)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(allowed)) {
		if value, ok := l.members[name]; allowed[name] && (!ok || value.Kind() == 'n') {
			return problem.OnField("missing-field", name)
		}
	}
	return nil
}
