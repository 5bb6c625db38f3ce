package credentials

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"gallra.se/events"
)

// Partner is a system of somebody else and all that it was given.
type Partner struct {
	Name      string  `json:"name"`
	Publish   []Grant `json:"publish,omitempty"`   // kinds of lines that it may hand in
	Subscribe []Grant `json:"subscribe,omitempty"` // event types that it may read

	TokensUntil time.Time `json:"tokensUntil,omitzero"` // when the last of its bearer tokens ends
}

// Grant is one thing of one authority: AUTHORITY/contact, AUTHORITY/case.closed.v1.
type Grant struct{ Authority, What string }

func (g Grant) String() string { return g.Authority + "/" + g.What }

// MarshalText writes the form of the command line.
func (g Grant) MarshalText() ([]byte, error) { return []byte(g.String()), nil }

// UnmarshalText reads it.
func (g *Grant) UnmarshalText(text []byte) (err error) {
	*g, err = ParseGrant(string(text))
	return err
}

// token is what may stand between the dots of a subject without meaning anything there.
var token = regexp.MustCompile(`^[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*$`)

// ParseGrant reads AUTHORITY/WHAT, neither of which may be a pattern.
func ParseGrant(text string) (Grant, error) {
	authority, what, found := strings.Cut(text, "/")
	if !found || !token.MatchString(authority) || !token.MatchString(what) || strings.Contains(authority, ".") {
		return Grant{}, fmt.Errorf("%q is not AUTHORITY/WHAT in lower case", text)
	}
	return Grant{authority, what}, nil
}

// partnerName keeps a name usable as a file, an account and a consumer.
var partnerName = regexp.MustCompile(`^[a-z0-9]([a-z0-9-]{0,38}[a-z0-9])?$`)

// CheckName says what a partner's name must be like.
func CheckName(name string) error {
	if !partnerName.MatchString(name) {
		return fmt.Errorf("%q is no name for a partner: want 1 to 40 of a-z, 0-9 and dashes between them", name)
	}
	return nil
}

// User is the partner's login. Its account is its own, and so is any inbox there: the one
// that clients use unless told otherwise, or one that bears its name.
func (p Partner) User() User {
	return User{Name: p.login(), Account: p.Account(), Outside: true, Publish: locals(p.imports()),
		Subscribe: []string{"_INBOX.>", InboxPrefix(p.login()) + ".>"}}
}

// Account is the partner's account at the nats-server.
func (p Partner) Account() string { return "PARTNER-" + p.Name }

func (p Partner) login() string { return "partner-" + p.Name }

// Reader is a durable consumer that is made for a partner. The partner can read by it, and
// neither change it nor make another (docs/adr/0009).
type Reader struct {
	Stream  string   `json:"stream"`
	Name    string   `json:"name"`
	Filters []string `json:"filters"`
}

// Readers are what the partner reads by, one for each stream.
func (p Partner) Readers() []Reader {
	var all []Reader
	for _, grant := range p.Subscribe {
		for _, source := range sourcesOf(grant.What) {
			i := slices.IndexFunc(all, func(r Reader) bool { return r.Stream == source.Stream })
			if i < 0 {
				i, all = len(all), append(all, Reader{Stream: source.Stream, Name: p.login()})
			}
			all[i].Filters = append(all[i].Filters, "ev."+grant.Authority+"."+source.Context+".*."+grant.What)
		}
	}
	return all
}

// sourcesOf are the producers of an event: case.closed.v1.
func sourcesOf(event string) []events.Source {
	for _, entry := range events.Catalogue {
		if entry.Name() == event {
			return entry.Sources
		}
	}
	return nil
}

// imports are what reaches another account from the partner's: its kinds of lines, and of
// JetStream what reading takes.
func (p Partner) imports() []Import {
	var all []Import
	for _, grant := range p.Publish {
		all = append(all, Import{From: AccountCore, Subject: "in." + grant.Authority + "." + grant.What})
	}
	for _, reader := range p.Readers() {
		of := reader.Stream + "." + reader.Name
		all = append(all,
			Import{From: AccountCore, Subject: "$JS.API.CONSUMER.INFO." + of},
			Import{From: AccountCore, Subject: "$JS.API.CONSUMER.MSG.NEXT." + of, Stream: true},
			Import{From: AccountCore, Subject: "$JS.ACK." + of + ".>"})
	}
	return all
}
