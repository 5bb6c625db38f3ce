package contact

import (
	"maps"
	"slices"
	"time"

	"gallra.se/libs/calendar"
	"gallra.se/libs/policy"
	"gallra.se/libs/problem"
)

// Packs knows every authority's promises.
type Packs interface {
	Pack(authority string) (*policy.Pack, bool)
}

// Rules is what a line is judged by.
type Rules struct {
	Packs     Packs
	Simulated bool // a simulated deployment takes test numbers only
}

// kind is the one that intake takes; the others are case-linker's.
const kind = "contact"

// Judge refuses the line with the first reason that applies, in the order of the
// input contract, or returns what of it may exist.
func (r Rules) Judge(g Given, now time.Time) (Contact, error) {
	pack, channel, err := r.route(g)
	if err != nil {
		return Contact{}, err
	}
	for _, check := range []func() error{
		func() error { return g.unknownField(pack) },
		g.misshapen,
		func() error { return g.missingField(channel) },
		func() error { return r.nationalID(g, pack, channel) },
		func() error { return g.invalidTime(now) },
		g.invalidText,
		g.tooLarge,
		func() error { return g.linked(channel) },
		func() error { return g.unknownSource(pack, channel) },
		func() error { return g.unknownService(pack, channel) },
		func() error { return g.unknownMailing(channel) },
	} {
		if err := check(); err != nil {
			return Contact{}, err
		}
	}
	return minimise(g, pack, channel, now)
}

func (r Rules) route(g Given) (*policy.Pack, policy.Channel, error) {
	none := policy.Channel{}
	for _, name := range []string{"kind", "authority"} {
		if !g.Present[name] {
			return nil, none, problem.OnField("missing-field", name)
		}
	}
	if g.Kind != kind {
		return nil, none, problem.New("unknown-kind")
	}
	pack, ok := r.Packs.Pack(g.Authority)
	if !ok {
		return nil, none, problem.New("unknown-authority")
	}
	if !g.Present["channel"] {
		return nil, none, problem.OnField("missing-field", "channel")
	}
	channel, ok := pack.Channels[g.Channel]
	if !ok {
		return nil, none, problem.New("unknown-channel")
	}
	return pack, channel, nil
}

// Contact is what of a line may exist. It is made by Judge, and by the judges of the doors beside it.
type Contact struct {
	SourceID   string // the sender's id, for idempotency
	Authority  string
	Channel    string
	Category   string
	Counter    string // month's counter of the channel: "calls/2024-01"; empty for none
	Policy     string // the version in force on the day it came
	Notice     policy.Notice
	Identified bool
	Unlinked   bool // never linked to a person or case
	At         time.Time
	StartedAt  time.Time // zero when not told
	EndedAt    time.Time
	EndedOn    calendar.Date // D0, in the authority's zone
	Line       string
	Service    string
	Campaign   string // of an opening or a click; that there was such a mailing is not said by it
	Consent    bool
	Stamp      Stamp
	Fields     map[string]string // whitelisted ones only
	Stored     []string          // names of fields and facts that are kept
	Dropped    []string          // names of fields that are not
	Note       *Note             // only if it is relevant to a case of somebody identified
	Document   *Contact          // the official document that came with it; nil where there is none

	Fingerprint []byte // what a repeat must equal; covers also what was dropped
}

// Note goes to a case, never into the contact's own record (AFC-08).
type Note struct{ Case, Text, NationalID string }

// Person is the national number of whom the contact is to be linked to; empty where
// nobody may be looked for: who did not say who they are (AFC-02), and channels that
// are never linked (AFG-34).
func (c Contact) Person() string {
	if !c.Identified || c.Unlinked {
		return ""
	}
	return c.Fields[nationalIDField]
}

// StoresNothing says that a contact leaves only a counter (AFC-28).
func (c Contact) StoresNothing() bool { return c.Category == "" }

// minimise keeps what the channel's whitelist has and names what it drops.
func minimise(g Given, pack *policy.Pack, channel policy.Channel, now time.Time) (Contact, error) {
	at, started, ended := g.times()
	c := Contact{
		SourceID: g.ID, Authority: pack.Authority, Channel: channel.Name, Policy: pack.VersionOn(pack.Today(now)), Notice: pack.Notice,
		Identified: g.Identified, Unlinked: channel.Unlinked, Service: g.Service, Consent: g.Consent, At: at, StartedAt: started, EndedAt: ended,
		EndedOn: calendar.DateOf(ended, pack.Zone), Fields: map[string]string{}, Fingerprint: g.Canonical,
		Stored: []string{}, Dropped: []string{},
	}
	if channel.Counter != "" {
		c.Counter = channel.Counter + "/" + c.EndedOn.String()[:len("2006-01")]
	}
	if channel.StoresNothing {
		return c, nil
	}
	if g.declined(channel) {
		return c.dropAll(g), nil
	}
	c.Category = g.categoryOf(pack, channel)
	if channel.Name == MailCampaign {
		c.Campaign = g.campaign()
	}
	c.Stamp = StampOf(pack, c.Category, g.source(), c.laws(pack, channel), c.EndedOn)
	c.keep(g, channel, g.mayKeep(pack, channel))
	if text, kept := c.Fields[nationalIDField]; kept {
		id, err := parseID(text, g, pack)
		if err != nil {
			return Contact{}, problem.OnField("invalid-national-id", nationalIDField)
		}
		c.Fields[nationalIDField] = id.Canonical() // the one form that is kept and sent on
	}
	if g.Note != nil && g.Note.Relevant && g.Identified {
		c.Note = &Note{Case: g.Note.Case, Text: g.Note.Text, NationalID: c.Fields[nationalIDField]}
	}
	return c.apart(pack, channel, g.source()), nil
}

func (c *Contact) keep(g Given, channel policy.Channel, may func(field string) bool) {
	for _, name := range slices.Sorted(maps.Keys(g.Fields)) {
		if may(name) {
			c.Fields[name] = Composed(name, g.Fields[name])
			c.Stored = append(c.Stored, name)
		} else {
			c.Dropped = append(c.Dropped, name)
		}
	}
	for _, fact := range channel.Facts {
		if !g.Present[fact] {
			continue
		}
		c.Stored = append(c.Stored, fact)
		if fact == "line" {
			c.Line = g.Line
		}
	}
}
