// Package line takes a person.* or case.* line of the input contract apart, strictly, and judges it: one JSON object in
// UTF-8, no name twice, no key that its kind does not have, every value possible. It is pure; a refusal names a field
// and a reason, never content.
package line

import (
	"strings"
	"time"
	"unicode/utf8"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"gallra.se/libs/calendar"
	"gallra.se/libs/nationalid"
	"gallra.se/libs/policy"
	"gallra.se/libs/problem"
)

// MaxSize is how many bytes a line may have.
const MaxSize = 1 << 20

// The kinds of lines.
const (
	PersonRegistered   = "person.registered"
	PersonDeregistered = "person.deregistered"
	CaseOpened         = "case.opened"
	CaseClosed         = "case.closed"
	CaseReopened       = "case.reopened"
)

// keys each kind may have besides id, kind, at and authority; true: must have.
var keys = map[string]map[string]bool{
	PersonRegistered:   {"person": true, "effective": false},
	PersonDeregistered: {"nationalId": true, "effective": true, "reason": true},
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
	Fields      map[string]string // person.registered: what may be stored, without nationalId
	Persons     []nationalid.ID   // case.opened
	Number      string            // case.*: the authority's own case number
	CaseType    string            // case.opened
	Dropped     []string          // names of fields that the pack does not let in
	Canonical   []byte            // the whole line in one form, for the fingerprint
	members     map[string]jsontext.Value
}

// Rules is what a line is judged by.
type Rules struct {
	Packs     *policy.Set
	Simulated bool // then only test numbers are let in (D9)
}

// Judge decodes a line and judges it at a business time.
func (r Rules) Judge(raw []byte, now time.Time) (Line, error) {
	l, err := decode(raw)
	if err != nil {
		return Line{}, err
	}
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

func decode(raw []byte) (Line, error) {
	if len(raw) > MaxSize {
		return Line{}, problem.New("too-large")
	}
	var l Line
	if !utf8.Valid(raw) || json.Unmarshal(raw, &l.members) != nil || l.members == nil {
		return Line{}, problem.New("not-json")
	}
	canonical := jsontext.Value(raw).Clone()
	if canonical.Canonicalize() != nil {
		return Line{}, problem.New("not-json")
	}
	l.Canonical = canonical
	return l, nil
}

// text reads a top-level string.
func (l *Line) text(name string) (string, error) {
	value, ok := l.members[name]
	if !ok || value.Kind() == 'n' {
		return "", problem.OnField("missing-field", name)
	}
	var s string
	if value.Kind() != '"' || json.Unmarshal(value, &s) != nil {
		return "", problem.OnField("invalid-field", name)
	}
	if s == "" {
		return "", problem.OnField("missing-field", name)
	}
	return s, nil
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
	if _, ok := pack.RuleFor("person.identity"); !ok {
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
	for name, value := range l.members {
		if _, ok := allowed[name]; !ok && name != "id" && name != "kind" && name != "at" && name != "authority" {
			return unknownField(name)
		}
		_ = value
	}
	for name, must := range allowed {
		if value, ok := l.members[name]; must && (!ok || value.Kind() == 'n') {
			return problem.OnField("missing-field", name)
		}
	}
	return nil
}

// unknownField repeats a name only if it cannot be content.
func unknownField(name string) error {
	plain := len(name) <= 64 && strings.IndexFunc(name, func(r rune) bool {
		return r != '_' && (r < 'A' || r > 'Z') && (r < 'a' || r > 'z')
	}) < 0
	if !plain {
		return problem.New("unknown-field")
	}
	return problem.OnField("unknown-field", name)
}
