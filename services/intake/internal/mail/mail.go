// Package mail judges an officer's mail to somebody before it goes out: mail that is not encrypted says nothing of
// somebody's own matter where the authority has promised so (TES-15, KSC-28). It sends nothing.
package mail

import (
	"time"

	"gallra.se/libs/nationalid"
	"gallra.se/libs/policy"
	"gallra.se/libs/problem"
	"gallra.se/libs/strict"
	"gallra.se/services/intake/internal/contact"
)

// ChannelName is the channel of a policy pack that mail is kept by.
const ChannelName = "email"

// Given is a mail as an officer writes it.
type Given struct {
	ID        string  `json:"id"` // the sender's own, for idempotency
	At        string  `json:"at"` // RFC 3339
	Person    *Person `json:"person"`
	Encrypted bool    `json:"encrypted"`
	About     string  `json:"about"` // case: the person's own matter; general
	Text      string  `json:"text"`
	To        string  `json:"to"` // address; may be left out

	canonical []byte
}

// Person is whom the mail is to.
type Person struct {
	NationalID string `json:"nationalId"`
	Name       string `json:"name"`
}

// What a mail is about.
const (
	AboutCase    = "case"
	AboutGeneral = "general"
)

// Read takes a body apart; it refuses with not-json, unknown-field, invalid-field or missing-field.
func Read(body []byte) (g Given, err error) {
	if err := strict.Decode(body, &g); err != nil {
		return g, err
	}
	if _, g.canonical, err = strict.Line(body); err != nil {
		return g, err
	}
	if g.Person == nil {
		return g, problem.OnField("missing-field", "person")
	}
	for _, field := range []struct{ name, text string }{{"id", g.ID}, {"at", g.At}, {"nationalId", g.Person.NationalID}, {"about", g.About}, {"text", g.Text}} {
		if field.text == "" {
			return g, problem.OnField("missing-field", field.name)
		}
	}
	if g.About != AboutCase && g.About != AboutGeneral {
		return g, problem.OnField("invalid-field", "about")
	}
	return g, nil
}

// Allowed refuses what may not go out unencrypted: what is about the person's own matter, and whatever has a national number
// in it.
func (g Given) Allowed(pack *policy.Pack, now time.Time) error {
	requirement, restricted := pack.PlainMail()
	if !restricted || g.Encrypted {
		return nil
	}
	if g.About == AboutCase || nationalid.Holds(g.Text, pack.Today(now)) {
		return problem.ByRule("denied", requirement)
	}
	return nil
}

// officer is the source of what an officer wrote, at an authority that tells the two apart.
const officer = "adviser"

// Kept is the mail as a contact of its own, to be judged and minimised like any other.
func (g Given) Kept(pack *policy.Pack) contact.Given {
	fields := map[string]string{"nationalId": g.Person.NationalID, "text": g.Text}
	if g.Person.Name != "" {
		fields["name"] = g.Person.Name
	}
	if g.To != "" {
		fields["email"] = g.To
	}
	kept := contact.Given{ID: "mail/" + g.ID, Kind: "contact", Authority: pack.Authority, Channel: ChannelName, At: g.At, EndedAt: g.At, Identified: true,
		Fields: fields, Canonical: g.canonical, Present: map[string]bool{"id": true, "kind": true, "authority": true, "channel": true, "at": true,
			"endedAt": true, "identified": true, "fields": true}}
	if pack.Channels[ChannelName].MayComeFrom(officer) {
		kept.Source, kept.Present["source"] = officer, true
	}
	return kept
}
