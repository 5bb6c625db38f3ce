// Package finance judges invoices: the finance system holds suppliers and customers, and who performed a service by name
// (AFG-22, AFG-23), but nothing of those who take part in what was bought (AFG-24). It is pure.
package finance

import (
	"maps"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/go-json-experiment/json/jsontext"

	"gallra.se/libs/calendar"
	"gallra.se/libs/nationalid"
	"gallra.se/libs/policy"
	"gallra.se/libs/problem"
	"gallra.se/libs/strict"
	"gallra.se/services/intake/internal/contact"
)

// Given is an invoice as it came.
type Given struct {
	ID          string                    `json:"id"`
	Supplier    Supplier                  `json:"supplier"`
	PerformedBy string                    `json:"performedBy"` // name of who did it
	Fields      map[string]jsontext.Value `json:"fields"`      // texts and numbers
	At          string                    `json:"at"`          // RFC 3339

	canonical []byte
}

// Supplier is who is paid: a company, or a sole trader, whose company number is a personal one.
type Supplier struct {
	Name      string `json:"name"`
	OrgNumber string `json:"orgNumber"`
}

// Read takes an invoice apart, or refuses it: too-large, not-json, unknown-field, invalid-field.
func Read(raw []byte) (g Given, err error) {
	_, canonical, err := strict.Line(raw)
	if err != nil {
		return g, err
	}
	if err := strict.Decode(raw, &g); err != nil {
		return g, err
	}
	g.canonical = canonical
	return g, nil
}

// Channel is how such a record says that it came.
const Channel = "invoice"

// Source is who an invoice comes from.
const Source = "supplier"

// free is the one field that is read, to see that no participant is in it, and dropped.
const free = "text"

// Judge refuses an invoice with a participant in it, citing the pack's requirement, or returns what of it may exist.
func (g Given) Judge(pack *policy.Pack, now time.Time, simulated bool) (contact.Contact, error) {
	rules, ok := pack.Finance()
	if !ok {
		return contact.Contact{}, problem.New("unknown-channel") // the authority's notice knows no invoices
	}
	at, err := g.complete(now)
	if err != nil {
		return contact.Contact{}, err
	}
	day := calendar.DateOf(at, pack.Zone)
	texts, err := g.texts(pack, rules)
	if err != nil {
		return contact.Contact{}, err
	}
	for _, name := range slices.Sorted(maps.Keys(texts)) {
		if nationalid.Within(pack.Country, texts[name], day) {
			return contact.Contact{}, participant(rules, name)
		}
	}
	number, err := company(pack, g.Supplier.OrgNumber, day, simulated)
	if err != nil {
		return contact.Contact{}, err
	}
	texts["orgNumber"] = number
	return g.record(pack, rules, texts, at, day, now), nil
}

func (g Given) complete(now time.Time) (time.Time, error) {
	for name, text := range map[string]string{"id": g.ID, "name": g.Supplier.Name, "orgNumber": g.Supplier.OrgNumber} {
		if text == "" {
			return time.Time{}, problem.OnField("missing-field", name)
		}
		if err := oneLine(name, text); err != nil {
			return time.Time{}, err
		}
	}
	return contact.Moment("at", g.At, now)
}

// texts are the values of the invoice by name. A field that says something of a person, and is not among those that an
// invoice has, is a participant's.
func (g Given) texts(pack *policy.Pack, rules policy.Finance) (map[string]string, error) {
	texts := map[string]string{"name": g.Supplier.Name}
	if g.PerformedBy != "" {
		name, err := strict.PersonName("performedBy", g.PerformedBy)
		if err != nil {
			return nil, err
		}
		texts["performedBy"] = name
	}
	for _, name := range slices.Sorted(maps.Keys(g.Fields)) {
		own := name == "name" || name == "orgNumber" || name == "performedBy"
		switch {
		case own:
			return nil, problem.OnField("invalid-field", name) // they have places of their own
		case name == free || slices.Contains(rules.Store, name):
		case pack.KnownField(name):
			return nil, participant(rules, name)
		default:
			return nil, strict.Unknown(name)
		}
		text, err := scalar(name, g.Fields[name])
		if err != nil {
			return nil, err
		}
		texts[name] = text
	}
	return texts, nil
}

// participant refuses, by the requirement that keeps participants out.
func participant(rules policy.Finance, field string) error {
	p := problem.OnField("invalid-field", field)
	p.Rule = rules.ParticipantRequirement
	return p
}

func scalar(name string, value jsontext.Value) (string, error) {
	if value.Kind() == '0' {
		return value.String(), nil
	}
	text, err := strict.TextOf(name, value)
	if err != nil {
		return "", err
	}
	if err := strict.Fits(name, text, strict.MaxText); err != nil {
		return "", err
	}
	return text, strict.Clean(name, text)
}

func oneLine(name, text string) error {
	if err := strict.Fits(name, text, strict.MaxName); err != nil {
		return err
	}
	return strict.CleanLine(name, text)
}

var companyNumber = regexp.MustCompile(`^(?:16)?[0-9]{2}[2-9][0-9]{3}-?[0-9]{4}$`)

// company reads a company number, or the personal number that a sole trader has instead: as a customer's it stays (AFG-23).
func company(pack *policy.Pack, number string, day calendar.Date, simulated bool) (string, error) {
	if companyNumber.MatchString(number) {
		return number, nil
	}
	id, err := nationalid.ParseOn(pack.Country, strings.ReplaceAll(number, " ", ""), day)
	if err != nil || simulated && !id.IsTest() {
		return "", problem.OnField("invalid-field", "orgNumber")
	}
	return id.Canonical(), nil
}

func (g Given) record(pack *policy.Pack, rules policy.Finance, texts map[string]string, at time.Time, day calendar.Date, now time.Time) contact.Contact {
	c := contact.Contact{SourceID: Channel + "\x00" + g.ID, Authority: pack.Authority, Channel: Channel, Category: rules.Category,
		Policy: pack.VersionOn(pack.Today(now)), Notice: pack.Notice, At: at, EndedAt: at, EndedOn: day, Fingerprint: g.canonical,
		Fields: map[string]string{}, Stored: []string{}, Dropped: []string{}}
	kind, _ := pack.CaseType("finance")
	c.Stamp = contact.StampOf(pack, rules.Category, Source, kind.LegalBasis, day)
	for _, name := range slices.Sorted(maps.Keys(texts)) {
		if !slices.Contains(rules.Store, name) {
			c.Dropped = append(c.Dropped, name)
			continue
		}
		c.Fields[name] = texts[name]
		c.Stored = append(c.Stored, name)
	}
	return c
}
