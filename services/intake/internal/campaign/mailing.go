// Package campaign judges mailings: by what their receivers may be chosen (AFG-28, AFG-29, AFG-30), and who has objected to
// them, which is absolute (L-20). It is pure; of a receiver it makes what an objection is found by, and nothing else.
package campaign

import (
	"regexp"
	"slices"
	"strings"
	"time"

	"gallra.se/libs/calendar"
	"gallra.se/libs/nationalid"
	"gallra.se/libs/policy"
	"gallra.se/libs/problem"
	"gallra.se/libs/strict"
	"gallra.se/services/intake/internal/contact"
)

// Given is a mailing as it came.
type Given struct {
	ID         string   `json:"id"`
	Name       string   `json:"name"`
	Audience   string   `json:"audience"` // persons (the default) or employers
	Inputs     []string `json:"inputs"`   // codes of what its receivers are chosen by
	Recipients []Person `json:"recipients"`
	At         string   `json:"at"` // RFC 3339; empty: now
}

// Person is whom a mailing goes to or who objects to it, by number, by address, or by both.
type Person struct {
	NationalID string `json:"nationalId"`
	Email      string `json:"email"`
}

// Audiences of a mailing; each has inputs of its own.
const (
	Persons   = "persons"
	Employers = "employers"
)

// Mailing is one that may go out, to those of its receivers who have not objected.
type Mailing struct {
	ID, Name, Audience string
	Inputs             []string // sorted, each once
	At                 time.Time
	Recipients         []Person // in the form in which an objection is found
}

// Read takes a mailing apart, or refuses it: too-large, not-json, unknown-field, invalid-field.
func Read(raw []byte) (g Given, err error) {
	if len(raw) > strict.MaxLine {
		return g, problem.New("too-large")
	}
	return g, strict.Decode(raw, &g)
}

// code is how mailings are called: the name stands in answers and in each opening and click, so it can hold nothing of a
// person.
var code = regexp.MustCompile(`^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$`)

const longestTitle = 100

// Judge refuses a mailing whose receivers are chosen by something that is not on the list, or returns it.
func (g Given) Judge(pack *policy.Pack, now time.Time, simulated bool) (Mailing, error) {
	rules, ok := pack.Campaign()
	if !ok {
		return Mailing{}, problem.New("unknown-channel") // the authority's notice knows no mailings
	}
	m := Mailing{ID: g.ID, Name: g.Name, Audience: g.Audience, At: now}
	if err := m.named(pack, now); err != nil {
		return Mailing{}, err
	}
	if g.At != "" {
		at, err := contact.Moment("at", g.At, now)
		if err != nil {
			return Mailing{}, err
		}
		m.At = at
	}
	if err := m.choose(g.Inputs, rules); err != nil {
		return Mailing{}, err
	}
	return m, m.address(g.Recipients, pack, simulated)
}

func (m *Mailing) named(pack *policy.Pack, now time.Time) error {
	today := pack.Today(now)
	switch {
	case m.ID == "":
		return problem.OnField("missing-field", "id")
	case !code.MatchString(m.ID), nationalid.Within(pack.Country, m.ID, today):
		return problem.OnField("invalid-field", "id")
	case nationalid.Within(pack.Country, m.Name, today), strings.Contains(m.Name, "@"):
		return problem.OnField("invalid-field", "name")
	}
	if err := strict.Fits("name", m.Name, longestTitle); err != nil {
		return err
	}
	return strict.CleanLine("name", m.Name)
}

// choose keeps the inputs, if all of them are on the audience's list.
func (m *Mailing) choose(inputs []string, rules policy.Campaign) error {
	allowed := rules.Inputs
	switch m.Audience {
	case "":
		m.Audience = Persons
	case Persons:
	case Employers:
		allowed = rules.EmployerInputs
	default:
		return problem.OnField("invalid-field", "audience")
	}
	for _, input := range inputs {
		if !slices.Contains(allowed, input) {
			return problem.ByRule("denied", rules.Requirement)
		}
	}
	m.Inputs = slices.Compact(slices.Sorted(slices.Values(inputs)))
	return nil
}

func (m *Mailing) address(recipients []Person, pack *policy.Pack, simulated bool) error {
	if len(recipients) == 0 {
		return problem.OnField("missing-field", "recipients")
	}
	day := calendar.DateOf(m.At, pack.Zone)
	for _, given := range recipients {
		known, err := given.Known(pack, day, simulated)
		if err != nil {
			return err
		}
		m.Recipients = append(m.Recipients, known)
	}
	return nil
}

// longestAddress is that of RFC 5321 section 4.5.3.1.
const longestAddress = 254

var address = regexp.MustCompile(`^[^\s@<>"(),:;\\]+@[^\s@<>"(),:;\\]+\.[^\s@<>"(),:;\\]+$`)

// Known is the person in the one form that objections are kept and looked for in.
func (p Person) Known(pack *policy.Pack, day calendar.Date, simulated bool) (Person, error) {
	known := Person{Email: strings.ToLower(p.Email)}
	if p.NationalID == "" && p.Email == "" {
		return known, problem.OnField("missing-field", "nationalId")
	}
	if p.NationalID != "" {
		id, err := nationalid.ParseOn(pack.Country, strings.ReplaceAll(p.NationalID, " ", ""), day)
		if err != nil || simulated && !id.IsTest() {
			return known, problem.OnField("invalid-national-id", "nationalId")
		}
		known.NationalID = id.Canonical()
	}
	if p.Email == "" {
		return known, nil
	}
	if !address.MatchString(p.Email) || len(p.Email) > longestAddress {
		return known, problem.OnField("invalid-field", "email")
	}
	return known, strict.CleanLine("email", p.Email)
}

// Marks are what an objection of the person is found by: one for the number, one for the address.
func (p Person) Marks() (marks [][]byte) {
	for kind, text := range map[string]string{"nationalId": p.NationalID, "email": p.Email} {
		if text != "" {
			marks = append(marks, []byte(kind+"\x00"+text))
		}
	}
	return marks
}
